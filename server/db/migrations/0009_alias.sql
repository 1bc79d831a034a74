-- Records of one person that were joined, and how to take them apart again.
create type app.moved_row as (entity text, id uuid);
create type app.belonged as (site_ids uuid[], practitioner_ids uuid[]);
create type app.took_field as (field text, before jsonb, after jsonb);

create table app.patient_alias (
  practice_id uuid not null,
  -- The joined record's own id.
  id uuid not null,
  -- The record that survives.
  patient_id uuid not null,
  moved app.moved_row[] not null,
  took app.took_field[] not null,
  -- Where the survivor belonged before; nothing for the whole practice.
  belonged app.belonged,
  merged_by text not null,
  merged_at timestamptz not null,
  undone_by text,
  undone_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, id) references app.patient,
  foreign key (practice_id, patient_id) references app.patient,
  check (id <> patient_id),
  check ((undone_by is null) = (undone_at is null))
);
create index on app.patient_alias (practice_id, patient_id);

grant select, insert, update on app.patient_alias to app_rw;
grant select on app.patient_alias to app_backup;
alter table app.patient_alias enable row level security;
alter table app.patient_alias force row level security;
create policy practice on app.patient_alias
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);
