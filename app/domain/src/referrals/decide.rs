//! The area's commands: what each looks at, whom it is about, what follows.

use super::{EndReferral, RecordReferral, Referral, ReferralField, ReferralState};
use crate::command::Command;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::patients::{Change, merge_fields};
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;

fn key(id: ReferralId) -> Key {
    Key::Row(Entity::Referral, id.0)
}

/// What a command of this area looks at; nothing for one of another.
pub(crate) fn reads(command: &Command) -> Option<Vec<Key>> {
    Some(match command {
        Command::RecordReferral(RecordReferral { referral, .. }) => {
            let kinds = referral.visit_type_ids.iter();
            let coverage = referral.coverage_id.map(|id| Key::Row(Entity::Coverage, id.0));
            [
                key(referral.id),
                Key::OfPatient(Entity::Referral, referral.patient_id),
            ]
            .into_iter()
            .chain(coverage)
            .chain(kinds.map(|id| Key::Row(Entity::VisitType, id.0)))
            .collect()
        }
        Command::EndReferral(args) => vec![key(args.referral_id)],
        _ => return None,
    })
}

/// Whom a command of this area is about.
pub(crate) fn patient_of(command: &Command) -> Option<PatientId> {
    match command {
        Command::RecordReferral(args) => Some(args.referral.patient_id),
        Command::EndReferral(args) => Some(args.patient_id),
        _ => None,
    }
}

/// What follows from a command of this area; nothing for one of another.
pub(crate) fn decide(view: &impl View, ctx: &Ctx, command: &Command) -> Option<Result<Decision, Refusal>> {
    Some(match command {
        Command::RecordReferral(args) => record(view, ctx, args),
        Command::EndReferral(args) => end(view, ctx, args),
        _ => return None,
    })
}

fn not_found(what: &str) -> Refusal {
    Refusal::new(RefusalCode::NotFound).with("what", what)
}

/// As it is kept: nothing around its texts, no text that says nothing, each kind of visit once.
fn tidy(referral: &Referral) -> Referral {
    let text = |text: &Option<String>| {
        let text = text.as_deref().map(str::trim);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let mut visit_type_ids = referral.visit_type_ids.clone();
    visit_type_ids.sort_unstable();
    visit_type_ids.dedup();
    Referral {
        number: referral.number.trim().to_owned(),
        referrer_name: text(&referral.referrer_name),
        referrer_npi: text(&referral.referrer_npi),
        note: text(&referral.note),
        visit_type_ids,
        ..referral.clone()
    }
}

/// What it names is there, as far as it did not name it before.
fn names(view: &impl View, wanted: &Referral, base: Option<&Referral>) -> Result<(), Refusal> {
    let is_new = |id: &CoverageId| base.is_none_or(|base| base.coverage_id != Some(*id));
    if let Some(id) = wanted.coverage_id.filter(is_new) {
        match view.one(&Key::Row(Entity::Coverage, id.0)) {
            Some(Row::Coverage(coverage)) if coverage.patient_id == wanted.patient_id => {}
            _ => return Err(not_found("coverage")),
        }
    }
    for id in &wanted.visit_type_ids {
        if view.one(&Key::Row(Entity::VisitType, id.0)).is_none() {
            return Err(not_found("visit type"));
        }
    }
    Ok(())
}

/// A new one is added; one that is there is corrected field by field. Two that count do not have one number: visits
/// name nothing else.
fn record(view: &impl View, ctx: &Ctx, args: &RecordReferral) -> Result<Decision, Refusal> {
    let wanted = tidy(&args.referral);
    let patient = wanted.patient_id;
    if view.one(&Key::Row(Entity::Patient, patient.0)).is_none() {
        return Err(not_found("patient"));
    }
    let known = match view.one(&key(wanted.id)) {
        Some(Row::Referral(known)) if known.patient_id != patient => return Err(not_found("referral")),
        Some(Row::Referral(known)) => Some(known),
        _ => None,
    };
    names(view, &wanted, args.base.as_ref())?;
    let before = known.clone();
    let (referral, conflicts) = match (known, &args.base) {
        (None, None) => (begun(ctx, wanted)?, Vec::new()),
        (Some(known), Some(base)) => corrected(ctx, known, base, &wanted)?,
        (Some(_), None) => return Err(exists()),
        (None, Some(_)) => return Err(not_found("referral")),
    };
    let same = |before: &Referral| before.state == ReferralState::Active && before.number == referral.number;
    if !before.as_ref().is_some_and(same) {
        alone(view, &referral)?;
    }
    Ok(Decision::merged(vec![Row::Referral(referral)], conflicts))
}

/// No other one of the patient that counts has its number.
pub(crate) fn alone(view: &impl View, referral: &Referral) -> Result<(), Refusal> {
    let all = view.get(&Key::OfPatient(Entity::Referral, referral.patient_id));
    let twin = |row: &Row| matches!(row, Row::Referral(other) if other.is_twin_of(referral));
    if all.iter().any(twin) {
        return Err(exists());
    }
    Ok(())
}

fn exists() -> Refusal {
    Refusal::new(RefusalCode::AlreadyExists).with("what", "referral")
}

fn begun(ctx: &Ctx, wanted: Referral) -> Result<Referral, Refusal> {
    let referral = Referral {
        state: ReferralState::Active,
        former_numbers: Vec::new(),
        recorded_at: ctx.now,
        recorded_by: ctx.actor_name.clone(),
        ended_at: None,
        ended_by: None,
        ..wanted
    };
    referral.faults(ctx.today).into_refusal()?;
    Ok(referral)
}

/// What was changed since the base was seen, against what is recorded now.
fn corrected(
    ctx: &Ctx,
    known: Referral,
    base: &Referral,
    wanted: &Referral,
) -> Result<(Referral, Vec<Row>), Refusal> {
    let base = tidy(base);
    let changes: Vec<Change<ReferralField>> = (ReferralField::ALL.into_iter())
        .map(|field| Change {
            field,
            from: field.read(&base),
            to: field.read(wanted),
        })
        .filter(|change| change.from != change.to)
        .collect();
    let (mut referral, conflicts) = merge_fields(ctx, known, &changes)?;
    if base.state == ReferralState::Ended && wanted.state == ReferralState::Active {
        referral.state = ReferralState::Active;
        (referral.ended_at, referral.ended_by) = (None, None);
    }
    Ok((referral, conflicts))
}

/// Once. Who ends it second is told who was first.
fn end(view: &impl View, ctx: &Ctx, args: &EndReferral) -> Result<Decision, Refusal> {
    let known = match view.one(&key(args.referral_id)) {
        Some(Row::Referral(known)) if known.patient_id == args.patient_id => known,
        _ => return Err(not_found("referral")),
    };
    if known.state == ReferralState::Ended {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", known.ended_by.as_deref().unwrap_or_default()));
    }
    Ok(Decision::put(Row::Referral(Referral {
        state: ReferralState::Ended,
        ended_at: Some(ctx.now),
        ended_by: Some(ctx.actor_name.clone()),
        ..known
    })))
}
