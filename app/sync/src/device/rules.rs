//! Which commands a device can decide: handed in as functions, so that a kiosk's page carries only its own, and has no
//! code that reads records.

use super::Device;
use domain::access::may_command;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, Decision, Refusal, RefusalCode, decide};
use domain::intake::check_submission;
use domain::json::Json;
use domain::row::{Over, Row, Rows};

/// What a device knows to do with commands.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Decides a command.
    pub decide: fn(&Over<'_, Rows>, &Command, &mut Ctx) -> Result<Decision, Refusal>,
    /// Its arguments, as they are sealed.
    pub args: fn(&Command) -> Result<Json, serde_json::Error>,
    /// Reads an own entry back, for replay.
    pub read: fn(&Envelope) -> Option<Command>,
    /// Lays what an entry does over what is shown.
    pub(super) show: fn(&mut Rows, Vec<Row>),
    /// The same for all that is pending, anew.
    pub(super) replay: fn(&Device) -> Rows,
}

impl Rules {
    /// Everything there is.
    pub const STAFF: Rules = Rules {
        decide: |view, command, ctx| decide(view, command, ctx),
        args: Command::args,
        read: |envelope| envelope.command().ok(),
        show: |shown, facts| facts.into_iter().for_each(|row| shown.put(row)),
        replay: Device::replayed,
    };

    /// A kiosk submits, shows nothing and reads nothing back. The same permission table and the same checks as
    /// everywhere.
    pub const KIOSK: Rules = Rules {
        decide: |_, command, ctx| match command {
            Command::SubmitIntake(args) if may_command(ctx.role, command.name()) => {
                check_submission(ctx, args).map(|()| Decision::facts(Vec::new()))
            }
            _ => Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name())),
        },
        args: |command| match command {
            Command::SubmitIntake(args) => Json::of(args),
            _ => Ok(Json::default()),
        },
        read: |_| None,
        show: |_, _| {},
        replay: |_| Rows::default(),
    };
}
