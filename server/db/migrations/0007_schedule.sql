-- When patients are seen. Two bookings of one practitioner or resource cannot overlap, whoever wrote them.
create extension if not exists btree_gist;

create type app.offset_change as (from_at timestamptz, offset_seconds integer);
create type app.travel_minutes as (site_id uuid, minutes integer);
create type app.schedule_block as (
  weekday smallint, from_minute smallint, until_minute smallint, visit_type_ids uuid[], capacity integer,
  providers_percent integer
);
create type app.appointment_step as (
  state text, entered_at timestamptz, recorded_at timestamptz, by text, device_id uuid, moved_from_at timestamptz,
  moved_site_id uuid, note text
);

create table app.visit_type (
  practice_id uuid not null,
  id uuid not null,
  name text not null check (btrim(name) <> ''),
  minutes integer not null check (minutes between 5 and 720),
  grid_minutes integer not null check (grid_minutes between 5 and 240),
  before_minutes integer not null check (before_minutes between 0 and 240),
  after_minutes integer not null check (after_minutes between 0 and 240),
  capacity integer not null check (capacity between 1 and 200),
  resource_kinds text[] not null,
  for_whom text not null check (for_whom in ('anyone', 'new', 'established')),
  min_age integer,
  max_age integer,
  referral_needed boolean not null,
  price_amount numeric(14,2) check (price_amount >= 0),
  color text not null check (color in ('slate', 'blue', 'teal', 'green', 'amber', 'red', 'violet', 'pink')),
  online boolean not null,
  lead_minutes integer not null,
  horizon_days integer not null check (horizon_days >= 1),
  daily_cap integer,
  instructions text,
  questionnaire_ids uuid[] not null,
  active boolean not null,
  primary key (practice_id, id),
  check (max_age >= min_age)
);

-- What a site's wall shows, over some years: from the server's table of zones.
create table app.site_clock (
  practice_id uuid not null,
  id uuid not null,
  zone text not null,
  offset_seconds integer not null,
  changes app.offset_change[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, id) references app.site
);

create table app.site_travel (
  practice_id uuid not null,
  id uuid not null,
  minutes app.travel_minutes[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, id) references app.site
);

create table app.resource (
  practice_id uuid not null,
  id uuid not null,
  site_id uuid not null,
  name text not null check (btrim(name) <> ''),
  kind text not null check (btrim(kind) <> ''),
  active boolean not null,
  primary key (practice_id, id),
  foreign key (practice_id, site_id) references app.site
);
create index on app.resource (practice_id, site_id);

create table app.schedule (
  practice_id uuid not null,
  id uuid not null,
  practitioner_id uuid not null,
  site_id uuid not null,
  from_on date not null,
  until_on date,
  blocks app.schedule_block[] not null,
  active boolean not null,
  primary key (practice_id, id),
  foreign key (practice_id, practitioner_id) references app.practitioner,
  foreign key (practice_id, site_id) references app.site,
  check (until_on >= from_on)
);
create index on app.schedule (practice_id, practitioner_id);
create index on app.schedule (practice_id, site_id);

create table app.schedule_override (
  practice_id uuid not null,
  id uuid not null,
  practitioner_id uuid not null,
  site_id uuid,
  from_on date not null,
  until_on date not null,
  blocks app.schedule_block[] not null,
  reason text not null,
  withdrawn boolean not null,
  primary key (practice_id, id),
  foreign key (practice_id, practitioner_id) references app.practitioner,
  foreign key (practice_id, site_id) references app.site,
  check (until_on >= from_on)
);
create index on app.schedule_override (practice_id, practitioner_id);
create index on app.schedule_override (practice_id, site_id);

create table app.closure (
  practice_id uuid not null,
  id uuid not null,
  site_id uuid not null,
  from_on date not null,
  until_on date not null,
  from_minute integer not null,
  until_minute integer not null check (until_minute <= 1440),
  name text not null,
  withdrawn boolean not null,
  primary key (practice_id, id),
  foreign key (practice_id, site_id) references app.site,
  check (until_on >= from_on),
  check (until_minute > from_minute)
);
create index on app.closure (practice_id, site_id);

-- The holder is a practitioner or a resource, so it is named by value.
create table app.slot_lease (
  practice_id uuid not null,
  id uuid not null,
  holder_id uuid not null,
  device_id uuid not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  granted boolean not null,
  released boolean not null,
  primary key (practice_id, id),
  foreign key (practice_id, device_id) references app.device,
  check (until_at > from_at)
);
create index on app.slot_lease (practice_id, holder_id);
create index on app.slot_lease (practice_id, device_id);
alter table app.slot_lease add constraint slot_lease_once
  exclude using gist (
    practice_id with =, holder_id with =, device_id with <>, tstzrange(from_at, until_at) with &&
  ) where (granted and not released) deferrable initially immediate;

create table app.appointment_series (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  rule text not null,
  booked_at timestamptz not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient
);
create index on app.appointment_series (practice_id, patient_id);

create table app.appointment (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  site_id uuid not null,
  visit_type_id uuid not null,
  practitioner_ids uuid[] not null check (cardinality(practitioner_ids) > 0),
  resource_ids uuid[] not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  -- What was agreed, on the site's wall.
  wall timestamp not null,
  mode text not null check (mode in ('in_person', 'video')),
  scenario text not null check (scenario in (
    'insurance', 'self_pay', 'work_injury', 'auto', 'employer', 'research')),
  reason text,
  referral text,
  series_id uuid,
  state text not null check (state in (
    'requested', 'held', 'booked', 'confirmed', 'late', 'arrived', 'ready', 'intake', 'nurse_only',
    'ready_for_practitioner', 'with_practitioner', 'waiting_for_results', 'discharged', 'checked_out', 'completed',
    'walked_out', 'left_without_seen', 'no_show', 'cancelled', 'entered_in_error')),
  overbook_reason text,
  warnings text[] not null,
  cancel_reason text,
  cancelled_by text check (cancelled_by in ('patient', 'practice')),
  cancelled_late boolean not null,
  steps app.appointment_step[] not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, visit_type_id) references app.visit_type,
  foreign key (practice_id, series_id) references app.appointment_series,
  check (end_at > start_at),
  check ((cancel_reason is null) = (cancelled_by is null))
);
create index on app.appointment (practice_id, patient_id);
create index on app.appointment (practice_id, site_id, start_at);
create index on app.appointment (practice_id, visit_type_id);
create index on app.appointment (practice_id, series_id);

-- What appointments take of practitioners and resources, with what is kept free around.
create table app.busy (
  practice_id uuid not null,
  id uuid not null,
  appointment_id uuid not null,
  holder text not null check (holder in ('practitioner', 'resource')),
  holder_id uuid not null,
  site_id uuid not null,
  visit_type_id uuid not null,
  start_at timestamptz not null,
  end_at timestamptz not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  capacity integer not null check (capacity >= 1),
  -- Which of several places; none for the whole holder.
  lane integer check (lane between 1 and 32766),
  video boolean not null,
  status text not null check (status in ('busy', 'overbooked', 'held', 'requested', 'free')),
  expires_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, appointment_id) references app.appointment,
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, visit_type_id) references app.visit_type,
  check (from_at <= start_at and start_at < end_at and end_at <= until_at),
  check (until_at <= from_at + interval '24 hours'),
  check ((status = 'held') = (expires_at is not null))
);
create index on app.busy (practice_id, appointment_id);
create index on app.busy (practice_id, holder_id, from_at) where status <> 'free';
create index on app.busy (practice_id, site_id);
create index on app.busy (practice_id, visit_type_id);
-- The last word. What was squeezed in for a reason, or is only kept or asked for, is not part of it.
alter table app.busy add constraint busy_taken_once
  exclude using gist (
    practice_id with =,
    holder_id with =,
    int4range(coalesce(lane, 1), case when lane is null then 32767 else lane + 1 end) with &&,
    tstzrange(from_at, until_at) with &&
  ) where (status = 'busy') deferrable initially immediate;

create table app.waitlist_entry (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  site_id uuid not null,
  visit_type_id uuid not null,
  practitioner_ids uuid[] not null,
  site_ids uuid[] not null,
  from_on date not null,
  until_on date not null,
  from_minute integer not null,
  until_minute integer not null,
  urgent boolean not null,
  note text,
  appointment_id uuid,
  state text not null check (state in ('waiting', 'booked', 'withdrawn')),
  added_at timestamptz not null,
  added_by text not null,
  closed_by text,
  closed_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, site_id) references app.site,
  foreign key (practice_id, visit_type_id) references app.visit_type,
  check (until_on >= from_on and until_minute > from_minute),
  check ((state = 'waiting') = (closed_by is null) and (state = 'waiting') = (closed_at is null))
);
create index on app.waitlist_entry (practice_id, patient_id);
create index on app.waitlist_entry (practice_id, site_id) where state = 'waiting';
create index on app.waitlist_entry (practice_id, visit_type_id);

do $$
declare
  t regclass;
begin
  foreach t in array array[
    'app.visit_type', 'app.site_clock', 'app.site_travel', 'app.resource', 'app.schedule', 'app.schedule_override',
    'app.closure', 'app.slot_lease', 'app.appointment_series', 'app.appointment', 'app.busy', 'app.waitlist_entry'
  ]::regclass[] loop
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
