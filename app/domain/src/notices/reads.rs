//! The area's commands, as the rest of the crate asks about them.

use super::contact::{Contact, ContactKind};
use super::{decide as said, send};
use crate::command::{Command, SERVER};
use crate::decide::{Ctx, Decision, Refusal};
use crate::id::PatientId;
use crate::row::{Entity, Key, View};

/// What a command of this area looks at; nothing for one of another. The patient's own row is always among it.
pub(crate) fn reads(command: &Command) -> Option<Vec<Key>> {
    let contact = |kind: ContactKind, address: &str| {
        let contact = Contact::of(kind, address);
        contact
            .map(|contact| Key::Row(Entity::ContactOptOut, contact.row_id().0))
            .into_iter()
            .collect()
    };
    Some(match command {
        Command::SetNoticeRule(row) => vec![Key::Row(Entity::NoticeRule, row.id.0)],
        Command::SetOptOut(args) => contact(args.kind, &args.address),
        Command::ReportWrongNumber(args) => contact(args.kind, &args.address),
        Command::AnswerNotice(args) => vec![
            Key::Row(Entity::Notice, args.notice_id.0),
            Key::Row(Entity::Appointment, args.appointment_id.0),
            Key::Of(Entity::Busy, args.appointment_id.0),
        ],
        Command::PlanNotice(row) => vec![
            Key::Row(Entity::Notice, row.id.0),
            Key::Row(Entity::NoticeRule, row.rule_id.0),
            Key::Row(Entity::Appointment, row.appointment_id.0),
        ],
        Command::ClaimNotice(args) => [
            Key::Row(Entity::Notice, args.notice_id.0),
            Key::Row(Entity::NoticeRule, args.rule_id.0),
            Key::Row(Entity::Appointment, args.appointment_id.0),
            Key::OfPatient(Entity::Consent, args.patient_id),
        ]
        .into_iter()
        .chain(args.contact_id.map(|id| Key::Row(Entity::ContactOptOut, id.0)))
        .collect(),
        Command::RecordNoticeOutcome(args) => vec![Key::Row(Entity::Notice, args.notice_id.0)],
        Command::RetryNotice(args) => vec![
            Key::Row(Entity::Notice, args.notice_id.0),
            Key::Row(Entity::NoticeRule, args.rule_id.0),
            Key::OfPatient(Entity::Consent, args.patient_id),
        ],
        Command::SettleNotice(args) => vec![Key::Row(Entity::Notice, args.notice_id.0)],
        Command::VoidNotice(args) => vec![Key::Row(Entity::Notice, args.notice_id.0)],
        _ => return None,
    })
}

/// Whom a command of this area is about. What is said about a number is about whoever has it.
pub(crate) fn patient_of(command: &Command) -> Option<PatientId> {
    match command {
        Command::AnswerNotice(args) => Some(args.patient_id),
        Command::PlanNotice(row) => Some(row.patient_id),
        Command::ClaimNotice(args) => Some(args.patient_id),
        Command::RecordNoticeOutcome(args) => Some(args.patient_id),
        Command::RetryNotice(args) => Some(args.patient_id),
        Command::SettleNotice(args) => Some(args.patient_id),
        Command::VoidNotice(args) => Some(args.patient_id),
        _ => None,
    }
}

/// What follows from a command of this area; nothing for one of another.
pub(crate) fn decide(
    view: &impl View,
    ctx: &mut Ctx,
    command: &Command,
) -> Option<Result<Decision, Refusal>> {
    Some(match command {
        Command::SetNoticeRule(row) => said::set_rule(row),
        Command::SetOptOut(args) => said::set_opt_out(view, ctx, args),
        Command::ReportWrongNumber(args) => said::report_wrong(view, ctx, args),
        Command::AnswerNotice(args) => said::answer(view, ctx, args),
        Command::PlanNotice(row) if SERVER => send::plan_notice(view, row),
        Command::ClaimNotice(args) if SERVER => send::claim(view, ctx, args),
        Command::RecordNoticeOutcome(args) if SERVER => send::record_outcome(view, ctx, args),
        Command::RetryNotice(args) => send::retry(view, ctx, args),
        Command::SettleNotice(args) => send::settle(view, ctx, args),
        Command::VoidNotice(args) => send::void(view, args),
        _ => return None,
    })
}
