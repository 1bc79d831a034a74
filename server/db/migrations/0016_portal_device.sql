-- Devices of their own on which patients stay signed in, each after a code: until they sign out, or are not reached any
-- more by what the code went to.
create table app.portal_device (
  practice_id uuid not null,
  token_hash bytea not null,
  patient_ids uuid[] not null,
  contact_kind text not null check (contact_kind in ('phone', 'email')),
  contact text not null check (contact <> ''),
  language text not null check (language in ('en', 'es')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (practice_id, token_hash)
);
create index on app.portal_device (practice_id, expires_at);
create index on app.portal_device using gin (patient_ids);

grant select, insert, update, delete on app.portal_device to app_rw;
grant select on app.portal_device to app_backup;
alter table app.portal_device enable row level security;
alter table app.portal_device force row level security;
create policy practice on app.portal_device
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);

-- Where a code went, for as long as it is kept.
alter table app.portal_code
  add column contact_kind text check (contact_kind in ('phone', 'email')),
  add column contact text;
