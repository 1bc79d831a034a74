-- Times that one device is to have every week; the server hands them out as the weeks come. The holder is a practitioner
-- or a resource, so it is named by value.
create table app.lease_rule (
  practice_id uuid not null,
  id uuid not null,
  holder_id uuid not null,
  site_id uuid not null,
  device_id uuid not null,
  weekdays integer[] not null,
  from_minute integer not null,
  until_minute integer not null,
  weeks_ahead integer not null,
  active boolean not null,
  again uuid[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, device_id) references app.device,
  check (from_minute >= 0 and until_minute > from_minute and until_minute <= 1440),
  check (cardinality(weekdays) > 0 and weekdays <@ array[1, 2, 3, 4, 5, 6, 7]),
  check (weeks_ahead between 1 and 26)
);
create index on app.lease_rule (practice_id, site_id);
create index on app.lease_rule (practice_id, device_id);

grant select, insert, update on app.lease_rule to app_rw;
grant select on app.lease_rule to app_backup;
alter table app.lease_rule enable row level security;
alter table app.lease_rule force row level security;
create policy practice on app.lease_rule
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);
