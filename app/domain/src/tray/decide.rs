//! Rules for deciding about what was not applied.

use super::*;
use crate::access::{Role, may_apply};
use crate::command::{Command, CommandName};
use crate::decide::{Ctx, Decision, Refusal, RefusalCode, decide_inner};
use crate::intake::{HistoryAnswers, MOST_FORMS};
use crate::json::Json;
use crate::row::{Entity, Key, Row, View};

/// Decides about one item.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolveTrayItem {
    /// Which.
    pub tray_item_id: TrayItemId,
    /// What is to become of it.
    pub choice: TrayChoice,
}

/// What is to become of an item.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", try_from = "WrittenChoice")]
pub enum TrayChoice {
    /// Nothing: what is recorded is right.
    Drop,
    /// It goes into the record. The command travels along, so that the rows it looks at are known at once.
    Apply {
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
        /// Its arguments.
        args: Value,
        /// Whether a person changed them.
        edited: bool,
    },
}

/// As it is written, whatever the kind: read without holding the whole of it first to look for the kind.
#[derive(Deserialize)]
struct WrittenChoice {
    kind: ChoiceKind,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    version: Option<u32>,
    #[serde(default)]
    args: Option<Value>,
    #[serde(default)]
    edited: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChoiceKind {
    Drop,
    Apply,
}

impl TryFrom<WrittenChoice> for TrayChoice {
    type Error = &'static str;

    fn try_from(written: WrittenChoice) -> Result<TrayChoice, &'static str> {
        Ok(match written.kind {
            ChoiceKind::Drop => TrayChoice::Drop,
            ChoiceKind::Apply => TrayChoice::Apply {
                name: written.name.ok_or("missing field `name`")?,
                version: written.version.ok_or("missing field `version`")?,
                args: written.args.ok_or("missing field `args`")?,
                edited: written.edited,
            },
        })
    }
}

impl ResolveTrayItem {
    /// The command that is to go into the record. Deciding is never the thing that is decided about.
    pub fn inner(&self) -> Option<Command> {
        match &self.choice {
            TrayChoice::Apply {
                name, version, args, ..
            } if name != CommandName::ResolveTrayItem.as_str() => {
                Command::from_wire(name, *version, &Json::of(args).ok()?).ok()
            }
            TrayChoice::Apply { .. } | TrayChoice::Drop => None,
        }
    }

    /// What deciding looks at.
    pub fn reads(&self) -> Vec<Key> {
        let own = Key::Row(Entity::TrayItem, self.tray_item_id.0);
        let inner = self.inner();
        let kept = match inner {
            Some(Command::SubmitIntake(_)) => MOST_FORMS,
            Some(Command::AnswerQuestionnaire(_)) => 1,
            _ => 0,
        };
        let kept = (0..kept).map(|nth| answers_key(self.tray_item_id, nth));
        let inner = inner.map(|inner| inner.reads()).unwrap_or_default();
        [own].into_iter().chain(kept).chain(inner).collect()
    }
}

/// Where the answers about health of an item are kept, one form each.
fn answers_id(item: TrayItemId, nth: usize) -> QuestionnaireResponseId {
    QuestionnaireResponseId::derived(CommandId(item.0), nth as u32)
}

fn answers_key(item: TrayItemId, nth: usize) -> Key {
    Key::Row(Entity::QuestionnaireResponse, answers_id(item, nth).0)
}

/// What was entered with the answers that were kept apart. A desk that may not hold them does not see them; the server
/// does.
fn with_health(view: &impl View, item: TrayItemId, inner: Command) -> Command {
    let kept = |nth: usize| match view.one(&answers_key(item, nth)) {
        Some(Row::QuestionnaireResponse(kept)) => Some(HistoryAnswers {
            questionnaire_id: kept.questionnaire_id,
            answers: kept.answers,
            signature: kept.signature,
        }),
        _ => None,
    };
    match inner {
        Command::SubmitIntake(mut args) if args.histories().next().is_none() => {
            let mut all = (0..MOST_FORMS).map_while(kept);
            args.history = all.next();
            args.more = all.collect();
            Command::SubmitIntake(args)
        }
        Command::AnswerQuestionnaire(mut args) if args.answers.is_empty() => {
            if let Some(kept) = kept(0) {
                args.answers = kept.answers;
                args.signature = kept.signature;
            }
            Command::AnswerQuestionnaire(args)
        }
        other => other,
    }
}

/// Whether what is applied is nothing but answers, which this device does not hold: the server has them, and decides.
fn is_hidden(ctx: &Ctx, inner: &Command) -> bool {
    !ctx.is_server() && matches!(inner, Command::AnswerQuestionnaire(args) if args.answers.is_empty())
}

/// A person decides once. What is applied goes through the same rule as when it was entered, as theirs.
pub fn resolve_tray_item(
    view: &impl View,
    ctx: &mut Ctx,
    args: &ResolveTrayItem,
) -> Result<Decision, Refusal> {
    let Some(Row::TrayItem(item)) = view.one(&Key::Row(Entity::TrayItem, args.tray_item_id.0)) else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "decision"));
    };
    if item.state != TrayState::Open {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", item.decided_by.as_deref().unwrap_or_default()));
    }
    let (state, mut decision) = match &args.choice {
        TrayChoice::Drop => (TrayState::Dropped, Decision::facts(Vec::new())),
        TrayChoice::Apply {
            name,
            version,
            args: given,
            edited,
        } => {
            let same = item.command.as_deref() == Some(name)
                && item.version == Some(*version)
                && item.args.as_ref() == Some(given);
            if !same && !edited {
                return Err(Refusal::new(RefusalCode::DifferentContent));
            }
            let Some(inner) = args.inner() else {
                return Err(Refusal::new(RefusalCode::Unreadable));
            };
            if !may_apply(ctx.role, inner.name()) {
                return Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name()));
            }
            let inner = with_health(view, args.tray_item_id, inner);
            let decision = match is_hidden(ctx, &inner) {
                true => Decision::facts(Vec::new()),
                false => decide_inner(view, &inner, ctx)?,
            };
            (TrayState::Applied, decision)
        }
    };
    decision.facts.push(Row::TrayItem(TrayItem {
        state,
        decided_by: Some(ctx.actor_name.clone()),
        decided_at: Some(ctx.now),
        ..item
    }));
    Ok(decision)
}

fn value_of(command: &Command) -> Option<Value> {
    command.args().ok()?.read().ok()
}

/// Answers about health, and the submission that they came with, if they came with one.
type Health = Vec<(Option<IntakeId>, HistoryAnswers)>;

/// What the desk may read of a command: everything but answers about health, which are handed back beside it.
fn without_health(command: &Command) -> (Option<Value>, Health) {
    match command {
        Command::SubmitIntake(args) => {
            let all = args.histories().take(MOST_FORMS);
            let health = all.map(|said| (Some(args.intake_id), said.clone())).collect();
            let mut args = args.clone();
            args.history = None;
            args.more = Vec::new();
            (serde_json::to_value(args).ok(), health)
        }
        Command::AnswerQuestionnaire(args) => {
            let mut args = args.clone();
            let said = HistoryAnswers {
                questionnaire_id: args.questionnaire_id,
                answers: std::mem::take(&mut args.answers),
                signature: args.signature.take(),
            };
            (serde_json::to_value(args).ok(), vec![(None, said)])
        }
        // The system it came from has it; a job that is refused says so where it runs.
        Command::RecordHistory(_) => (None, Vec::new()),
        Command::ResolveTrayItem(args) => match (args.inner(), &args.choice) {
            (
                Some(inner),
                TrayChoice::Apply {
                    name,
                    version,
                    edited,
                    ..
                },
            ) => {
                let (inner, history) = without_health(&inner);
                let stripped = ResolveTrayItem {
                    tray_item_id: args.tray_item_id,
                    choice: TrayChoice::Apply {
                        name: name.clone(),
                        version: *version,
                        args: inner.unwrap_or(Value::Null),
                        edited: *edited,
                    },
                };
                (serde_json::to_value(stripped).ok(), history)
            }
            _ => (value_of(command), Vec::new()),
        },
        _ => (value_of(command), Vec::new()),
    }
}

/// The rows that keep what was not applied: the item, and answers about health under their own key.
pub fn keep(
    view: &impl View,
    ctx: &Ctx,
    id: TrayItemId,
    kind: TrayKind,
    refusal: Refusal,
    command: Option<&Command>,
) -> Vec<Row> {
    let (args, health) = command.map_or((None, Vec::new()), without_health);
    let item = TrayItem {
        id,
        command_id: ctx.command_id,
        device_id: ctx.device_id,
        site_id: ctx.site_id,
        // A record that was never made is nobody's.
        patient_id: command
            .and_then(Command::patient_id)
            .filter(|patient| view.one(&Key::Row(Entity::Patient, patient.0)).is_some()),
        kind,
        command: command.map(|command| command.name().as_str().to_owned()),
        version: command.map(|command| command.name().version()),
        args,
        refusal: Some(refusal),
        entered_by: ctx.actor_name.clone(),
        member_id: ctx.member_id,
        entered_at: ctx.device_time,
        received_at: ctx.now,
        state: TrayState::Open,
        decided_by: None,
        decided_at: None,
    };
    let answers = health.into_iter().enumerate().map(|(nth, (intake, said))| {
        Row::QuestionnaireResponse(said.kept(answers_id(id, nth), intake, ctx.device_time))
    });
    [Row::TrayItem(item)].into_iter().chain(answers).collect()
}

/// Whether a role decides about what was not applied.
pub fn decides(role: Role) -> bool {
    crate::access::may_command(role, CommandName::ResolveTrayItem)
}
