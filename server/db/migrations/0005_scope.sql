-- Which rows go where, what was not applied, and snapshots for devices that begin.

-- Where a patient belongs. No row, or an empty one: the whole practice.
create table app.membership (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null check (patient_id = id),
  site_ids uuid[] not null,
  practitioner_ids uuid[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient
);

-- What was entered and not applied, until a person decides. Devices and people are named by value: what someone
-- entered must never be refused because a setting was lost in a restore.
create table app.tray_item (
  practice_id uuid not null,
  id uuid not null,
  command_id uuid not null,
  device_id uuid not null,
  site_id uuid,
  patient_id uuid,
  kind text not null check (kind in ('parked', 'refused', 'unreadable', 'disputed')),
  command text,
  version integer,
  args jsonb,
  refusal jsonb,
  entered_by text not null,
  member_id uuid,
  entered_at timestamptz not null,
  received_at timestamptz not null,
  state text not null check (state in ('open', 'applied', 'dropped')),
  decided_by text,
  decided_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  check ((state = 'open') = (decided_by is null) and (state = 'open') = (decided_at is null))
);
create index on app.tray_item (practice_id, patient_id);
create index on app.tray_item (practice_id, id) where state = 'open';

-- Answers about health of a submission that was not applied have no intake yet.
alter table app.questionnaire_response drop constraint questionnaire_response_practice_id_intake_id_fkey;
alter table app.questionnaire_response drop constraint questionnaire_response_practice_id_intake_id_key;
create index on app.questionnaire_response (practice_id, intake_id);

alter table app.conflict drop constraint conflict_state_check;
alter table app.conflict add check (state in ('open', 'kept_theirs', 'kept_mine', 'edited'));

alter table app.receipt drop constraint receipt_status_check;
alter table app.receipt add check (status in ('applied', 'conflict', 'rejected', 'parked'));
alter table app.receipt drop constraint receipt_check;
alter table app.receipt add check ((status in ('rejected', 'parked')) = (refusal is not null));
alter table app.receipt drop constraint receipt_check1;
alter table app.receipt add check (status not in ('rejected', 'parked') or sealed is not null);
alter table app.receipt add column tray_id uuid;

-- How far a device said it is: what it needs of the log, and how far behind it runs.
alter table app.device_cursor
  add column pulled_rev bigint,
  add column pulled_at timestamptz,
  add column unsent integer,
  add column scope text;

-- Who moved, since when: what a pull asks first.
create index change_membership on app.change (practice_id, rev) where entity = 'membership';
create index change_patient on app.change (practice_id, patient_id, rev) where entity = 'membership';

-- Everything of a scope at a revision, in compressed parts. Built once and shared by all devices of the scope.
create table app.snapshot (
  practice_id uuid not null,
  id uuid not null,
  epoch uuid not null,
  rev bigint not null,
  scope text not null,
  -- The compartments it holds, by name, in order.
  compartments text not null,
  manifest jsonb not null,
  created_at timestamptz not null default now(),
  primary key (practice_id, id)
);
create index on app.snapshot (practice_id, epoch, scope, compartments, rev desc);

create table app.snapshot_chunk (
  practice_id uuid not null,
  snapshot_id uuid not null,
  index integer not null check (index >= 0),
  -- Gzip of rows as JSON, one a line.
  body bytea not null,
  primary key (practice_id, snapshot_id, index),
  foreign key (practice_id, snapshot_id) references app.snapshot on delete cascade
);
alter table app.snapshot_chunk alter column body set storage external;

grant select, insert, update on app.membership, app.tray_item to app_rw;
grant select, insert, delete on app.snapshot, app.snapshot_chunk to app_rw;
grant select, delete on app.snapshot, app.snapshot_chunk to app_maint;
grant select on app.device_cursor, app.audit_event to app_maint;
grant select on app.membership, app.tray_item, app.snapshot, app.snapshot_chunk to app_backup;

do $$
declare
  t regclass;
begin
  foreach t in array array['app.membership', 'app.tray_item', 'app.snapshot', 'app.snapshot_chunk']::regclass[] loop
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format($policy$
      create policy practice on %s
        using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
        with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
    $policy$, t);
  end loop;
end $$;
