//! Rules for recording a coverage.

use super::*;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;
use chrono::Days;

/// Records one coverage; with `replaces_id`, the version that it replaces ends the day before.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordCoverage {
    /// The new version.
    pub coverage: Coverage,
    /// The day from which it counts; the version replaced ends the day before.
    pub replaces_from: Option<NaiveDate>,
}
crate::redacted_debug!(RecordCoverage);

/// What recording looks at.
pub fn reads(args: &RecordCoverage) -> Vec<Key> {
    vec![
        Key::Row(Entity::Patient, args.coverage.patient_id.0),
        Key::OfPatient(Entity::Coverage, args.coverage.patient_id),
    ]
}

/// A coverage is added; what it replaces is closed, never changed.
pub fn record_coverage(view: &impl View, ctx: &Ctx, args: &RecordCoverage) -> Result<Decision, Refusal> {
    let patient_id = args.coverage.patient_id;
    if view.one(&Key::Row(Entity::Patient, patient_id.0)).is_none() {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    // A replacement always has a first day: without one it would count for service dates of the version before.
    let first = args.replaces_from.or(args.coverage.effective_on);
    let coverage = Coverage {
        eligibility: Eligibility::NotChecked,
        recorded_at: ctx.now,
        effective_on: first.or(args.coverage.replaces_id.map(|_| ctx.today)),
        ..args.coverage.clone()
    };
    coverage.faults(ctx.today).into_refusal()?;
    let known = view.get(&Key::OfPatient(Entity::Coverage, patient_id));
    if known.iter().any(|row| row.id() == coverage.id.0) {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "coverage"));
    }
    let mut facts = Vec::new();
    if let Some(old_id) = coverage.replaces_id {
        let replaced = known
            .iter()
            .any(|row| matches!(row, Row::Coverage(other) if other.replaces_id == Some(old_id)));
        let old = known.into_iter().find_map(|row| match row {
            Row::Coverage(old) if old.id == old_id => Some(old),
            _ => None,
        });
        let Some(old) = old else {
            return Err(Refusal::new(RefusalCode::NotFound).with("what", "coverage"));
        };
        // Two desks that replaced the same card would leave two in force; the second is asked.
        if replaced {
            return Err(Refusal::new(RefusalCode::AlreadyReplaced));
        }
        facts.push(Row::Coverage(closed(
            old,
            coverage.effective_on.unwrap_or(ctx.today),
        )));
    }
    facts.push(Row::Coverage(coverage));
    Ok(Decision::facts(facts))
}

/// The same coverage, ended the day before another takes over. An end that is already earlier stays.
pub(crate) fn closed(old: Coverage, from: NaiveDate) -> Coverage {
    let last = from.checked_sub_days(Days::new(1)).unwrap_or(from);
    let term = old.term_on.map_or(last, |known| known.min(last));
    Coverage {
        term_on: Some(old.effective_on.map_or(term, |start| term.max(start))),
        ..old
    }
}
