//! The one way in: a command, the rows it asked to see, and what follows from them.

use crate::access::Role;
use crate::command::{Command, SERVER};
use crate::coverage;
use crate::encounters;
use crate::id::*;
use crate::intake;
use crate::notices;
use crate::patients::{self, HumanNumber};
use crate::practice;
use crate::recalls;
use crate::referrals;
use crate::row::{Row, View};
use crate::schedule;
use crate::scope::Scope;
use crate::tasks;
use crate::tray;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which series of human numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NumberKind {
    /// Medical record number.
    Mrn,
}

impl NumberKind {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            NumberKind::Mrn => "mrn",
        }
    }
}

/// Where human numbers come from.
#[derive(Clone, Debug)]
pub enum Numbers {
    /// On a device: provisional, from the command's id.
    Provisional,
    /// On the server: the next of each locked series.
    Assigned(BTreeMap<NumberKind, u64>),
}

/// Everything about a decision that is neither the command nor the rows. Handed in, never looked up.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The command's own id.
    pub command_id: CommandId,
    /// What the actor may do.
    pub role: Role,
    /// As colleagues call them.
    pub actor_name: String,
    /// Where it was entered.
    pub device_id: DeviceId,
    /// Now: the server's clock, or on a device its own. Never used to refuse.
    pub now: DateTime<Utc>,
    /// When it was entered, by the device's clock.
    pub device_time: DateTime<Utc>,
    /// The site's day.
    pub today: NaiveDate,
    /// Where human numbers come from.
    pub numbers: Numbers,
    /// Their record; nothing for a kiosk.
    pub member_id: Option<WorkforceMemberId>,
    /// Where the device stands.
    pub site_id: Option<SiteId>,
    /// What the author is sent there; nothing when that is not asked.
    pub scope: Option<Scope>,
    /// Whether the device was shut out.
    pub device_revoked: bool,
    /// Whether something that was entered on the device may not be seen there, because it is closed to whoever works
    /// there or has not come back yet. Never so on the server.
    pub unseen_entries: bool,
}

impl Ctx {
    /// Whether this is the server, which alone knows everything that was booked.
    pub fn is_server(&self) -> bool {
        matches!(self.numbers, Numbers::Assigned(_))
    }

    /// The next human number of a series.
    pub fn allocate(&mut self, kind: NumberKind) -> HumanNumber {
        match &mut self.numbers {
            Numbers::Provisional => {
                let tag = self.command_id.0.simple().to_string();
                HumanNumber::Provisional(tag[tag.len() - 4..].to_uppercase())
            }
            Numbers::Assigned(next) => {
                let next = next.entry(kind).or_insert(1);
                let number = *next;
                *next += 1;
                HumanNumber::Assigned(number)
            }
        }
    }
}

/// What follows from a command.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// Whole rows to write.
    pub facts: Vec<Row>,
    /// How many fields wait for a person; their rows are among the facts.
    pub conflicts: usize,
}

impl Decision {
    /// One row.
    pub fn put(row: Row) -> Self {
        Decision {
            facts: vec![row],
            conflicts: 0,
        }
    }

    /// Some rows.
    pub fn facts(facts: Vec<Row>) -> Self {
        Decision { facts, conflicts: 0 }
    }

    /// Some rows, and conflicts beside them.
    pub fn merged(mut facts: Vec<Row>, conflicts: Vec<Row>) -> Self {
        let count = conflicts.len();
        facts.extend(conflicts);
        Decision {
            facts,
            conflicts: count,
        }
    }
}

/// Why a command was not applied. A code and what belongs into its sentence (see [`crate::messages`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}")]
pub struct Refusal {
    /// Which sentence.
    pub code: RefusalCode,
    /// What goes into it. Never anything that identifies a patient.
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// A refusal without details.
    pub fn new(code: RefusalCode) -> Self {
        Refusal {
            code,
            params: BTreeMap::new(),
        }
    }

    /// Adds a detail.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }
}

/// Kinds of refusal. Each has a sentence in [`crate::messages`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalCode {
    /// The role may not do this.
    NotAllowed,
    /// Something it speaks of is not there.
    NotFound,
    /// Something it makes is there already.
    AlreadyExists,
    /// Someone decided before.
    AlreadyReviewed,
    /// A field is not sound.
    Invalid,
    /// The device was shut out.
    Revoked,
    /// The same id came before with other content.
    DifferentContent,
    /// The sealed command cannot be opened.
    Unreadable,
    /// The command is of a version that this server does not know.
    UnknownVersion,
    /// Sent by another device than the one that made it.
    WrongDevice,
    /// The database refused it.
    Constraint,
    /// Something speaks against a time, and no reason is good enough.
    CannotBook,
    /// Something speaks against a time, and a reason would do.
    NeedsReason,
    /// Someone else moved the appointment before.
    AlreadyMoved,
    /// An appointment does not go from one state to the other.
    IllegalStep,
    /// The coverage was replaced before, by someone who had not seen this one.
    AlreadyReplaced,
    /// The patient belongs where its author does not work.
    OutOfScope,
    /// The device holds as many unsent entries as it can.
    QueueFull,
}

/// Decides a command over the rows that it [reads](Command::reads). The device and the server both call this.
pub fn decide(view: &impl View, command: &Command, ctx: &mut Ctx) -> Result<Decision, Refusal> {
    if !crate::access::may_command(ctx.role, command.name()) {
        return Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name()));
    }
    decide_inner(view, command, ctx)
}

/// The same, when it was asked before whether the role may.
pub(crate) fn decide_inner(view: &impl View, command: &Command, ctx: &mut Ctx) -> Result<Decision, Refusal> {
    // Whatever is said of a record that was joined to another is said of that one.
    let followed = patients::alias::followed(view, command);
    let command = followed.as_ref().unwrap_or(command);
    let mut decision = by_area(view, command, ctx)?;
    if let Some(patient) = command.brings_back() {
        patients::bring_back(view, patient, &mut decision);
    }
    Ok(decision)
}

fn by_area(view: &impl View, command: &Command, ctx: &mut Ctx) -> Result<Decision, Refusal> {
    match command {
        Command::RecordPractice(row) if SERVER => practice::record_practice(row),
        Command::RecordBillingEntity(row) => practice::record_billing_entity(row),
        Command::RecordSite(row) => practice::record_site(view, row),
        Command::RecordPractitioner(row) => practice::record_practitioner(row),
        Command::RecordWorkforceMember(row) if SERVER => Ok(Decision::put(Row::WorkforceMember(row.clone()))),
        Command::EnrolDevice(row) => practice::enrol_device(view, ctx, row),
        Command::PublishQuestionnaire(row) => intake::publish_questionnaire(view, row),
        Command::PublishConsentForm(row) if SERVER => intake::publish_consent_form(view, row),
        Command::RegisterPatient(args) => patients::register_patient(view, ctx, args),
        Command::CorrectPatient(args) => patients::correct_patient(view, ctx, args),
        Command::RecordRelatedPerson(args) => patients::record_related_person(view, ctx, args),
        Command::CorrectRelatedPerson(args) => patients::correct_related_person(view, ctx, args),
        Command::MarkDistinct(args) => patients::mark_distinct(view, ctx, args),
        Command::MergePatients(args) => patients::alias::merge_patients(view, ctx, args),
        Command::UnmergePatients(args) => patients::alias::unmerge_patients(view, ctx, args),
        Command::ResolveConflict(args) => patients::resolve_conflict(view, ctx, args),
        Command::RecordCoverage(args) => coverage::record_coverage(view, ctx, args),
        Command::SubmitIntake(args) => intake::submit_intake(view, ctx, args),
        Command::AcceptIntake(args) => intake::accept_intake(view, ctx, args),
        Command::RejectIntake(args) => intake::reject_intake(view, ctx, args),
        Command::RevokeConsent(args) => intake::revoke_consent(view, ctx, args),
        Command::AnswerQuestionnaire(args) => intake::answer_questionnaire(view, ctx, args),
        Command::RecordHistory(args) if SERVER => encounters::record_history(view, args),
        Command::AssignPatient(args) => patients::assign_patient(view, args),
        Command::SetPatientAside(args) if SERVER => patients::set_aside(view, args),
        Command::BringBackPatient(args) => patients::ask_back(view, args),
        Command::ResolveTrayItem(args) => tray::resolve_tray_item(view, ctx, args),
        other => schedule::decide(view, ctx, other)
            .or_else(|| notices::decide(view, ctx, other))
            .or_else(|| tasks::decide(view, ctx, other))
            .or_else(|| recalls::decide(view, ctx, other))
            .or_else(|| referrals::decide(view, ctx, other))
            .unwrap_or_else(|| Err(Refusal::new(RefusalCode::UnknownVersion))),
    }
}
