//! What one colleague asks another to do: "book a follow-up in six weeks", "call about the form". It is entered where the
//! work is seen, on a telephone without a network too, and stays until somebody says that it is done.

use crate::access::Role;
use crate::command::Command;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::text::Text;
use crate::validate::MAX_WORDS;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One of them (FHIR Task).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// Where it is to be done; everywhere sees it when nothing is said.
    pub site_id: Option<SiteId>,
    /// About whom, if about anyone.
    pub patient_id: Option<PatientId>,
    /// About which visit.
    pub appointment_id: Option<AppointmentId>,
    /// Whose it is.
    pub owner: TaskOwner,
    /// What is to be done.
    pub words: String,
    /// Before everything else.
    pub urgent: bool,
    /// Until when.
    pub due_on: Option<NaiveDate>,
    /// Where it stands.
    pub state: TaskState,
    /// When it was asked for, by the clinic's clock; on a device, by its own until the clinic has it.
    pub asked_at: DateTime<Utc>,
    /// By whom.
    pub asked_by: String,
    /// When somebody closed it.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who.
    pub closed_by: Option<String>,
    /// What they say about it.
    pub answer: Option<String>,
}
crate::redacted_debug!(Task);

impl Task {
    /// Whether it waits for those whose work is this.
    pub fn waits_for(&self, owner: Option<TaskOwner>) -> bool {
        self.state == TaskState::Open && Some(self.owner) == owner
    }
}

/// Whose work something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskOwner {
    /// The front desk.
    Desk,
    /// Nurses and assistants.
    Nurse,
    /// Whoever renders care.
    Practitioner,
    /// The billing office.
    Billing,
}

impl TaskOwner {
    /// All of them.
    pub const ALL: [TaskOwner; 4] = [
        TaskOwner::Desk,
        TaskOwner::Nurse,
        TaskOwner::Practitioner,
        TaskOwner::Billing,
    ];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            TaskOwner::Desk => "desk",
            TaskOwner::Nurse => "nurse",
            TaskOwner::Practitioner => "practitioner",
            TaskOwner::Billing => "billing",
        }
    }

    /// As colleagues say it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            TaskOwner::Desk => ("Front desk", "Recepción"),
            TaskOwner::Nurse => ("Nurses", "Enfermería"),
            TaskOwner::Practitioner => ("Practitioners", "Médicos"),
            TaskOwner::Billing => ("Billing", "Facturación"),
        };
        Text { en, es }
    }

    /// Whose work is that of somebody in a role; nothing for who has none of it.
    pub fn of(role: Role) -> Option<TaskOwner> {
        match role {
            Role::FrontDesk => Some(TaskOwner::Desk),
            Role::Nurse => Some(TaskOwner::Nurse),
            Role::Practitioner => Some(TaskOwner::Practitioner),
            Role::Biller => Some(TaskOwner::Billing),
            Role::Owner | Role::Stock | Role::Auditor | Role::Kiosk | Role::Service | Role::Patient => None,
        }
    }
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// To be done.
    Open,
    /// Done.
    Done,
    /// Not to be done any more.
    Dropped,
}

/// Asks for something. Who asks and when is noted where it is decided.
pub type AddTask = Task;

/// Says that it is done, or is not to be done.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CloseTask {
    /// Which.
    pub task_id: TaskId,
    /// About whom it is, so that what is said follows a record that was joined.
    pub patient_id: Option<PatientId>,
    /// Whether it was done.
    pub done: bool,
    /// What there is to say about it.
    pub answer: Option<String>,
}
crate::redacted_debug!(CloseTask);

fn key(id: TaskId) -> Key {
    Key::Row(Entity::Task, id.0)
}

/// What a command of this area looks at; nothing for one of another.
pub(crate) fn reads(command: &Command) -> Option<Vec<Key>> {
    Some(match command {
        Command::AddTask(task) => [key(task.id)]
            .into_iter()
            .chain(task.site_id.map(|site| Key::Row(Entity::Site, site.0)))
            .collect(),
        Command::CloseTask(args) => vec![key(args.task_id)],
        _ => return None,
    })
}

/// Whom a command of this area is about.
pub(crate) fn patient_of(command: &Command) -> Option<PatientId> {
    match command {
        Command::AddTask(task) => task.patient_id,
        Command::CloseTask(args) => args.patient_id,
        _ => None,
    }
}

/// What follows from a command of this area; nothing for one of another.
pub(crate) fn decide(view: &impl View, ctx: &Ctx, command: &Command) -> Option<Result<Decision, Refusal>> {
    Some(match command {
        Command::AddTask(task) => add(view, ctx, task),
        Command::CloseTask(args) => close(view, ctx, args),
        _ => return None,
    })
}

fn invalid(field: &str) -> Refusal {
    Refusal::new(RefusalCode::Invalid).with("field", field)
}

fn add(view: &impl View, ctx: &Ctx, task: &Task) -> Result<Decision, Refusal> {
    if view.one(&key(task.id)).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "task"));
    }
    let words = task.words.trim();
    if words.is_empty() || words.chars().count() > MAX_WORDS {
        return Err(invalid("words"));
    }
    let missing = |entity, id| view.one(&Key::Row(entity, id)).is_none();
    if task
        .patient_id
        .is_some_and(|patient| missing(Entity::Patient, patient.0))
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    if task.site_id.is_some_and(|site| missing(Entity::Site, site.0)) {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "site"));
    }
    Ok(Decision::put(Row::Task(Task {
        words: words.to_owned(),
        state: TaskState::Open,
        asked_at: ctx.now,
        asked_by: ctx.actor_name.clone(),
        closed_at: None,
        closed_by: None,
        answer: None,
        ..task.clone()
    })))
}

/// Once. Who closes it second is told who was first.
fn close(view: &impl View, ctx: &Ctx, args: &CloseTask) -> Result<Decision, Refusal> {
    let Some(Row::Task(known)) = view.one(&key(args.task_id)) else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "task"));
    };
    if known.state != TaskState::Open {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", known.closed_by.as_deref().unwrap_or_default()));
    }
    let answer = args
        .answer
        .as_deref()
        .map(str::trim)
        .filter(|answer| !answer.is_empty());
    if answer.is_some_and(|answer| answer.chars().count() > MAX_WORDS) {
        return Err(invalid("answer"));
    }
    Ok(Decision::put(Row::Task(Task {
        state: if args.done {
            TaskState::Done
        } else {
            TaskState::Dropped
        },
        closed_at: Some(ctx.now),
        closed_by: Some(ctx.actor_name.clone()),
        answer: answer.map(str::to_owned),
        ..known
    })))
}
