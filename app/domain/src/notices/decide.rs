//! Rules for what people say: about rules, numbers, and their appointments.

use super::contact::{Contact, ContactKind, ContactOptOut, Via};
use super::notice::{Answer, Notice, NoticeState};
use super::rule::NoticeRule;
use super::send::{illegal, not_found, notice};
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::schedule::{
    Appointment, AppointmentState, CancelAppointment, CancelledBy, ConfirmAppointment, cancel_appointment,
    confirm_appointment,
};
use serde::{Deserialize, Serialize};

/// Sets or corrects a rule.
pub type SetNoticeRule = NoticeRule;

/// Somebody said to send nothing more to a number or an address, or to begin again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SetOptOut {
    /// What kind.
    pub kind: ContactKind,
    /// As typed.
    pub address: String,
    /// To stop; else to begin again.
    pub stop: bool,
    /// By which way it was said.
    pub via: Via,
}

/// Somebody else has a number or an address.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportWrongNumber {
    /// What kind.
    pub kind: ContactKind,
    /// As typed.
    pub address: String,
    /// By which way it was said.
    pub via: Via,
}

/// What a patient said to a notice. Of several answers the last counts, as long as the appointment is still as it was.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerNotice {
    /// To which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// About which appointment.
    pub appointment_id: AppointmentId,
    /// What they said.
    pub answer: Answer,
    /// By which way.
    pub via: Via,
}
crate::redacted_debug!(SetOptOut, ReportWrongNumber, AnswerNotice);

/// A rule is sound by itself.
pub fn set_rule(row: &NoticeRule) -> Result<Decision, Refusal> {
    match row.fault() {
        Some(field) => Err(Refusal::new(RefusalCode::Invalid).with("field", field)),
        None => Ok(Decision::put(Row::NoticeRule(row.clone()))),
    }
}

/// What is known of a contact, with one more thing said about it.
fn said(
    view: &impl View,
    ctx: &Ctx,
    (kind, address, via): (ContactKind, &str, Via),
    note: impl FnOnce(&mut ContactOptOut, chrono::DateTime<chrono::Utc>),
) -> Result<Decision, Refusal> {
    let Some(contact) = Contact::of(kind, address) else {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "address"));
    };
    let known = match view.one(&Key::Row(Entity::ContactOptOut, contact.row_id().0)) {
        Some(Row::ContactOptOut(known)) => known,
        _ => ContactOptOut::new(&contact, via, &ctx.actor_name),
    };
    let mut next = known.clone();
    // In the order in which the clinic heard it: a device's clock may be days behind or ahead.
    note(&mut next, ctx.now);
    if next == known {
        return Ok(Decision::facts(Vec::new()));
    }
    (next.via, next.noted_by) = (via, ctx.actor_name.clone());
    Ok(Decision::put(Row::ContactOptOut(next)))
}

/// From the moment it was said.
pub fn set_opt_out(view: &impl View, ctx: &Ctx, args: &SetOptOut) -> Result<Decision, Refusal> {
    said(view, ctx, (args.kind, &args.address, args.via), |row, at| {
        let moment = if args.stop {
            &mut row.stopped_at
        } else {
            &mut row.started_at
        };
        *moment = (*moment).max(Some(at));
    })
}

/// From the moment it was said.
pub fn report_wrong(view: &impl View, ctx: &Ctx, args: &ReportWrongNumber) -> Result<Decision, Refusal> {
    said(view, ctx, (args.kind, &args.address, args.via), |row, at| {
        row.wrong_at = row.wrong_at.max(Some(at));
    })
}

/// The answer is kept beside where the notice stands, and the appointment is confirmed or called off with it.
pub fn answer(view: &impl View, ctx: &Ctx, args: &AnswerNotice) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    let spoken = known.state.was_sent() || known.state == NoticeState::Queued;
    if !spoken || known.appointment_id != args.appointment_id {
        return Err(illegal(&known, known.state));
    }
    let appointment = match view.one(&Key::Row(Entity::Appointment, args.appointment_id.0)) {
        Some(Row::Appointment(appointment)) => appointment,
        _ => return Err(not_found("appointment")),
    };
    if appointment.start_at != known.start_at {
        return Err(Refusal::new(RefusalCode::AlreadyMoved));
    }
    // Said again, and nothing has come in between: neither the desk, nor another booking under the same identity.
    let stands = match args.answer {
        Answer::Confirmed => appointment.state == AppointmentState::Confirmed,
        Answer::Cancelled => appointment.state == AppointmentState::Cancelled,
        Answer::OtherTime => known.settled_at.is_none(),
    };
    if known.answer == Some(args.answer) && stands {
        return Ok(Decision::facts(Vec::new()));
    }
    let mut decision = follow(view, ctx, &appointment, args)?;
    decision.facts.push(Row::Notice(Notice {
        answer: Some(args.answer),
        answered_at: Some(ctx.now),
        answered_via: Some(args.via),
        // What they want now was not seen to yet.
        settled_at: None,
        ..known
    }));
    Ok(decision)
}

fn follow(
    view: &impl View,
    ctx: &Ctx,
    appointment: &Appointment,
    args: &AnswerNotice,
) -> Result<Decision, Refusal> {
    let (appointment_id, patient_id) = (args.appointment_id, args.patient_id);
    match args.answer {
        // Who is in the house need not say any more that they come.
        Answer::Confirmed if appointment.state.may_become(AppointmentState::Confirmed) => {
            let confirm = ConfirmAppointment {
                appointment_id,
                patient_id,
            };
            confirm_appointment(view, ctx, &confirm)
        }
        Answer::Confirmed if appointment.state.is_open() => Ok(Decision::facts(Vec::new())),
        Answer::OtherTime if appointment.state.may_cancel() => Ok(Decision::facts(Vec::new())),
        Answer::Cancelled => {
            let cancel = CancelAppointment {
                appointment_id,
                patient_id,
                reason: super::words::CANCELLED_BY_NOTICE.to_owned(),
                by: CancelledBy::Patient,
            };
            cancel_appointment(view, ctx, &cancel)
        }
        Answer::Confirmed | Answer::OtherTime => Err(Refusal::new(RefusalCode::IllegalStep)
            .with("from", appointment.state.name())
            .with("to", AppointmentState::Confirmed.name())),
    }
}
