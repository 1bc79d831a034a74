-- What is needed before anyone is known to belong to a practice. Nothing here is about a patient, and so nothing
-- here is under row-level security. Secrets are kept as hashes only.
create schema if not exists directory;
grant usage on schema directory to app_rw, app_maint, app_backup;

create table directory.schema_info (
  one boolean primary key default true check (one),
  -- The oldest server that still works with this schema. An older one refuses to start.
  min_server integer not null
);
insert into directory.schema_info (min_server) values (1);

create table directory.practice (
  id uuid primary key,
  name text not null check (btrim(name) <> ''),
  created_at timestamptz not null default now()
);

-- The practice's revision: a counter under a lock, taken last, so that a reader can never miss a late commit.
create table directory.practice_head (
  practice_id uuid primary key references directory.practice,
  -- Another one means another history: the database was restored from a backup.
  epoch uuid not null,
  rev bigint not null default 0 check (rev >= 0),
  -- Changes up to here were compacted away.
  horizon bigint not null default 0 check (horizon between 0 and rev),
  -- Covered by a verified backup.
  durable_rev bigint not null default 0 check (durable_rev >= 0)
) with (fillfactor = 50);

create table directory.login (
  login text primary key check (login = lower(login) and btrim(login) <> ''),
  practice_id uuid not null references directory.practice,
  member_id uuid not null,
  password_hash text not null,
  active boolean not null default true
);
create index on directory.login (practice_id, member_id);

create table directory.session (
  token_hash bytea primary key,
  practice_id uuid not null references directory.practice,
  member_id uuid,
  device_id uuid not null,
  role text not null,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index on directory.session (practice_id, member_id);
create index on directory.session (expires_at);

create table directory.device_credential (
  token_hash bytea primary key,
  practice_id uuid not null references directory.practice,
  device_id uuid not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index on directory.device_credential (practice_id, device_id);

create table directory.enrolment_code (
  code_hash bytea primary key,
  practice_id uuid not null references directory.practice,
  site_id uuid,
  label text not null,
  kind text not null check (kind in ('kiosk', 'staff')),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on directory.enrolment_code (expires_at);

grant select, insert, update, delete on directory.login, directory.session, directory.device_credential,
  directory.enrolment_code to app_rw;
grant select, insert, update on directory.practice, directory.practice_head to app_rw;
grant select on directory.schema_info, directory._sqlx_migrations to app_rw;
grant select, delete on directory.session, directory.enrolment_code to app_maint;
grant select, update on directory.practice_head to app_maint;
grant select on all tables in schema directory to app_backup;
