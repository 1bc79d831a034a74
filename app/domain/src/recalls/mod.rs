//! Recalls: who is to come again, and about when. A visit ends with "in six months", nobody books so far ahead, and the
//! list says in six months whom to call, and how often they were called already. That a time was booked is read off the
//! calendar and kept nowhere.

mod decide;
mod letter;

use crate::id::*;
use crate::schedule::Appointment;
use crate::text::Text;
use chrono::{DateTime, Days, NaiveDate, Utc};
pub(crate) use decide::{decide, patient_of, reads};
pub use letter::{Letter, NoLetter};
use serde::{Deserialize, Serialize};

/// One of them (FHIR ServiceRequest with intent "plan", whose occurrence is about a day).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    /// Identity.
    pub id: RecallId,
    /// Who is to come.
    pub patient_id: PatientId,
    /// Where; the desk there works the list.
    pub site_id: SiteId,
    /// For what kind of visit, when only that will do.
    pub visit_type_id: Option<VisitTypeId>,
    /// To whom, if to anyone in particular.
    pub practitioner_id: Option<PractitionerId>,
    /// About when.
    pub due_on: NaiveDate,
    /// What for.
    pub why: String,
    /// The visit it came out of.
    pub after_appointment_id: Option<AppointmentId>,
    /// When it was asked for, by the clinic's clock; on a device, by its own until the clinic has it.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: String,
    /// How and when the patient was told, the latest last.
    pub contacts: Vec<RecallContact>,
    /// Where it stands.
    pub state: RecallState,
    /// When somebody closed it.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who.
    pub closed_by: Option<String>,
}

/// One time that somebody told the patient, or tried to.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecallContact {
    /// By which it is taken back; nothing for what was noted before anything was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RecallContactId>,
    /// When, by the clock of the device where it was entered, but never after the clinic heard of it.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// By which way.
    pub way: RecallWay,
    /// What came of it.
    pub note: Option<String>,
}
crate::redacted_debug!(Recall, RecallContact);

/// By which way a patient was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallWay {
    /// By telephone.
    Phone,
    /// By a text message.
    Text,
    /// By email.
    Email,
    /// By a letter.
    Letter,
    /// While they were here.
    InPerson,
}

impl RecallWay {
    /// All of them, the usual first.
    pub const ALL: [RecallWay; 5] = [
        RecallWay::Phone,
        RecallWay::Text,
        RecallWay::Email,
        RecallWay::Letter,
        RecallWay::InPerson,
    ];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            RecallWay::Phone => "phone",
            RecallWay::Text => "text",
            RecallWay::Email => "email",
            RecallWay::Letter => "letter",
            RecallWay::InPerson => "in_person",
        }
    }

    /// As colleagues say it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            RecallWay::Phone => ("Phone", "Teléfono"),
            RecallWay::Text => ("Text", "Mensaje"),
            RecallWay::Email => ("Email", "Correo"),
            RecallWay::Letter => ("Letter", "Carta"),
            RecallWay::InPerson => ("In person", "En persona"),
        };
        Text { en, es }
    }
}

/// Where a recall stands: open, or closed for a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallState {
    /// They are still to come, or to be told.
    Open,
    /// They have a time.
    Booked,
    /// They do not want to come.
    Declined,
    /// They moved away, or are seen elsewhere.
    Elsewhere,
    /// There is no need any more.
    NotNeeded,
}

impl RecallState {
    /// The reasons for which one is closed.
    pub const CLOSED: [RecallState; 4] = [
        RecallState::Booked,
        RecallState::Declined,
        RecallState::Elsewhere,
        RecallState::NotNeeded,
    ];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            RecallState::Open => "open",
            RecallState::Booked => "booked",
            RecallState::Declined => "declined",
            RecallState::Elsewhere => "elsewhere",
            RecallState::NotNeeded => "not_needed",
        }
    }

    /// As colleagues say it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            RecallState::Open => ("Open", "Abierto"),
            RecallState::Booked => ("Booked", "Con cita"),
            RecallState::Declined => ("Declined", "No quiere venir"),
            RecallState::Elsewhere => ("Moved away or seen elsewhere", "Se mudó o va a otro lugar"),
            RecallState::NotNeeded => ("Not needed", "Ya no hace falta"),
        };
        Text { en, es }
    }
}

/// Where a recall is on the list: from its state, its day and the calendar, and kept nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// They should have come.
    Overdue,
    /// They should come soon.
    Soon,
    /// There is time.
    Later,
    /// They have a time, and are still to come.
    Booked,
    /// Closed, or they came.
    Closed,
}

/// What is due within so many days is due soon.
pub const SOON_DAYS: u64 = 30;

impl Recall {
    /// The first appointment by which it is met: one of this patient that takes time, lies around the day or after it,
    /// and is of the kind that was asked for, if one was. Who comes with a cold next week is still to come in a year.
    pub fn met_by<'a>(&self, all: impl IntoIterator<Item = &'a Appointment>) -> Option<&'a Appointment> {
        let between = (self.due_on - self.asked_at.date_naive())
            .num_days()
            .max(0)
            .unsigned_abs();
        let margin = Days::new(SOON_DAYS.min(between / 2));
        let first = self.due_on.checked_sub_days(margin).unwrap_or(self.due_on);
        let meets = |one: &&Appointment| {
            one.patient_id == self.patient_id
                && one.state.takes_time()
                && one.start_at > self.asked_at
                && one.start_at.date_naive() >= first
                && Some(one.id) != self.after_appointment_id
                && self.visit_type_id.is_none_or(|kind| kind == one.visit_type_id)
        };
        all.into_iter()
            .filter(meets)
            .min_by_key(|one| (one.start_at, one.id))
    }

    /// Where it is on the list on a day, with the appointment by which it is met.
    pub fn standing(&self, met_by: Option<&Appointment>, today: NaiveDate) -> Standing {
        let soon = today.checked_add_days(Days::new(SOON_DAYS)).unwrap_or(today);
        match met_by {
            _ if self.state != RecallState::Open => Standing::Closed,
            Some(visit) if visit.state.is_open() => Standing::Booked,
            Some(_) => Standing::Closed,
            None if self.due_on < today => Standing::Overdue,
            None if self.due_on <= soon => Standing::Soon,
            None => Standing::Later,
        }
    }
}

/// Asks for somebody to come again. Who asks and when is noted where it is decided. One that was closed is opened again
/// under the same id, with everything that was noted.
pub type AddRecall = Recall;

/// Notes that the patient was told, or was not reached.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct NoteRecallContact {
    /// Which.
    pub recall_id: RecallId,
    /// Who is to come.
    pub patient_id: PatientId,
    /// By which way.
    pub way: RecallWay,
    /// What came of it.
    pub note: Option<String>,
    /// By which it can be taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<RecallContactId>,
}

/// Takes back what was noted by mistake: a letter that was not printed after all.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TakeBackRecallContact {
    /// Which recall.
    pub recall_id: RecallId,
    /// Who is to come.
    pub patient_id: PatientId,
    /// Which of the times that they were told.
    pub contact_id: RecallContactId,
}

/// Closes it for a reason.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseRecall {
    /// Which.
    pub recall_id: RecallId,
    /// Who is to come.
    pub patient_id: PatientId,
    /// Why; never "open".
    pub reason: RecallState,
}
crate::redacted_debug!(NoteRecallContact, TakeBackRecallContact, CloseRecall);
