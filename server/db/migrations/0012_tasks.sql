-- What one colleague asks another to do.
create table app.task (
  practice_id uuid not null,
  id uuid not null,
  site_id uuid,
  patient_id uuid,
  appointment_id uuid,
  owner text not null check (owner in ('desk', 'nurse', 'practitioner', 'billing')),
  words text not null check (btrim(words) <> ''),
  urgent boolean not null,
  due_on date,
  state text not null check (state in ('open', 'done', 'dropped')),
  asked_at timestamptz not null,
  asked_by text not null,
  closed_at timestamptz,
  closed_by text,
  answer text,
  primary key (practice_id, id),
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, patient_id) references app.patient,
  check ((state = 'open') = (closed_at is null) and (state = 'open') = (closed_by is null))
);
create index on app.task (practice_id, patient_id);
create index on app.task (practice_id, site_id) where state = 'open';

grant select, insert, update on app.task to app_rw;
grant select on app.task to app_backup;
alter table app.task enable row level security;
alter table app.task force row level security;
create policy practice on app.task
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);
