//! Rules for the patient's record.

use super::*;
use crate::decide::{Ctx, Decision, NumberKind, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;
use serde_json::Value;

/// Makes a record. Likely duplicates are offered on the device before, and shown to the desk after; they are
/// never refused and never merged here.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RegisterPatient {
    /// The record; its number is ignored and allocated.
    pub patient: Patient,
    /// The site where they came first; nothing leaves them to the whole practice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site_id: Option<SiteId>,
}

impl RegisterPatient {
    /// What registering looks at.
    pub fn reads(&self) -> Vec<Key> {
        let patient = self.patient.id;
        let belongs = self.site_id.map(|_| membership::key(patient));
        [Key::Row(Entity::Patient, patient.0)]
            .into_iter()
            .chain(belongs)
            .collect()
    }
}

/// Corrects fields, each against the value that was seen.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectPatient {
    /// Whose.
    pub patient_id: PatientId,
    /// What.
    pub changes: Vec<FieldChange>,
}

/// Sets or corrects someone around a patient.
pub type RecordRelatedPerson = RelatedPerson;

/// Says that two alike records are two people.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkDistinct {
    /// One.
    pub a: PatientId,
    /// The other.
    pub b: PatientId,
}

/// Chooses between two values.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ResolveConflict {
    /// Which.
    pub conflict_id: ConflictId,
    /// Whose record, so that it can be read beside.
    pub patient_id: PatientId,
    /// Take the second value; otherwise the recorded one stays.
    pub keep_mine: bool,
    /// What was recorded when the person chose; when it is another by then, they are asked again.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "present")]
    pub expects: Option<Value>,
    /// A third value, which wins over both.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "present")]
    pub value: Option<Value>,
}

/// A value that is there and null is another thing than no value.
mod present {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use serde_json::Value;

    pub fn serialize<S: Serializer>(value: &Option<Value>, s: S) -> Result<S::Ok, S::Error> {
        value.serialize(s)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
        Value::deserialize(d).map(Some)
    }
}
crate::redacted_debug!(RegisterPatient, CorrectPatient, MarkDistinct, ResolveConflict);

/// A new record gets the next number.
pub fn register_patient(
    view: &impl View,
    ctx: &mut Ctx,
    args: &RegisterPatient,
) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::Patient, args.patient.id.0)).is_some() {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "patient"));
    }
    args.patient.faults(ctx.today).into_refusal()?;
    let mrn = ctx.allocate(NumberKind::Mrn);
    let patient = Row::Patient(Patient {
        mrn,
        registered_at: ctx.now,
        ..args.patient.clone()
    });
    let belongs = args.site_id.and_then(|site| {
        let known = membership::membership_of(view, args.patient.id);
        membership::joins(known, args.patient.id, site)
    });
    Ok(Decision::facts([patient].into_iter().chain(belongs).collect()))
}

/// Field by field: what nobody else changed is applied, what both changed goes to a person.
pub fn correct_patient(view: &impl View, ctx: &Ctx, args: &CorrectPatient) -> Result<Decision, Refusal> {
    let Some(Row::Patient(patient)) = view.one(&Key::Row(Entity::Patient, args.patient_id.0)) else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    };
    let (patient, conflicts) = merge_fields(ctx, patient, &args.changes)?;
    Ok(Decision::merged(vec![Row::Patient(patient)], conflicts))
}

/// Three-way: current = from, apply; current = to, nothing to do; else keep the recorded value and say so.
pub(crate) fn merge_fields(
    ctx: &Ctx,
    recorded: Patient,
    changes: &[FieldChange],
) -> Result<(Patient, Vec<Row>), Refusal> {
    let mut patient = recorded;
    let mut conflicts = Vec::new();
    for (ordinal, change) in (0u32..).zip(changes) {
        let current = change.field.read(&patient);
        if current == change.to {
            continue;
        }
        if current == change.from {
            change
                .field
                .write(&mut patient, change.to.clone())
                .map_err(Refusal::from)?;
            continue;
        }
        // The value must be sound even when it only waits for a person.
        let mut waiting = patient.clone();
        change
            .field
            .write(&mut waiting, change.to.clone())
            .map_err(Refusal::from)?;
        waiting.faults(ctx.today).into_refusal()?;
        conflicts.push(Row::Conflict(Conflict {
            id: ConflictId::derived(ctx.command_id, ordinal),
            patient_id: patient.id,
            field: change.field,
            base: change.from.clone(),
            theirs: current,
            mine: change.to.clone(),
            entered_by: ctx.actor_name.clone(),
            entered_at: ctx.device_time,
            state: ConflictState::Open,
            decided_by: None,
            decided_at: None,
        }));
    }
    patient.faults(ctx.today).into_refusal()?;
    Ok((patient, conflicts))
}

/// Someone around a known patient.
pub fn record_related_person(
    view: &impl View,
    ctx: &Ctx,
    person: &RelatedPerson,
) -> Result<Decision, Refusal> {
    if view
        .one(&Key::Row(Entity::Patient, person.patient_id.0))
        .is_none()
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    if let Some(known) = view.one(&Key::Row(Entity::RelatedPerson, person.id.0))
        && known.patient_id() != Some(person.patient_id)
    {
        return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "related person"));
    }
    person.faults(ctx.today).into_refusal()?;
    Ok(Decision::put(Row::RelatedPerson(person.clone())))
}

/// The link's id follows from the pair, so that two desks that say the same say it once.
pub fn link_id(a: PatientId, b: PatientId) -> PatientLinkId {
    PatientLinkId(uuid::Uuid::new_v5(&a.0.min(b.0), a.0.max(b.0).as_bytes()))
}

/// Two people, however alike. Saying it twice is no mistake.
pub fn mark_distinct(view: &impl View, ctx: &Ctx, args: &MarkDistinct) -> Result<Decision, Refusal> {
    if args.a == args.b {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "patient"));
    }
    for id in [args.a, args.b] {
        if view.one(&Key::Row(Entity::Patient, id.0)).is_none() {
            return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
        }
    }
    let id = link_id(args.a, args.b);
    if view.one(&Key::Row(Entity::PatientLink, id.0)).is_some() {
        return Ok(Decision::facts(Vec::new()));
    }
    Ok(Decision::put(Row::PatientLink(PatientLink {
        id,
        patient_id: args.a.min(args.b),
        other_patient_id: args.a.max(args.b),
        kind: LinkKind::Distinct,
        decided_by: ctx.actor_name.clone(),
        decided_at: ctx.now,
    })))
}

/// A person chooses once; the value goes through the same checks as when it was typed.
pub fn resolve_conflict(view: &impl View, ctx: &Ctx, args: &ResolveConflict) -> Result<Decision, Refusal> {
    let Some(Row::Conflict(conflict)) = view.one(&Key::Row(Entity::Conflict, args.conflict_id.0)) else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "decision"));
    };
    if conflict.patient_id != args.patient_id {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "decision"));
    }
    if conflict.state != ConflictState::Open {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", conflict.decided_by.as_deref().unwrap_or_default()));
    }
    let (chosen, state) = match (&args.value, args.keep_mine) {
        (Some(value), _) => (Some(value.clone()), ConflictState::Edited),
        (None, true) => (Some(conflict.mine.clone()), ConflictState::KeptMine),
        (None, false) => (None, ConflictState::KeptTheirs),
    };
    let mut facts = Vec::new();
    let mut again = Vec::new();
    if let Some(chosen) = chosen {
        let Some(Row::Patient(patient)) = view.one(&Key::Row(Entity::Patient, args.patient_id.0)) else {
            return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
        };
        // Without a word on what was seen, the person saw what is recorded.
        let from = args
            .expects
            .clone()
            .unwrap_or_else(|| conflict.field.read(&patient));
        let change = FieldChange {
            field: conflict.field,
            from,
            to: chosen,
        };
        let (patient, conflicts) = merge_fields(ctx, patient, &[change])?;
        facts.push(Row::Patient(patient));
        again = conflicts;
    }
    facts.push(Row::Conflict(Conflict {
        state,
        decided_by: Some(ctx.actor_name.clone()),
        decided_at: Some(ctx.now),
        ..conflict
    }));
    Ok(Decision::merged(facts, again))
}

impl From<field::WrongShape> for Refusal {
    fn from(wrong: field::WrongShape) -> Refusal {
        let name = serde_json::to_value(wrong.0).ok();
        Refusal::new(RefusalCode::Invalid)
            .with("field", name.as_ref().and_then(Value::as_str).unwrap_or("field"))
    }
}
