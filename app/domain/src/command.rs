//! Every write there is, by name and version.
//!
//! A command that was sent is never changed: what was shipped stays readable through [`Command::from_wire`],
//! and a golden file per version in `tests/golden` proves it.

use crate::coverage::{self, RecordCoverage};
use crate::encounters::RecordHistory;
use crate::id::*;
use crate::intake::{
    self, AcceptIntake, AnswerQuestionnaire, PublishConsentForm, PublishQuestionnaire, RejectIntake,
    RevokeConsent, SubmitIntake,
};
use crate::json::Json;
use crate::notices::{
    self, AnswerNotice, ClaimNotice, PlanNotice, RecordNoticeOutcome, ReportWrongNumber, RetryNotice,
    SetNoticeRule, SetOptOut, SettleNotice, VoidNotice,
};
use crate::patients::{
    AssignPatient, BringBackPatient, CorrectPatient, CorrectRelatedPerson, MarkDistinct, MergePatients,
    RecordRelatedPerson, RegisterPatient, ResolveConflict, SetPatientAside, UnmergePatients, alias, link_id,
    membership_key,
};
use crate::practice::{
    EnrolDevice, RecordBillingEntity, RecordPractice, RecordPractitioner, RecordSite, RecordWorkforceMember,
};
use crate::recalls::{self, AddRecall, CloseRecall, NoteRecallContact, TakeBackRecallContact};
use crate::referrals::{self, EndReferral, RecordReferral};
use crate::row::{Entity, Key, View};
use crate::schedule::{
    self, AddToWaitlist, BookAppointment, BookSeries, CancelAppointment, ChangeSeries, CloseWaitlistEntry,
    ConfirmAppointment, DefineResource, DefineVisitType, LeaseSlots, MoveAppointment, PutInRoom,
    ReleaseLease, SetAppointmentState, SetClosure, SetLeaseRule, SetOverride, SetPractitionerTerms,
    SetSchedule, SetSiteClock, SetTravel,
};
use crate::tasks::{self, AddTask, CloseTask};
use crate::tray::ResolveTrayItem;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Whether this build decides for the practice. A page never gives what only a server may (`by_server` below), and is
/// smaller for not knowing how: there it is one more command that this build does not know.
pub(crate) const SERVER: bool = !cfg!(target_arch = "wasm32");

/// Whether a command marked so is known to this build.
const fn known_here(mark: &str) -> bool {
    SERVER || mark.is_empty()
}

macro_rules! commands {
    ($($name:ident $version:literal $($mark:ident)?;)*) => {
        /// A command's name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum CommandName { $(#[allow(missing_docs)] $name,)* }

        impl CommandName {
            /// All of them.
            pub const ALL: &'static [CommandName] = &[$(CommandName::$name,)*];
            /// As on the wire.
            pub fn as_str(self) -> &'static str { match self { $(CommandName::$name => stringify!($name),)* } }
            /// From the wire; `None` if this build knows no such command.
            pub fn from_name(name: &str) -> Option<CommandName> {
                CommandName::ALL.iter().copied().find(|known| known.as_str() == name)
            }
            /// The version that this build writes.
            pub fn version(self) -> u32 { match self { $(CommandName::$name => $version,)* } }
        }

        /// A command with its arguments.
        // A few at a time and passed by reference: boxes would cost more than they save.
        #[allow(clippy::large_enum_variant)]
        #[derive(Clone, PartialEq)]
        pub enum Command { $(#[allow(missing_docs)] $name($name),)* }

        impl Command {
            /// Its name.
            pub fn name(&self) -> CommandName { match self { $(Command::$name(_) => CommandName::$name,)* } }
            /// Its arguments, as on the wire.
            pub fn args(&self) -> Result<Json, serde_json::Error> {
                match self {
                    $(Command::$name(args) if const { known_here(stringify!($($mark)?)) } => Json::of(args),)*
                    _ => Err(serde::ser::Error::custom("only a server gives this command")),
                }
            }
            /// From the wire: any version ever shipped.
            pub fn from_wire(name: &str, version: u32, args: &Json) -> Result<Command, UnknownCommand> {
                let known = CommandName::from_name(name)
                    .ok_or_else(|| UnknownCommand::Name(name.to_owned()))?;
                if version == 0 || version > known.version() {
                    return Err(UnknownCommand::Version(known, version));
                }
                let args = upcast(known, version, args);
                match known {
                    $(CommandName::$name if const { known_here(stringify!($($mark)?)) } => {
                        args.read().map(Command::$name)
                    })*
                    _ => return Err(UnknownCommand::Name(name.to_owned())),
                }
                .map_err(|error| UnknownCommand::Args(known, shape(&error)))
            }
        }
    };
}

commands! {
    RecordPractice 1 by_server;
    RecordBillingEntity 1;
    RecordSite 1;
    RecordPractitioner 1;
    RecordWorkforceMember 1 by_server;
    EnrolDevice 1;
    PublishQuestionnaire 2;
    PublishConsentForm 1 by_server;
    RegisterPatient 1;
    CorrectPatient 1;
    RecordRelatedPerson 1;
    CorrectRelatedPerson 1;
    MarkDistinct 1;
    ResolveConflict 1;
    RecordCoverage 1;
    SubmitIntake 1;
    AcceptIntake 1;
    RejectIntake 1;
    RevokeConsent 1;
    AnswerQuestionnaire 1;
    RecordHistory 1 by_server;
    AssignPatient 1;
    SetPatientAside 1 by_server;
    BringBackPatient 1;
    ResolveTrayItem 1;
    DefineVisitType 1;
    DefineResource 1;
    SetSchedule 1;
    SetOverride 1;
    SetClosure 1;
    SetTravel 1;
    SetSiteClock 1 by_server;
    LeaseSlots 1;
    ReleaseLease 1;
    BookAppointment 1;
    BookSeries 1;
    MoveAppointment 1;
    ConfirmAppointment 1;
    CancelAppointment 1;
    SetAppointmentState 1;
    ChangeSeries 1;
    AddToWaitlist 1;
    CloseWaitlistEntry 1;
    MergePatients 1;
    UnmergePatients 1;
    SetNoticeRule 1;
    SetOptOut 1;
    ReportWrongNumber 1;
    AnswerNotice 1;
    PlanNotice 1 by_server;
    ClaimNotice 1 by_server;
    RecordNoticeOutcome 1 by_server;
    RetryNotice 1;
    SettleNotice 1;
    VoidNotice 1;
    PutInRoom 1;
    AddTask 1;
    CloseTask 1;
    AddRecall 1;
    NoteRecallContact 1;
    CloseRecall 1;
    SetPractitionerTerms 1;
    SetLeaseRule 1;
    RecordReferral 1;
    EndReferral 1;
    TakeBackRecallContact 1;
}

/// Brings the arguments of an older version up to the one this build reads. What was added so far has a value that
/// stands for not having said it, so that nothing is left to do.
fn upcast(_name: CommandName, _from: u32, args: &Json) -> &Json {
    args
}

/// What was expected, without what was there: a parser repeats values, and those may identify a patient.
fn shape(error: &serde_json::Error) -> String {
    let said = error.to_string();
    let said = said
        .rsplit_once(" at line ")
        .map_or(said.as_str(), |(said, _)| said);
    if said.starts_with("missing field `") {
        return said.to_owned();
    }
    let kind = [
        "invalid type",
        "invalid value",
        "invalid length",
        "unknown variant",
        "duplicate field",
    ]
    .into_iter()
    .find(|kind| said.starts_with(kind));
    match (kind, said.rsplit_once(", expected ")) {
        // The last "expected" is the parser's own; an earlier one may be part of a value.
        (Some(kind), Some((_, expected))) => format!("{kind}, expected {expected}"),
        (Some(kind), None) => kind.to_owned(),
        (None, _) => "a value has the wrong shape".to_owned(),
    }
}

/// Why a command from the wire cannot be read. The text never carries the arguments' values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnknownCommand {
    /// No such command.
    #[error("there is no command named {0}")]
    Name(String),
    /// Newer than this build.
    #[error("{0:?} version {1} is newer than this build")]
    Version(CommandName, u32),
    /// The arguments have another shape.
    #[error("the arguments of {0:?} cannot be read: {1}")]
    Args(CommandName, String),
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name().as_str())
    }
}

/// A command as it is sealed: frozen from the moment it was entered.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Made on the device (UUIDv7).
    pub id: CommandId,
    /// Dense per device, from 1.
    pub seq: u64,
    /// Which command.
    pub name: String,
    /// Which version of it.
    pub version: u32,
    /// Its arguments.
    pub args: Json,
    /// The revision the device had seen.
    pub base_rev: u64,
    /// Who entered it; for a kiosk, nobody.
    pub actor: Option<WorkforceMemberId>,
    /// When, by the device's clock. Shown, never ordered by.
    pub device_time: DateTime<Utc>,
}
crate::redacted_debug!(Envelope);

impl Envelope {
    /// The command inside.
    pub fn command(&self) -> Result<Command, UnknownCommand> {
        Command::from_wire(&self.name, self.version, &self.args)
    }
}

impl Command {
    /// The rows it must see to be decided; sorted locks follow from it.
    pub fn reads(&self) -> Vec<Key> {
        let mut keys = self.reads_of_area();
        keys.extend(self.brings_back().map(membership_key));
        // Should it be refused, whoever decides about it must know whose record it speaks of.
        if let Some(patient) = self.patient_id() {
            keys.push(Key::Row(Entity::Patient, patient.0));
            // They may have been joined to another record, and that is the one which is meant.
            keys.push(alias::alias_key(patient));
        }
        keys
    }

    /// What it must see besides, once the rows that it [reads](Command::reads) are there: some of them name others.
    pub fn reads_further(&self, view: &impl View) -> Vec<Key> {
        match self {
            Command::ResolveTrayItem(args) => {
                let inner = args.inner();
                inner.map(|inner| inner.reads_further(view)).unwrap_or_default()
            }
            other => schedule::reads_further(view, other),
        }
    }

    fn reads_of_area(&self) -> Vec<Key> {
        match self {
            Command::RecordPractice(row) => vec![Key::Row(Entity::Practice, row.id.0)],
            Command::RecordBillingEntity(row) => vec![Key::Row(Entity::BillingEntity, row.id.0)],
            Command::RecordSite(row) => vec![
                Key::Row(Entity::BillingEntity, row.billing_entity_id.0),
                Key::Row(Entity::Site, row.id.0),
            ],
            Command::RecordPractitioner(row) => vec![Key::Row(Entity::Practitioner, row.id.0)],
            Command::RecordWorkforceMember(row) => vec![Key::Row(Entity::WorkforceMember, row.id.0)],
            Command::EnrolDevice(row) => vec![Key::Row(Entity::Device, row.id.0)],
            Command::PublishQuestionnaire(row) => intake::publish_reads(row),
            Command::PublishConsentForm(row) => vec![Key::Row(Entity::ConsentForm, row.id.0)],
            Command::RegisterPatient(args) => args.reads(),
            Command::CorrectPatient(args) => vec![Key::Row(Entity::Patient, args.patient_id.0)],
            Command::RecordRelatedPerson(args) => args.reads(),
            Command::MarkDistinct(args) => vec![
                Key::Row(Entity::Patient, args.a.0),
                Key::Row(Entity::Patient, args.b.0),
                Key::Row(Entity::PatientLink, link_id(args.a, args.b).0),
            ],
            Command::CorrectRelatedPerson(args) => {
                vec![Key::Row(Entity::RelatedPerson, args.related_person_id.0)]
            }
            Command::ResolveConflict(args) => args.reads(),
            Command::RecordCoverage(args) => coverage::reads(args),
            Command::SubmitIntake(args) => args.reads(),
            Command::AcceptIntake(args) => intake::accept_reads(args),
            Command::RejectIntake(args) => vec![Key::Row(Entity::Intake, args.intake_id.0)],
            Command::RevokeConsent(args) => vec![Key::Row(Entity::Consent, args.consent_id.0)],
            Command::AnswerQuestionnaire(args) => args.reads(),
            Command::RecordHistory(args) => vec![Key::Row(Entity::Patient, args.patient_id.0)],
            Command::AssignPatient(args) => args.reads(),
            Command::SetPatientAside(args) => args.reads(),
            Command::BringBackPatient(args) => vec![Key::Row(Entity::Patient, args.patient_id.0)],
            Command::ResolveTrayItem(args) => args.reads(),
            Command::MergePatients(args) => args.reads(),
            Command::UnmergePatients(args) => args.reads(),
            other => schedule::reads(other)
                .or_else(|| notices::reads(other))
                .or_else(|| tasks::reads(other))
                .or_else(|| recalls::reads(other))
                .or_else(|| referrals::reads(other))
                .unwrap_or_default(),
        }
    }

    /// The patient it is about, for the audit.
    pub fn patient_id(&self) -> Option<PatientId> {
        match self {
            Command::RegisterPatient(args) => Some(args.patient.id),
            Command::CorrectPatient(args) => Some(args.patient_id),
            Command::RecordRelatedPerson(args) => Some(args.patient_id),
            Command::CorrectRelatedPerson(args) => Some(args.patient_id),
            Command::RevokeConsent(args) => Some(args.patient_id),
            Command::AnswerQuestionnaire(args) => Some(args.patient_id),
            Command::MarkDistinct(args) => Some(args.a),
            Command::MergePatients(args) => Some(args.keep),
            Command::UnmergePatients(args) => Some(args.patient_id),
            Command::ResolveConflict(args) => Some(args.patient_id),
            Command::RecordCoverage(args) => Some(args.coverage.patient_id),
            Command::AcceptIntake(args) => Some(args.patient_id),
            Command::RecordHistory(args) => Some(args.patient_id),
            Command::AssignPatient(args) => Some(args.patient_id),
            Command::SetPatientAside(args) => Some(args.patient_id),
            Command::BringBackPatient(args) => Some(args.patient_id),
            Command::ResolveTrayItem(args) => args.inner().and_then(|inner| inner.patient_id()),
            Command::RecordPractice(_)
            | Command::RecordBillingEntity(_)
            | Command::RecordSite(_)
            | Command::RecordPractitioner(_)
            | Command::RecordWorkforceMember(_)
            | Command::EnrolDevice(_)
            | Command::PublishQuestionnaire(_)
            | Command::PublishConsentForm(_)
            | Command::SubmitIntake(_)
            | Command::RejectIntake(_) => None,
            other => schedule::patient_of(other)
                .or_else(|| notices::patient_of(other))
                .or_else(|| tasks::patient_of(other))
                .or_else(|| recalls::patient_of(other))
                .or_else(|| referrals::patient_of(other)),
        }
    }

    /// The patient whose record is of use again, should it have been set aside.
    pub fn brings_back(&self) -> Option<PatientId> {
        match self {
            Command::CorrectPatient(_)
            | Command::RecordRelatedPerson(_)
            | Command::CorrectRelatedPerson(_)
            | Command::RevokeConsent(_)
            | Command::AnswerQuestionnaire(_)
            | Command::ResolveConflict(_)
            | Command::RecordCoverage(_)
            | Command::RecordReferral(_)
            | Command::AcceptIntake(_)
            | Command::AssignPatient(_)
            | Command::MergePatients(_)
            | Command::BringBackPatient(_)
            | Command::BookAppointment(_)
            | Command::BookSeries(_)
            | Command::MoveAppointment(_)
            | Command::AddToWaitlist(_)
            | Command::AddRecall(_) => self.patient_id(),
            // Nothing was set aside before it was there; the past does not become the present by being imported; what
            // a tray item holds speaks for itself.
            _ => None,
        }
    }

    /// The patient who must belong to the author's scope. What brings a patient there, and what speaks only of the
    /// index that everyone holds, asks for none.
    pub fn scoped_patient_id(&self) -> Option<PatientId> {
        match self {
            Command::RegisterPatient(_)
            | Command::AssignPatient(_)
            | Command::SetPatientAside(_)
            | Command::AcceptIntake(_)
            | Command::MarkDistinct(_)
            | Command::MergePatients(_)
            | Command::BookAppointment(_)
            | Command::BookSeries(_)
            | Command::AddToWaitlist(_)
            | Command::AddRecall(_) => None,
            Command::ResolveTrayItem(args) => args.inner().and_then(|inner| inner.scoped_patient_id()),
            other => other.patient_id(),
        }
    }
}
