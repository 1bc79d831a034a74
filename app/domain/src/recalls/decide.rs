//! The area's commands: what each looks at, whom it is about, what follows.

use super::{CloseRecall, NoteRecallContact, Recall, RecallContact, RecallState, TakeBackRecallContact};
use crate::command::Command;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::{belongs, membership_key};
use crate::row::{Entity, Key, Row, View};
use crate::validate::MAX_WORDS;
use chrono::{Datelike, SubsecRound};

fn key(id: RecallId) -> Key {
    Key::Row(Entity::Recall, id.0)
}

/// The rows that a recall names, beside its patient.
fn named(recall: &Recall) -> impl Iterator<Item = (&'static str, Key)> {
    let site = Some(("site", Key::Row(Entity::Site, recall.site_id.0)));
    let kind = recall
        .visit_type_id
        .map(|id| ("visit type", Key::Row(Entity::VisitType, id.0)));
    let with = recall
        .practitioner_id
        .map(|id| ("practitioner", Key::Row(Entity::Practitioner, id.0)));
    [site, kind, with].into_iter().flatten()
}

/// What a command of this area looks at; nothing for one of another.
pub(crate) fn reads(command: &Command) -> Option<Vec<Key>> {
    Some(match command {
        Command::AddRecall(recall) => [key(recall.id), membership_key(recall.patient_id)]
            .into_iter()
            .chain(named(recall).map(|(_, key)| key))
            .collect(),
        Command::NoteRecallContact(args) => vec![key(args.recall_id)],
        Command::TakeBackRecallContact(args) => vec![key(args.recall_id)],
        Command::CloseRecall(args) => vec![key(args.recall_id)],
        _ => return None,
    })
}

/// Whom a command of this area is about.
pub(crate) fn patient_of(command: &Command) -> Option<PatientId> {
    match command {
        Command::AddRecall(recall) => Some(recall.patient_id),
        Command::NoteRecallContact(args) => Some(args.patient_id),
        Command::TakeBackRecallContact(args) => Some(args.patient_id),
        Command::CloseRecall(args) => Some(args.patient_id),
        _ => None,
    }
}

/// What follows from a command of this area; nothing for one of another.
pub(crate) fn decide(view: &impl View, ctx: &Ctx, command: &Command) -> Option<Result<Decision, Refusal>> {
    Some(match command {
        Command::AddRecall(recall) => add(view, ctx, recall),
        Command::NoteRecallContact(args) => note(view, ctx, args),
        Command::TakeBackRecallContact(args) => take_back(view, args),
        Command::CloseRecall(args) => close(view, ctx, args),
        _ => return None,
    })
}

fn invalid(field: &str) -> Refusal {
    Refusal::new(RefusalCode::Invalid).with("field", field)
}

fn not_found(what: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound).with("what", what)
}

fn known(view: &impl View, id: RecallId, patient: PatientId) -> Result<Recall, Refusal> {
    match view.one(&key(id)) {
        Some(Row::Recall(known)) if known.patient_id == patient => Ok(known),
        _ => Err(not_found("recall")),
    }
}

fn add(view: &impl View, ctx: &Ctx, recall: &Recall) -> Result<Decision, Refusal> {
    let before = match view.one(&key(recall.id)) {
        Some(Row::Recall(known)) if known.state == RecallState::Open => {
            return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "recall"));
        }
        Some(Row::Recall(known)) if known.patient_id != recall.patient_id => {
            return Err(not_found("recall"));
        }
        Some(Row::Recall(known)) => Some(known),
        _ => None,
    };
    let why = recall.why.trim();
    if why.is_empty() || why.chars().count() > MAX_WORDS {
        return Err(invalid("why"));
    }
    // Years that a calendar and a database reckon with.
    if !(1900..2300).contains(&recall.due_on.year()) {
        return Err(invalid("due_on"));
    }
    if view
        .one(&Key::Row(Entity::Patient, recall.patient_id.0))
        .is_none()
    {
        return Err(not_found("patient"));
    }
    if let Some((what, _)) = named(recall).find(|(_, key)| view.one(key).is_none()) {
        return Err(not_found(what));
    }
    // What is opened again was asked for when it was, and what was noted since stays.
    let (asked_at, asked_by, contacts) = match before {
        Some(before) => (before.asked_at, before.asked_by, before.contacts),
        None => (ctx.now, ctx.actor_name.clone(), Vec::new()),
    };
    let mut facts = vec![Row::Recall(Recall {
        why: why.to_owned(),
        asked_at,
        asked_by,
        contacts,
        state: RecallState::Open,
        closed_at: None,
        closed_by: None,
        ..recall.clone()
    })];
    // Whoever works off the list there may say what came of it.
    facts.extend(belongs(view, recall.patient_id, recall.site_id));
    Ok(Decision::facts(facts))
}

/// Kept also when somebody has closed it meanwhile: that they were called stays true.
fn note(view: &impl View, ctx: &Ctx, args: &NoteRecallContact) -> Result<Decision, Refusal> {
    let mut known = known(view, args.recall_id, args.patient_id)?;
    let note = args
        .note
        .as_deref()
        .map(str::trim)
        .filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > MAX_WORDS) {
        return Err(invalid("note"));
    }
    known.contacts.push(RecallContact {
        id: args.contact_id,
        at: ctx.device_time.min(ctx.now).trunc_subsecs(6),
        by: ctx.actor_name.clone(),
        way: args.way,
        note: note.map(str::to_owned),
    });
    // Two desks that noted one each without having heard of the other's.
    known.contacts.sort_by_key(|contact| contact.at);
    Ok(Decision::put(Row::Recall(known)))
}

/// Gone from the list; that it was noted stays in the audit.
fn take_back(view: &impl View, args: &TakeBackRecallContact) -> Result<Decision, Refusal> {
    let mut known = known(view, args.recall_id, args.patient_id)?;
    let noted = known.contacts.len();
    known
        .contacts
        .retain(|contact| contact.id != Some(args.contact_id));
    if known.contacts.len() == noted {
        return Err(not_found("contact"));
    }
    Ok(Decision::put(Row::Recall(known)))
}

/// Once. Who closes it second is told who was first.
fn close(view: &impl View, ctx: &Ctx, args: &CloseRecall) -> Result<Decision, Refusal> {
    let known = known(view, args.recall_id, args.patient_id)?;
    if args.reason == RecallState::Open {
        return Err(invalid("reason"));
    }
    if known.state != RecallState::Open {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", known.closed_by.as_deref().unwrap_or_default()));
    }
    Ok(Decision::put(Row::Recall(Recall {
        state: args.reason,
        closed_at: Some(ctx.now),
        closed_by: Some(ctx.actor_name.clone()),
        ..known
    })))
}
