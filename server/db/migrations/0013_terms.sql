-- On what terms each practitioner is booked: new patients, who must be there beside, and which payers may be billed.
create type app.enrolment as (
  payer_name text, payer_code text, site_ids uuid[], from_on date, until_on date
);

create table app.practitioner_terms (
  practice_id uuid not null,
  id uuid not null,
  accepts_new boolean not null,
  supervised_by uuid[] not null,
  enrolments app.enrolment[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, id) references app.practitioner
);

grant select, insert, update on app.practitioner_terms to app_rw;
grant select on app.practitioner_terms to app_backup;
alter table app.practitioner_terms enable row level security;
alter table app.practitioner_terms force row level security;
create policy practice on app.practitioner_terms
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);
