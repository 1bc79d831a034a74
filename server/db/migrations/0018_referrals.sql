-- For what a patient may come, how often and until when, as the referring office or the payer has said.
create table app.referral (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  number text not null check (btrim(number) <> ''),
  former_numbers text[] not null,
  kind text not null check (kind in ('referral', 'prior_authorization')),
  referrer_name text,
  referrer_npi text,
  coverage_id uuid,
  visits_allowed integer check (visits_allowed between 1 and 999),
  valid_from date not null,
  valid_until date,
  visit_type_ids uuid[] not null,
  note text,
  state text not null check (state in ('active', 'ended')),
  recorded_at timestamptz not null,
  recorded_by text not null,
  ended_at timestamptz,
  ended_by text,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, coverage_id) references app.coverage,
  check (valid_until >= valid_from),
  check ((state = 'active') = (ended_at is null) and (state = 'active') = (ended_by is null))
);
create index on app.referral (practice_id, patient_id);
create index on app.referral (practice_id, coverage_id);

grant select, insert, update on app.referral to app_rw;
grant select on app.referral to app_backup;
alter table app.referral enable row level security;
alter table app.referral force row level security;
create policy practice on app.referral
  using (practice_id = nullif(current_setting('app.practice', true), '')::uuid)
  with check (practice_id = nullif(current_setting('app.practice', true), '')::uuid);
