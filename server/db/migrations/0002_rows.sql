-- The rows of a practice: one typed table for each kind, `practice_id` first in every key.
--
-- The columns are the fields of the kind's Rust type, by the same names. A foreign key stands where the rules of the
-- domain promise the other row. What a kiosk sends names devices, sites and forms by value: a patient's words must
-- never be refused because a setting was lost in a restore.
create schema if not exists app;
grant usage on schema app to app_rw, app_maint, app_backup;

-- Small parts that rows are made of.
create type app.wording as (en text, es text);
create type app.identifier as (issuer text, kind text, value text);
create type app.contact_point as (system text, usage text, value text, may_text boolean);
create type app.address as (
  usage text, line1 text, line2 text, city text, state text, postal_code text, bad boolean
);
create type app.subscriber as (family_name text, given_name text, birth_on date, sex text);
-- Strokes are points on a plane, drawn and never asked about.
create type app.signature as (strokes jsonb, typed_name text, relationship text);

create table app.practice (
  practice_id uuid not null,
  id uuid not null check (id = practice_id),
  name text not null check (btrim(name) <> ''),
  demo boolean not null,
  primary key (practice_id, id)
);

create table app.billing_entity (
  practice_id uuid not null,
  id uuid not null,
  legal_name text not null check (btrim(legal_name) <> ''),
  tin text not null check (tin ~ '^[0-9]{9}$'),
  npi text not null check (npi ~ '^[0-9]{10}$'),
  taxonomy_code text not null,
  pay_to_address text,
  primary key (practice_id, id)
);

create table app.site (
  practice_id uuid not null,
  id uuid not null,
  billing_entity_id uuid not null,
  name text not null check (btrim(name) <> ''),
  time_zone text not null,
  address text not null,
  place_of_service text not null check (place_of_service ~ '^[0-9]{2}$'),
  primary key (practice_id, id),
  foreign key (practice_id, billing_entity_id) references app.billing_entity
);
create index on app.site (practice_id, billing_entity_id);

create table app.practitioner (
  practice_id uuid not null,
  id uuid not null,
  family_name text not null,
  given_name text not null,
  credentials text,
  npi text check (npi ~ '^[0-9]{10}$'),
  taxonomy_code text,
  site_ids uuid[] not null,
  active boolean not null,
  primary key (practice_id, id),
  check (btrim(family_name) <> '' or btrim(given_name) <> '')
);

create table app.workforce_member (
  practice_id uuid not null,
  id uuid not null,
  login text not null check (btrim(login) <> ''),
  display_name text not null check (btrim(display_name) <> ''),
  role text not null check (role in (
    'owner', 'front_desk', 'biller', 'practitioner', 'nurse', 'stock', 'auditor', 'kiosk', 'service')),
  site_ids uuid[] not null,
  practitioner_id uuid,
  active boolean not null,
  primary key (practice_id, id),
  unique (practice_id, login),
  foreign key (practice_id, practitioner_id) references app.practitioner
);
create index on app.workforce_member (practice_id, practitioner_id);

create table app.device (
  practice_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('kiosk', 'staff')),
  label text not null,
  site_id uuid,
  enrolled_at timestamptz not null,
  revoked_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, site_id) references app.site
);
create index on app.device (practice_id, site_id);

create table app.questionnaire (
  practice_id uuid not null,
  id uuid not null,
  slug text not null check (btrim(slug) <> ''),
  version integer not null check (version > 0),
  title app.wording not null,
  -- What is asked is open: pages, choices and conditions as the practice writes them.
  pages jsonb not null check (jsonb_typeof(pages) = 'array'),
  published_at timestamptz not null,
  primary key (practice_id, id),
  unique (practice_id, slug, version)
);

create table app.consent_form (
  practice_id uuid not null,
  id uuid not null,
  kind text not null check (kind in (
    'treatment', 'privacy_notice', 'assignment_of_benefits', 'financial_policy', 'texting')),
  version integer not null check (version > 0),
  title app.wording not null,
  body app.wording not null,
  published_at timestamptz not null,
  primary key (practice_id, id),
  unique (practice_id, kind, version)
);

create table app.patient (
  practice_id uuid not null,
  id uuid not null,
  -- Assigned here and without gaps; a provisional number ("new-3F9A") never gets this far.
  mrn text not null check (mrn ~ '^[1-9][0-9]*$'),
  family_name text not null,
  given_name text not null,
  middle_name text,
  suffix text,
  preferred_name text,
  previous_names text[] not null,
  payer_name text,
  birth_on date not null check (birth_on >= '1850-01-01'),
  multiple_birth boolean not null,
  sex text not null check (sex in ('female', 'male', 'unknown')),
  gender_identity text,
  pronouns text,
  identifiers app.identifier[] not null,
  telecoms app.contact_point[] not null,
  addresses app.address[] not null,
  no_fixed_address boolean not null,
  language text not null,
  interpreter_needed boolean not null,
  race_codes text[] not null,
  ethnicity_code text,
  marital_status text,
  deceased_on date check (deceased_on >= birth_on),
  identity text not null check (identity in ('unverified', 'staff_verified', 'imported')),
  registered_at timestamptz not null,
  primary key (practice_id, id),
  unique (practice_id, mrn),
  check (btrim(family_name) <> '' or btrim(given_name) <> '')
);
create index on app.patient (practice_id, birth_on);
create index on app.patient (practice_id, lower(family_name), lower(given_name));

create table app.related_person (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  roles text[] not null check (
    roles <@ array['guarantor', 'personal_representative', 'escort', 'emergency_contact']),
  relationship text not null check (btrim(relationship) <> ''),
  family_name text not null,
  given_name text not null,
  birth_on date check (birth_on >= '1850-01-01'),
  phone text,
  address app.address,
  authority text,
  ended_on date,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  check (btrim(family_name) <> '' or btrim(given_name) <> '')
);
create index on app.related_person (practice_id, patient_id);

create table app.patient_link (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  other_patient_id uuid not null,
  kind text not null check (kind in ('distinct')),
  decided_by text not null,
  decided_at timestamptz not null,
  primary key (practice_id, id),
  unique (practice_id, patient_id, other_patient_id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, other_patient_id) references app.patient,
  check (patient_id < other_patient_id)
);
create index on app.patient_link (practice_id, other_patient_id);

create table app.conflict (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  field text not null,
  -- Values of any field: text, a date, a whole address.
  base jsonb,
  theirs jsonb,
  mine jsonb,
  entered_by text not null,
  entered_at timestamptz not null,
  state text not null check (state in ('open', 'kept_theirs', 'kept_mine')),
  decided_by text,
  decided_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  -- Open, or decided by someone at some time.
  check ((state = 'open') = (decided_by is null) and (state = 'open') = (decided_at is null))
);
create index on app.conflict (practice_id, patient_id);
create index on app.conflict (practice_id, id) where state = 'open';

create table app.coverage (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  payer_order text not null check (payer_order in ('primary', 'secondary', 'tertiary')),
  payer_name text not null check (btrim(payer_name) <> ''),
  payer_code text,
  plan_name text,
  member_id text not null check (btrim(member_id) <> ''),
  group_number text,
  subscriber_relationship text not null check (subscriber_relationship in ('self', 'spouse', 'child', 'other')),
  subscriber app.subscriber,
  effective_on date,
  term_on date,
  replaces_id uuid,
  copay_amount numeric(14,2) check (copay_amount >= 0),
  card_front text check (card_front ~* '^[0-9a-f]{64}$'),
  card_back text check (card_back ~* '^[0-9a-f]{64}$'),
  eligibility text not null check (eligibility in ('not_checked')),
  source text not null check (source in ('kiosk', 'staff', 'import')),
  recorded_at timestamptz not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, replaces_id) references app.coverage,
  check (term_on >= effective_on),
  check (subscriber_relationship = 'self' or (subscriber).birth_on is not null)
);
create index on app.coverage (practice_id, patient_id);
create index on app.coverage (practice_id, replaces_id);

create table app.intake (
  practice_id uuid not null,
  id uuid not null,
  device_id uuid not null,
  site_id uuid,
  received_at timestamptz not null,
  submitted_at timestamptz not null,
  status text not null check (status in ('pending', 'accepted', 'rejected')),
  patient_id uuid,
  reviewed_by text,
  reviewed_at timestamptz,
  rejection_reason text,
  history_response_id uuid,
  -- What was said, as it was said.
  content jsonb not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  -- It moves once: a review has someone and a time, and only an accepted one has a patient.
  check ((status = 'pending') = (reviewed_by is null) and (status = 'pending') = (reviewed_at is null)),
  check ((status = 'accepted') = (patient_id is not null)),
  check ((status = 'rejected') = (rejection_reason is not null))
);
create index on app.intake (practice_id, patient_id);
create index on app.intake (practice_id, received_at) where status = 'pending';

create table app.questionnaire_response (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid,
  intake_id uuid not null,
  questionnaire_id uuid not null,
  answers jsonb not null check (jsonb_typeof(answers) = 'object'),
  authored_at timestamptz not null,
  primary key (practice_id, id),
  unique (practice_id, intake_id),
  foreign key (practice_id, patient_id) references app.patient,
  foreign key (practice_id, intake_id) references app.intake
);
create index on app.questionnaire_response (practice_id, patient_id);

create table app.consent (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  kind text not null check (kind in (
    'treatment', 'privacy_notice', 'assignment_of_benefits', 'financial_policy', 'texting')),
  form_id uuid not null,
  language text not null,
  text_hash text not null,
  decision text not null check (decision in ('agreed', 'declined')),
  signature app.signature,
  device_id uuid not null,
  signed_at timestamptz not null,
  revoked_at timestamptz,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient,
  -- What was agreed to is signed.
  check (decision = 'declined' or coalesce(btrim((signature).typed_name), '') <> '')
);
create index on app.consent (practice_id, patient_id);

-- History from elsewhere is kept as it came, so its dates and codes are not judged here.
create table app.encounter (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  class_code text not null,
  description text,
  reason text,
  started_at timestamptz not null,
  ended_at timestamptz,
  source_id text not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient
);
create index on app.encounter (practice_id, patient_id);

create table app.history_item (
  practice_id uuid not null,
  id uuid not null,
  patient_id uuid not null,
  kind text not null check (kind in ('condition', 'medication', 'immunization', 'allergy')),
  code_system text,
  code text,
  display text not null,
  status text,
  onset_on date,
  ended_on date,
  criticality text,
  source_id text not null,
  primary key (practice_id, id),
  foreign key (practice_id, patient_id) references app.patient
);
create index on app.history_item (practice_id, patient_id);

grant select, insert, update on all tables in schema app to app_rw;
