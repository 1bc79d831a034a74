//! Every kind of row: its table, its compartment, and how two edits of it merge.
//!
//! A row is written whole. A [`View`] is how a rule sees rows: the device's replica in memory, or the rows
//! that the server has locked for a batch.

use crate::coverage::Coverage;
use crate::encounters::{Encounter, HistoryItem};
use crate::id::PatientId;
use crate::intake::{Consent, ConsentForm, Intake, Questionnaire, QuestionnaireResponse};
use crate::json::Json;
pub use crate::merge::MergeRule;
use crate::notices::{ContactOptOut, Notice, NoticeKind, NoticeRule};
use crate::patients::{Conflict, Membership, Patient, PatientAlias, PatientLink, RelatedPerson};
use crate::practice::{BillingEntity, Device, Practice, Practitioner, Site, WorkforceMember};
use crate::recalls::Recall;
use crate::referrals::Referral;
pub use crate::rows::{Over, Rows};
use crate::schedule::{
    Appointment, AppointmentSeries, Busy, Closure, LeaseRule, PractitionerTerms, Resource, Schedule,
    ScheduleOverride, SiteClock, SiteTravel, SlotLease, VisitType, WaitlistEntry,
};
use crate::tasks::Task;
use crate::tray::TrayItem;
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Which key opens a row at rest; a person holds only their roles' keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compartment {
    /// Who exists: what search needs.
    Index,
    /// Registration: coverage, contacts, consents, intake.
    Administrative,
    /// What is known of a patient's health.
    Clinical,
}

impl Compartment {
    /// All of them, in order.
    pub const ALL: [Compartment; 3] = [
        Compartment::Index,
        Compartment::Administrative,
        Compartment::Clinical,
    ];

    /// As in keys and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Compartment::Index => "index",
            Compartment::Administrative => "administrative",
            Compartment::Clinical => "clinical",
        }
    }
}

/// Which devices are sent a row, beside what the role may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distribution {
    /// Every staff device: settings, and the index of patients.
    Practice,
    /// Where its patient belongs (see [`crate::scope`]).
    Patient,
    /// While it is open, where it was made; after that, where its patient belongs.
    OpenWork,
    /// Where its patient belongs; and while it is open, where it takes place.
    Visit,
}

macro_rules! rows {
    ($($entity:ident $table:literal $compartment:ident $merge:ident $distribution:ident $patient:expr;)*) => {
        /// Kind of row.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Entity { $(#[doc = concat!("Table `app.", $table, "`.")] $entity,)* }

        impl Entity {
            /// All of them; a table later in the list may refer to an earlier one.
            pub const ALL: &'static [Entity] = &[$(Entity::$entity,)*];
            /// The table's name, also the name on the wire.
            pub fn name(self) -> &'static str { match self { $(Entity::$entity => $table,)* } }
            /// Which key opens it at rest.
            pub fn compartment(self) -> Compartment { match self { $(Entity::$entity => Compartment::$compartment,)* } }
            /// How two edits come together.
            pub fn merge_rule(self) -> MergeRule { match self { $(Entity::$entity => MergeRule::$merge,)* } }
            /// Which devices are sent it.
            pub fn distribution(self) -> Distribution { match self { $(Entity::$entity => Distribution::$distribution,)* } }
        }

        /// One whole row of any kind. On the wire: `{"entity": "patient", "body": {…}}`.
        // A few at a time and passed by reference: boxes would cost more than they save.
        #[allow(clippy::large_enum_variant)]
        #[derive(Clone, PartialEq, Serialize)]
        #[serde(tag = "entity", content = "body", rename_all = "snake_case")]
        pub enum Row { $(#[doc = concat!("A row of `", $table, "`.")] $entity($entity),)* }

        impl Row {
            /// Its kind.
            pub fn entity(&self) -> Entity { match self { $(Row::$entity(_) => Entity::$entity,)* } }
            /// Its id.
            pub fn id(&self) -> Uuid { match self { $(Row::$entity(row) => row.id.0,)* } }
            /// The patient it is about, if it is about one.
            pub fn patient_id(&self) -> Option<PatientId> {
                match self { $(Row::$entity(row) => { let f: fn(&$entity) -> Option<PatientId> = $patient; f(row) })* }
            }
            /// The row alone, as JSON with the table's column names.
            pub fn body(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Row::$entity(row) => serde_json::to_value(row),)* }
            }
            /// From a table's JSON.
            pub fn from_body(entity: Entity, body: serde_json::Value) -> Result<Row, serde_json::Error> {
                match entity { $(Entity::$entity => serde_json::from_value(body).map(Row::$entity),)* }
            }
            /// From the wire, or from a table's JSON as its text.
            pub fn from_json(entity: Entity, body: &Json) -> Result<Row, serde_json::Error> {
                match entity { $(Entity::$entity => body.read().map(Row::$entity),)* }
            }
        }
    };
}

rows! {
    Practice "practice" Index Setting Practice |_| None;
    BillingEntity "billing_entity" Index Setting Practice |_| None;
    Site "site" Index Setting Practice |_| None;
    Practitioner "practitioner" Index Setting Practice |_| None;
    WorkforceMember "workforce_member" Index Setting Practice |_| None;
    Device "device" Index Setting Practice |_| None;
    Questionnaire "questionnaire" Index AppendOnly Practice |_| None;
    ConsentForm "consent_form" Index AppendOnly Practice |_| None;
    Patient "patient" Index ThreeWay Practice |row| Some(row.id);
    Membership "membership" Index AddRemoveSet Practice |row| Some(row.patient_id);
    RelatedPerson "related_person" Administrative ThreeWay Patient |row| Some(row.patient_id);
    PatientLink "patient_link" Index AppendOnly Practice |row| Some(row.patient_id);
    Conflict "conflict" Administrative StateMachine Patient |row| Some(row.patient_id);
    Coverage "coverage" Administrative AppendOnly Patient |row| Some(row.patient_id);
    Intake "intake" Administrative StateMachine OpenWork |row| row.patient_id;
    QuestionnaireResponse "questionnaire_response" Clinical AppendOnly Patient |row| row.patient_id;
    Consent "consent" Administrative RevocationWins Patient |row| Some(row.patient_id);
    Encounter "encounter" Clinical AppendOnly Patient |row| Some(row.patient_id);
    HistoryItem "history_item" Clinical AppendOnly Patient |row| Some(row.patient_id);
    TrayItem "tray_item" Administrative StateMachine OpenWork |row| row.patient_id;
    VisitType "visit_type" Index Setting Practice |_| None;
    SiteClock "site_clock" Index Setting Practice |_| None;
    SiteTravel "site_travel" Index Setting Practice |_| None;
    PractitionerTerms "practitioner_terms" Index Setting Practice |_| None;
    Resource "resource" Index Setting Practice |_| None;
    Schedule "schedule" Index Setting Practice |_| None;
    ScheduleOverride "schedule_override" Index Setting Practice |_| None;
    Closure "closure" Index Setting Practice |_| None;
    SlotLease "slot_lease" Index ExclusiveSlot Practice |_| None;
    LeaseRule "lease_rule" Index Setting Practice |_| None;
    AppointmentSeries "appointment_series" Administrative AppendOnly Patient |row| Some(row.patient_id);
    Appointment "appointment" Administrative StateMachine Visit |row| Some(row.patient_id);
    // Names no patient: so every desk may hold it, and knows what is taken at the other sites.
    Busy "busy" Index ExclusiveSlot Practice |_| None;
    WaitlistEntry "waitlist_entry" Administrative StateMachine Visit |row| Some(row.patient_id);
    NoticeRule "notice_rule" Index Setting Practice |_| None;
    // About a number, not about a patient: whoever has it, at every desk.
    ContactOptOut "contact_opt_out" Administrative RevocationWins Practice |_| None;
    Notice "notice" Administrative StateMachine Patient |row| Some(row.patient_id);
    Task "task" Administrative StateMachine OpenWork |row| row.patient_id;
    Recall "recall" Administrative StateMachine Visit |row| Some(row.patient_id);
    Referral "referral" Administrative ThreeWay Patient |row| Some(row.patient_id);
    // The last: it is read once the patients are locked, so that no joining is overlooked.
    PatientAlias "patient_alias" Index Alias Practice |row| Some(row.patient_id);
}

/// The newest edition of the kinds of rows. A page says which edition it reads, and is sent no newer row: one that it
/// cannot read would stop everything behind it. Raised whenever a build ships that writes what the one before cannot read.
pub const EDITION: u32 = 6;

impl Entity {
    /// With which edition it came.
    pub fn edition(self) -> u32 {
        use Entity::*;
        match self {
            Practice
            | BillingEntity
            | Site
            | Practitioner
            | WorkforceMember
            | Device
            | Questionnaire
            | ConsentForm
            | Patient
            | Membership
            | RelatedPerson
            | PatientLink
            | Conflict
            | Coverage
            | Intake
            | QuestionnaireResponse
            | Consent
            | Encounter
            | HistoryItem
            | TrayItem => 1,
            VisitType | SiteClock | SiteTravel | Resource | Schedule | ScheduleOverride | Closure
            | SlotLease | AppointmentSeries | Appointment | Busy | WaitlistEntry => 2,
            NoticeRule | ContactOptOut | Notice | PatientAlias => 3,
            Task => 4,
            Recall | PractitionerTerms => 5,
            LeaseRule | Referral => 6,
        }
    }
}

impl Row {
    /// The first edition that can read it: its kind's, but for what was added to a kind later.
    pub fn edition(&self) -> u32 {
        match self {
            Row::Conflict(conflict) => conflict.field.edition(),
            Row::PatientAlias(alias) => {
                let took = alias.took.iter().map(|took| took.field.edition());
                let moved = alias.moved.iter().map(|moved| moved.entity.edition());
                took.chain(moved).fold(3, u32::max)
            }
            // With numbers, days and scales, and conditions of more than one answer.
            Row::Questionnaire(form) if !form.is_old() => 4,
            // Asked by itself.
            Row::QuestionnaireResponse(response) if response.intake_id.is_none() => 4,
            // Of forms that are missing.
            Row::NoticeRule(rule) if rule.kind == NoticeKind::Forms => 5,
            // Booked all the same, against something that was not found before.
            Row::Appointment(one) => (one.warnings.iter()).fold(2, |most, found| most.max(found.edition())),
            row => row.entity().edition(),
        }
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
        /// The kind may stand behind the body, so the body waits as text.
        #[derive(Deserialize)]
        struct Framed {
            entity: Entity,
            body: Json,
        }
        let Framed { entity, body } = Framed::deserialize(deserializer)?;
        Row::from_json(entity, &body).map_err(serde::de::Error::custom)
    }
}

impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}({})", self.entity().name(), self.id())
    }
}

/// What a command asks to see before it decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// One row.
    Row(Entity, Uuid),
    /// All rows of a kind about one patient.
    OfPatient(Entity, PatientId),
    /// All rows of a kind about something else that has many: a practitioner, a site, an appointment.
    Of(Entity, Uuid),
    /// What is taken of a practitioner or resource on one day, UTC, counted from the year 1.
    Agenda(Uuid, i32),
}

impl Row {
    /// Every key under which it is found, but for its own id.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys = crate::schedule::keys_of(self);
        keys.extend(
            self.patient_id()
                .map(|patient| Key::OfPatient(self.entity(), patient)),
        );
        keys
    }
}

impl Row {
    /// The days it is on, counted from the year 1: an appointment's on the wall of its site, what is taken of somebody's
    /// time in UTC. None for what is on no day.
    pub fn days(&self) -> RangeInclusive<i32> {
        match self {
            Row::Appointment(row) => {
                let day = row.wall.date().num_days_from_ce();
                day..=day
            }
            Row::Busy(row) => row.days(),
            #[allow(clippy::reversed_empty_ranges)]
            _ => 1..=0,
        }
    }
}

/// The rows a rule may look at.
pub trait View {
    /// Rows under a key, in the order of their ids.
    fn get(&self, key: &Key) -> Vec<Row>;

    /// The row under a key, when there is one.
    fn one(&self, key: &Key) -> Option<Row> {
        self.get(key).into_iter().next()
    }
}
