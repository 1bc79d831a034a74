//! Rules for what happens to a notice from plan to end. Each is a command: the server that sends has no other way to
//! write what it did, and two that race meet here.

use super::contact::Contact;
use super::notice::{Answer, FailReason, Notice, NoticeState, VoidReason};
use super::reach::{contact_of, heard, ways};
use super::rule::{Channel, NoticeRule};
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::Patient;
use crate::row::{Entity, Key, Row, View};
use crate::schedule::Appointment;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Plans a notice: waiting, or with the reason why it is not sent. One that is there already stays as it is.
pub type PlanNotice = Notice;

/// Takes a notice up to be sent, after a last look at whether it still may be.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ClaimNotice {
    /// Which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// Its rule.
    pub rule_id: NoticeRuleId,
    /// Its appointment.
    pub appointment_id: AppointmentId,
    /// Where it goes, so that what was said about that is looked at.
    pub contact_id: Option<ContactOptOutId>,
    /// Which attempt this is, from 1.
    pub attempt: u16,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoticeOutcome {
    /// It was handed over.
    Sent {
        /// What the network calls it.
        network_ref: Option<String>,
    },
    /// It arrived.
    Delivered,
    /// It was not taken, and may be later.
    TryAgain {
        /// When.
        at: DateTime<Utc>,
    },
    /// It will not arrive.
    Failed {
        /// Why.
        reason: FailReason,
    },
}

/// Says what became of an attempt.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordNoticeOutcome {
    /// Which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// Which attempt.
    pub attempt: u16,
    /// What became of it.
    pub outcome: NoticeOutcome,
}

/// Sends again what failed, to where the patient is reached now.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RetryNotice {
    /// Which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// Its rule, which says by which way.
    pub rule_id: NoticeRuleId,
}

/// Somebody saw to a notice: printed it, called, or did what the patient asked for.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SettleNotice {
    /// Which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// Whether the patient was reached.
    pub done: bool,
}

/// Calls a notice off.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct VoidNotice {
    /// Which.
    pub notice_id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// Why.
    pub reason: VoidReason,
}
crate::redacted_debug!(
    ClaimNotice,
    RecordNoticeOutcome,
    RetryNotice,
    SettleNotice,
    VoidNotice
);

pub(super) fn not_found(what: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound).with("what", what)
}

fn invalid(field: &str) -> Refusal {
    Refusal::new(RefusalCode::Invalid).with("field", field)
}

/// A notice, when it is about this patient.
pub(super) fn notice(view: &impl View, id: NoticeId, patient: PatientId) -> Result<Notice, Refusal> {
    match view.one(&Key::Row(Entity::Notice, id.0)) {
        Some(Row::Notice(known)) if known.patient_id == patient => Ok(known),
        _ => Err(not_found("notice")),
    }
}

fn rule(view: &impl View, id: NoticeRuleId) -> Result<NoticeRule, Refusal> {
    match view.one(&Key::Row(Entity::NoticeRule, id.0)) {
        Some(Row::NoticeRule(rule)) => Ok(rule),
        _ => Err(not_found("rule")),
    }
}

fn patient(view: &impl View, id: PatientId) -> Result<Patient, Refusal> {
    match view.one(&Key::Row(Entity::Patient, id.0)) {
        Some(Row::Patient(patient)) => Ok(patient),
        _ => Err(not_found("patient")),
    }
}

fn put(notice: Notice) -> Result<Decision, Refusal> {
    Ok(Decision::put(Row::Notice(notice)))
}

fn nothing() -> Result<Decision, Refusal> {
    Ok(Decision::facts(Vec::new()))
}

/// A notice is planned once: its id says of what it is.
pub fn plan_notice(view: &impl View, args: &PlanNotice) -> Result<Decision, Refusal> {
    match view.one(&Key::Row(Entity::Notice, args.id.0)) {
        // What it was about is so again: moved back, booked again, the rule switched on. Nothing was sent of it.
        Some(Row::Notice(known)) if known.may_come_back() => {}
        Some(_) => return nothing(),
        None => {}
    }
    if args.id != Notice::id_of(args.rule_id, args.appointment_id, args.start_at) {
        return Err(invalid("id"));
    }
    let first = matches!(
        args.state,
        NoticeState::Planned | NoticeState::Void(_) | NoticeState::Failed(_)
    );
    if !first || args.attempts != 0 || args.answer.is_some() {
        return Err(invalid("state"));
    }
    rule(view, args.rule_id)?;
    patient(view, args.patient_id)?;
    match view.one(&Key::Row(Entity::Appointment, args.appointment_id.0)) {
        Some(Row::Appointment(known)) if known.patient_id == args.patient_id => put(args.clone()),
        _ => Err(not_found("appointment")),
    }
}

/// Why an appointment is not what a notice speaks of any more.
pub fn void_because(
    notice: &Notice,
    rule: &NoticeRule,
    appointment: Option<&Appointment>,
) -> Option<VoidReason> {
    let Some(appointment) = appointment else {
        return Some(VoidReason::NotWanted);
    };
    if appointment.start_at != notice.start_at || appointment.site_id != notice.site_id {
        Some(VoidReason::Moved)
    } else if !rule.active {
        Some(VoidReason::RuleChanged)
    } else if !rule.fits(appointment.state) {
        Some(VoidReason::NotWanted)
    } else if !rule.speaks_of(appointment) {
        Some(VoidReason::RuleChanged)
    } else {
        None
    }
}

/// Takes a notice up: from now on it is being sent. Everything that was true when it was planned is looked at again, for
/// a text that went out to the dead, or about a time that is no more, cannot be taken back.
pub fn claim(view: &impl View, ctx: &Ctx, args: &ClaimNotice) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    if known.rule_id != args.rule_id || known.appointment_id != args.appointment_id {
        return Err(invalid("rule_id"));
    }
    // Somebody else took it up, or it was called off.
    if known.state != NoticeState::Planned || args.attempt != known.attempts + 1 {
        return nothing();
    }
    let (rule, patient) = (rule(view, args.rule_id)?, patient(view, args.patient_id)?);
    let appointment = match view.one(&Key::Row(Entity::Appointment, args.appointment_id.0)) {
        Some(Row::Appointment(appointment)) => Some(appointment),
        _ => None,
    };
    let void = |why| Notice {
        state: NoticeState::Void(why),
        ..known.clone()
    };
    if let Some(why) = void_because(&known, &rule, appointment.as_ref()) {
        return put(void(why));
    }
    if known.useless_at <= ctx.now {
        return put(void(VoidReason::TooLate));
    }
    let (there, why_not) = contacts(view, rule.channel, &patient);
    // By the way for which it was planned, as long as it is one of theirs.
    let planned = there.iter().position(|(way, _)| *way == known.channel);
    let mut ways = there.into_iter().skip(planned.unwrap_or(0));
    let Some((channel, address)) = ways.next() else {
        return put(Notice {
            state: why_not,
            ..known
        });
    };
    if known.channel != channel || known.address.as_ref() != Some(&address) {
        // They are reached elsewhere now. What was said about that place was not looked at: the next claim does.
        return put(with_address(known, channel, address));
    }
    let contact = known.contact();
    if contact.as_ref().map(Contact::row_id) != args.contact_id {
        return Err(invalid("contact_id"));
    }
    if let Some(why) = contact.and_then(|contact| heard(view, &contact)) {
        return put(match ways.next() {
            // Not by the way that they asked for: by the rule's own.
            Some((channel, address)) => with_address(known, channel, address),
            None => void(why),
        });
    }
    put(Notice {
        state: NoticeState::Queued,
        attempts: args.attempt,
        queued_at: Some(ctx.now),
        claimed_by: Some(ctx.command_id),
        ..known
    })
}

fn with_address(known: Notice, channel: Channel, address: String) -> Notice {
    let mut moved = Notice {
        channel,
        address: Some(address),
        ..known
    };
    moved.message_id = moved.message();
    moved
}

/// What became of an attempt. What is heard too late, or of an attempt that is not the last, changes nothing.
pub fn record_outcome(view: &impl View, ctx: &Ctx, args: &RecordNoticeOutcome) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    let next = match &args.outcome {
        NoticeOutcome::Sent { .. } => NoticeState::Sent,
        NoticeOutcome::Delivered => NoticeState::Delivered,
        NoticeOutcome::TryAgain { .. } => NoticeState::Planned,
        NoticeOutcome::Failed { reason } => NoticeState::Failed(*reason),
    };
    if known.attempts != args.attempt || !known.state.may_become(next) {
        return nothing();
    }
    let mut told = Notice { state: next, ..known };
    match &args.outcome {
        NoticeOutcome::Sent { network_ref } => {
            told.sent_at = Some(ctx.now);
            told.network_ref = network_ref.clone();
        }
        NoticeOutcome::Delivered => {
            told.sent_at = told.sent_at.or(Some(ctx.now));
            told.delivered_at = Some(ctx.now);
        }
        NoticeOutcome::TryAgain { at } => told.due_at = *at,
        NoticeOutcome::Failed { .. } => {}
    }
    put(told)
}

/// Somebody wants it tried again, to where the patient is reached now.
pub fn retry(view: &impl View, ctx: &Ctx, args: &RetryNotice) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    if !matches!(known.state, NoticeState::Failed(_)) || known.rule_id != args.rule_id {
        return Err(illegal(&known, NoticeState::Planned));
    }
    let (rule, patient) = (rule(view, args.rule_id)?, patient(view, args.patient_id)?);
    let (there, why_not) = contacts(view, rule.channel, &patient);
    match there.into_iter().next() {
        Some((channel, address)) => put(with_address(
            Notice {
                state: NoticeState::Planned,
                due_at: ctx.now,
                settled_at: None,
                // What the network still says is of the one before.
                network_ref: None,
                ..known
            },
            channel,
            address,
        )),
        // Still nowhere to send it to: it stays on the list.
        None => put(Notice {
            state: why_not,
            ..known
        }),
    }
}

/// The numbers and addresses by which a patient may be told what a rule says, by their own record alone, the first first;
/// and why there is none.
fn contacts(view: &impl View, rule: Channel, patient: &Patient) -> (Vec<(Channel, String)>, NoticeState) {
    let (mut there, mut why_not) = (Vec::new(), NoticeState::Failed(FailReason::NoContact));
    for way in ways(rule, patient) {
        match contact_of(view, way, patient) {
            Ok(found) => there.push(found),
            Err(why) => why_not = why,
        }
    }
    (there, why_not)
}

/// Somebody saw to it.
pub fn settle(view: &impl View, ctx: &Ctx, args: &SettleNotice) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    let at_desk = known.state == NoticeState::Queued && !known.channel.is_sent();
    if at_desk {
        let sent = args.done;
        return put(Notice {
            state: match sent {
                true => NoticeState::Sent,
                false => NoticeState::Failed(FailReason::NotReached),
            },
            sent_at: sent.then_some(ctx.now),
            ..known
        });
    }
    let waits = matches!(known.state, NoticeState::Failed(_)) || known.answer == Some(Answer::OtherTime);
    match (waits, known.settled_at) {
        (false, _) => Err(illegal(&known, NoticeState::Sent)),
        (true, Some(_)) => nothing(),
        (true, None) => put(Notice {
            settled_at: Some(ctx.now),
            ..known
        }),
    }
}

/// Calls it off, unless it is being sent at this moment.
pub fn void(view: &impl View, args: &VoidNotice) -> Result<Decision, Refusal> {
    let known = notice(view, args.notice_id, args.patient_id)?;
    let next = NoticeState::Void(args.reason);
    if known.state == next {
        return nothing();
    }
    let on_its_way = known.state == NoticeState::Queued && known.channel.is_sent();
    if on_its_way || !known.state.may_become(next) {
        return Err(illegal(&known, next));
    }
    put(Notice { state: next, ..known })
}

pub(super) fn illegal(known: &Notice, next: NoticeState) -> Refusal {
    Refusal::new(RefusalCode::IllegalStep)
        .with("from", format!("notice_{}", known.state.name()))
        .with("to", format!("notice_{}", next.name()))
}

impl Notice {
    /// The command that takes it up.
    pub fn claim(&self) -> ClaimNotice {
        ClaimNotice {
            notice_id: self.id,
            patient_id: self.patient_id,
            rule_id: self.rule_id,
            appointment_id: self.appointment_id,
            contact_id: self.contact().as_ref().map(Contact::row_id),
            attempt: self.attempts + 1,
        }
    }
}
