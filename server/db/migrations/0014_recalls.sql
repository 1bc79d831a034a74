-- Who is to come again, about when, and how often they were told.
create type app.recall_contact as (at timestamptz, by text, way text, note text);

create table app.recall (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  site_id uuid not null,
  visit_type_id uuid,
  practitioner_id uuid,
  due_on date not null,
  why text not null check (btrim(why) <> ''),
  after_appointment_id uuid,
  asked_at timestamptz not null,
  asked_by text not null,
  contacts app.recall_contact[] not null,
  state text not null check (state in ('open', 'booked', 'declined', 'elsewhere', 'not_needed')),
  closed_at timestamptz,
  closed_by text,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, visit_type_id) references app.visit_type,
  foreign key (practice_id, practitioner_id) references app.practitioner,
  check ((state = 'open') = (closed_at is null) and (state = 'open') = (closed_by is null))
);
create index on app.recall (practice_id, patient_id);
create index on app.recall (practice_id, site_id) where state = 'open';
create index on app.recall (practice_id, visit_type_id);
create index on app.recall (practice_id, practitioner_id);

grant select, insert, update on app.recall to app_rw;
grant select on app.recall to app_backup;
alter table app.recall enable row level security;
alter table app.recall force row level security;
create policy practice on app.recall
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);

-- Patients are told of forms that they have still to fill in.
alter table app.notice_rule drop constraint notice_rule_kind_check;
alter table app.notice_rule add constraint notice_rule_kind_check
  check (kind in ('reminder', 'forms', 'follow_up', 'missed', 'recall'));

-- By which way a patient wants to be told.
alter table app.patient add column preferred_channel text
  check (preferred_channel in ('email', 'sms', 'letter', 'voice'));
