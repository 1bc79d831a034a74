//! Which commands a device can decide: handed in as functions, so that a kiosk's page carries only its own, and has no
//! code that reads records.

use domain::access::may_command;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, Decision, Refusal, RefusalCode, decide};
use domain::intake::submit_intake;
use domain::json::Json;
use domain::row::{Over, Rows};

/// What a device knows to do with commands.
#[derive(Clone, Copy)]
pub struct Rules {
    /// Decides a command.
    pub decide: fn(&Over<'_, Rows>, &Command, &mut Ctx) -> Result<Decision, Refusal>,
    /// Its arguments, as they are sealed.
    pub args: fn(&Command) -> Result<Json, serde_json::Error>,
    /// Reads an own entry back, for replay.
    pub read: fn(&Envelope) -> Option<Command>,
}

impl Rules {
    /// Everything there is.
    pub const STAFF: Rules = Rules {
        decide: |view, command, ctx| decide(view, command, ctx),
        args: Command::args,
        read: |envelope| envelope.command().ok(),
    };

    /// A kiosk submits, and reads nothing back. The same permission table and the same rule as everywhere.
    pub const KIOSK: Rules = Rules {
        decide: |view, command, ctx| match command {
            Command::SubmitIntake(args) if may_command(ctx.role, command.name()) => {
                submit_intake(view, ctx, args)
            }
            _ => Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name())),
        },
        args: |command| match command {
            Command::SubmitIntake(args) => Json::of(args),
            _ => Json::of(&()),
        },
        read: |_| None,
    };
}
