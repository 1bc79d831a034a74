-- Patients on devices of their own: one-time codes that were sent to them, and who is in.
create table app.portal_code (
  practice_id uuid not null,
  id uuid not null,
  -- Hash of the number or address that it went to: so many an hour, whoever asks.
  contact_hash bytea not null,
  code_hash bytea not null,
  -- Whose; nobody's when somebody asked of whom we know nothing, which looks the same from outside.
  patient_ids uuid[] not null,
  -- What somebody said of themselves who has not been here before.
  newcomer jsonb,
  language text not null check (language in ('en', 'es')),
  tries smallint not null default 0 check (tries between 0 and 5),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (practice_id, id)
);
create index on app.portal_code (practice_id, contact_hash, created_at);
create index on app.portal_code (practice_id, expires_at);

create table app.portal_session (
  practice_id uuid not null,
  token_hash bytea not null,
  patient_ids uuid[] not null,
  language text not null check (language in ('en', 'es')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (practice_id, token_hash)
);
create index on app.portal_session (practice_id, expires_at);

-- Who signs in says their date of birth.
create index on app.patient (practice_id, birth_on);

do $$
declare
  t regclass;
begin
  foreach t in array array['app.portal_code', 'app.portal_session']::regclass[] loop
    execute format('grant select, insert, update, delete on %s to app_rw', t);
    execute format('grant select on %s to app_backup', t);
    execute format('alter table %s enable row level security', t);
    execute format('alter table %s force row level security', t);
    execute format($policy$
      create policy practice on %s
        using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
        with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
    $policy$, t);
  end loop;
end $$;

alter table app.audit_event drop constraint audit_event_actor_kind_check;
alter table app.audit_event add constraint audit_event_actor_kind_check
  check (actor_kind in ('member', 'device', 'service', 'system', 'patient'));
