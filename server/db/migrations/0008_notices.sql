-- What patients are told, by which way, and what became of it.
create table app.notice_rule (
  practice_id uuid not null,
  id uuid not null,
  name text not null check (btrim(name) <> ''),
  kind text not null check (kind in ('reminder', 'follow_up', 'missed', 'recall')),
  offset_minutes integer not null check (offset_minutes >= 0),
  channel text not null check (channel in ('email', 'sms', 'letter', 'voice')),
  audience text not null check (audience in ('everyone', 'unconfirmed')),
  language text check (language in ('en', 'es')),
  visit_type_ids uuid[] not null,
  site_ids uuid[] not null,
  from_minute integer not null check (from_minute >= 0),
  until_minute integer not null check (until_minute between from_minute + 60 and 1440),
  subject app.wording not null,
  body app.wording not null,
  active boolean not null,
  primary key (practice_id, id),
  -- Telephones do not ring at night (47 CFR 64.1200(c)(1)).
  check (channel not in ('sms', 'voice') or (from_minute >= 480 and until_minute <= 1260))
);

-- What was said about one number or address, whoever has it.
create table app.contact_opt_out (
  practice_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('phone', 'email')),
  address text not null check (address <> ''),
  stopped_at timestamptz,
  started_at timestamptz,
  wrong_at timestamptz,
  via text not null check (via in ('text', 'link', 'voice', 'writing', 'network')),
  noted_by text not null,
  primary key (practice_id, id),
  unique (practice_id, kind, address)
);

-- The id follows from rule, appointment and beginning: there is one notice of each, whoever plans it.
create table app.notice (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rule_id uuid not null,
  appointment_id uuid not null,
  site_id uuid not null,
  start_at timestamptz not null,
  day_on date not null,
  channel text not null check (channel in ('email', 'sms', 'letter', 'voice')),
  address text,
  language text not null check (language in ('en', 'es')),
  message_id uuid not null,
  due_at timestamptz not null,
  useless_at timestamptz not null,
  state text not null check (state in ('planned', 'queued', 'sent', 'delivered')
    or state like 'failed:%' or state like 'void:%'),
  attempts integer not null check (attempts >= 0),
  queued_at timestamptz,
  claimed_by uuid,
  sent_at timestamptz,
  delivered_at timestamptz,
  network_ref text,
  answer text check (answer in ('confirmed', 'cancelled', 'other_time')),
  answered_at timestamptz,
  answered_via text,
  settled_at timestamptz,
  primary key (practice_id, id),
  unique (practice_id, rule_id, appointment_id, start_at),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, rule_id) references app.notice_rule,
  foreign key (practice_id, appointment_id) references app.appointment,
  foreign key (practice_id, site_id) references app.site,
  -- What is to go out has somewhere to go to.
  check (address is not null or state like 'failed:%' or state like 'void:%'),
  check ((answer is null) = (answered_at is null))
);
create index on app.notice (practice_id, patient_id);
create index on app.notice (practice_id, appointment_id);
create index on app.notice (practice_id, site_id);
create index on app.notice (practice_id, due_at) where state in ('planned', 'queued');
create index on app.notice (practice_id, message_id);
create index on app.notice (practice_id, network_ref) where network_ref is not null;
-- Planning looks for what begins between two instants, at whichever site.
create index on app.appointment (practice_id, start_at);

do $$
declare
  t regclass;
begin
  foreach t in array array['app.notice_rule', 'app.contact_opt_out', 'app.notice']::regclass[] loop
    execute format('grant select, insert, update on %s to app_rw', t);
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

-- Which message a link belongs to. Whoever has the link is nobody whom we know, so it is found before the practice is;
-- nothing here is about a patient, and only the hash of the link is kept.
create table directory.notice_link (
  token_hash bytea primary key,
  practice_id uuid not null references directory.practice,
  message_id uuid not null,
  expires_at timestamptz not null
);
create index on directory.notice_link (expires_at);
grant select, insert, delete on directory.notice_link to app_rw;
grant select on directory.notice_link to app_backup;

-- A practitioner's calendar, for a program that cannot sign in. It names no patient.
create table directory.calendar_feed (
  token_hash bytea primary key,
  practice_id uuid not null references directory.practice,
  practitioner_id uuid not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index on directory.calendar_feed (practice_id, practitioner_id);
grant select, insert, update on directory.calendar_feed to app_rw;
grant select on directory.calendar_feed to app_backup;
