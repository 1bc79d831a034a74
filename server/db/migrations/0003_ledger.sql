-- What happened: receipts, changes and the audit are only ever added to. And what arrives from devices.

-- How far each device has come. Locked first in every push, so that a device is served one push at a time.
create table app.device_cursor (
  practice_id uuid not null,
  device_id uuid not null,
  last_seq bigint not null default 0 check (last_seq >= 0),
  last_seen_at timestamptz not null default now(),
  build text,
  primary key (practice_id, device_id)
) with (fillfactor = 70);

-- The word given on each command. The sealed command itself is kept for what was not applied.
create table app.receipt (
  practice_id uuid not null,
  device_id uuid not null,
  seq bigint not null check (seq > 0),
  command_id uuid not null,
  args_hash text not null,
  status text not null check (status in ('applied', 'conflict', 'rejected')),
  rev bigint not null,
  refusal jsonb,
  conflicts integer not null default 0,
  command_name text,
  sealed bytea,
  received_at timestamptz not null default now(),
  -- Its id had come before under another number or from another device: refused, and the number used up.
  disputed boolean not null default false,
  primary key (practice_id, device_id, seq),
  check ((status = 'rejected') = (refusal is not null)),
  check (status <> 'rejected' or sealed is not null)
);
create unique index receipt_command on app.receipt (practice_id, command_id) where not disputed;

-- The same number with other content. Its number has its receipt already, so it is kept here and nothing is lost.
create table app.disputed_command (
  practice_id uuid not null,
  device_id uuid not null,
  seq bigint not null,
  args_hash text not null,
  command_id uuid not null,
  sealed bytea not null,
  received_at timestamptz not null default now(),
  primary key (practice_id, device_id, seq, args_hash)
);

-- Every row as each revision left it: what devices pull.
create table app.change (
  practice_id uuid not null,
  rev bigint not null check (rev > 0),
  ord integer not null,
  entity text not null,
  entity_id uuid not null,
  patient_id uuid,
  body jsonb not null,
  command_id uuid not null,
  primary key (practice_id, rev, ord)
);
create index on app.change (practice_id, entity, entity_id);

-- Human numbers without gaps.
create table app.number_series (
  practice_id uuid not null,
  kind text not null check (kind in ('mrn')),
  next bigint not null check (next > 0),
  primary key (practice_id, kind)
);

create table app.audit_event (
  practice_id uuid not null,
  id bigint generated always as identity,
  at timestamptz not null default now(),
  actor_kind text not null check (actor_kind in ('member', 'device', 'service', 'system')),
  actor_id uuid,
  actor_name text not null,
  role text,
  device_id uuid,
  action text not null,
  entity text,
  patient_id uuid,
  outcome text not null check (outcome in ('ok', 'conflict', 'refused')),
  detail jsonb,
  rev bigint,
  -- When, by the device's clock: for commands, and for what was read while offline.
  device_time timestamptz,
  primary key (practice_id, id)
);
create index on app.audit_event (practice_id, at);
create index on app.audit_event (practice_id, patient_id, at) where patient_id is not null;

-- Photos, by the hash of what the device sent. The derivative is what is shown.
create table app.attachment (
  practice_id uuid not null,
  hash text not null check (hash ~ '^[0-9a-f]{64}$'),
  media_type text not null,
  bytes bytea not null,
  derivative bytea,
  size bigint not null check (size >= 0),
  received_at timestamptz not null default now(),
  device_id uuid,
  primary key (practice_id, hash)
);
alter table app.attachment alter column bytes set storage external, alter column derivative set storage external;

grant select, insert, update on app.device_cursor, app.number_series to app_rw;
grant select, insert on app.receipt, app.disputed_command, app.change, app.audit_event, app.attachment to app_rw;
grant select, delete on app.change to app_maint;
grant select on all tables in schema app to app_backup;

-- The wall between practices, on every table there is. A table of a later migration must do the same for itself;
-- a test asks the catalogue.
do $$
declare
  t regclass;
begin
  for t in select oid::regclass from pg_class where relnamespace = 'app'::regnamespace and relkind in ('r', 'p') loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    -- After a transaction the setting is '' and not null, and '' is no uuid.
    execute format($policy$
      create policy practice on %s
        using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
        with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
    $policy$, t);
  end loop;
end $$;
