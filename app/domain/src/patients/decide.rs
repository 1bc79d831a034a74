//! Rules for the patient's record.

use super::*;
use crate::access::Role;
use crate::decide::{Ctx, Decision, NumberKind, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};
use crate::validate::Validate;

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

/// Says that two alike records are two people.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkDistinct {
    /// One.
    pub a: PatientId,
    /// The other.
    pub b: PatientId,
}

crate::redacted_debug!(RegisterPatient, CorrectPatient, MarkDistinct);

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
    let mut changes = args.changes.iter();
    if ctx.role == Role::Patient && changes.any(|change| change.field != PatientField::PreferredChannel) {
        return Err(Refusal::new(RefusalCode::NotAllowed).with("role", ctx.role.name()));
    }
    let (patient, conflicts) = merge_fields(ctx, patient, &args.changes)?;
    Ok(Decision::merged(vec![Row::Patient(patient)], conflicts))
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
