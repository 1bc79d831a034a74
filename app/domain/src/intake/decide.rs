//! Rules for accepting and rejecting an intake.

use super::diff;
use super::submit::response_keys;
use super::*;
use crate::coverage::{Coverage, Eligibility, Source, closed};
use crate::decide::{Ctx, Decision, NumberKind, Refusal, RefusalCode};
use crate::patients::*;
use crate::row::{Entity, Key, Row, View};
use crate::validate::{FaultCode, Validate};
use chrono::NaiveDate;

/// Takes a submission into a record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AcceptIntake {
    /// Which.
    pub intake_id: IntakeId,
    /// Whose record: an existing patient's, or the id for a new one.
    pub patient_id: PatientId,
    /// Whether a record is made.
    pub new_patient: bool,
    /// The fields taken over, each with the recorded value that the reviewer saw.
    pub accepted: Vec<FieldChange>,
    /// Which of the submitted coverages are taken over, by position, and from which day.
    pub coverages: Vec<AcceptedCoverage>,
    /// Whether the emergency contact is taken over.
    pub emergency_contact: bool,
    /// Whether the guarantor is taken over.
    pub guarantor: bool,
}

/// One submitted coverage that is taken over.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AcceptedCoverage {
    /// Position in the submission.
    pub index: u32,
    /// The day from which it replaces what is recorded in the same order.
    pub replaces_from: NaiveDate,
}

/// Puts a submission aside. It is kept.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectIntake {
    /// Which.
    pub intake_id: IntakeId,
    /// Why, for colleagues.
    pub reason: String,
}
crate::redacted_debug!(AcceptIntake, RejectIntake, AcceptedCoverage);

/// What accepting looks at.
pub fn accept_reads(args: &AcceptIntake) -> Vec<Key> {
    let mut keys = vec![
        Key::Row(Entity::Intake, args.intake_id.0),
        Key::Row(Entity::Patient, args.patient_id.0),
        membership::key(args.patient_id),
        Key::OfPatient(Entity::Coverage, args.patient_id),
        Key::OfPatient(Entity::RelatedPerson, args.patient_id),
    ];
    keys.extend(response_keys(args.intake_id));
    keys
}

fn pending(view: &impl View, id: IntakeId) -> Result<Intake, Refusal> {
    match view.one(&Key::Row(Entity::Intake, id.0)) {
        Some(Row::Intake(intake)) if intake.status == IntakeStatus::Pending => Ok(intake),
        Some(Row::Intake(intake)) => Err(Refusal::new(RefusalCode::AlreadyReviewed)
            .with("by", intake.reviewed_by.as_deref().unwrap_or_default())),
        _ => Err(Refusal::new(RefusalCode::NotFound).with("what", "intake")),
    }
}

/// The accepted fields go into the record, the rest stays in the submission, which is kept either way.
pub fn accept_intake(view: &impl View, ctx: &mut Ctx, args: &AcceptIntake) -> Result<Decision, Refusal> {
    let intake = pending(view, args.intake_id)?;
    let recorded = view.one(&Key::Row(Entity::Patient, args.patient_id.0));
    let mut facts = Vec::new();
    let mut conflicts = Vec::new();

    let patient = match (recorded, args.new_patient) {
        (Some(Row::Patient(patient)), false) => {
            let (patient, found) = merge_fields(ctx, patient, &args.accepted)?;
            conflicts = found;
            patient
        }
        (None, true) => {
            let mut patient = blank(args.patient_id, &intake.content.identity, ctx);
            for change in &args.accepted {
                change
                    .field
                    .write(&mut patient, change.to.clone())
                    .map_err(Refusal::from)?;
            }
            patient.faults(ctx.today).into_refusal()?;
            patient.mrn = ctx.allocate(NumberKind::Mrn);
            patient
        }
        (Some(_), true) => return Err(Refusal::new(RefusalCode::AlreadyExists).with("what", "patient")),
        (_, false) => return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient")),
    };
    let patient_id = patient.id;
    let known = membership::membership_of(view, patient_id);
    // A patient without a membership is the whole practice's, and stays so.
    let belongs = match (
        intake.site_id,
        args.new_patient || known.as_ref().is_some_and(|known| !known.is_open()),
    ) {
        (Some(site), true) => membership::joins(known, patient_id, site),
        (Some(_), false) | (None, _) => None,
    };
    facts.push(Row::Patient(Patient {
        identity: IdentityStatus::StaffVerified,
        ..patient
    }));
    facts.extend(belongs);
    facts.extend(coverages(view, ctx, args, &intake)?);
    facts.extend(people(view, ctx, args, &intake));
    for (ordinal, signed) in (0u32..).zip(&intake.content.consents) {
        facts.push(Row::Consent(Consent {
            id: ConsentId::derived(ctx.command_id, ordinal),
            patient_id,
            kind: signed.kind,
            form_id: signed.form_id,
            language: intake.content.language.tag().to_owned(),
            text_hash: signed.text_hash.clone(),
            decision: signed.decision,
            signature: signed.signature.clone(),
            device_id: intake.device_id,
            signed_at: signed.signed_at,
            revoked_at: None,
        }));
    }
    // A desk that may not hold health answers does not see these rows; the server does.
    for key in response_keys(args.intake_id) {
        if let Some(Row::QuestionnaireResponse(response)) = view.one(&key) {
            facts.push(Row::QuestionnaireResponse(QuestionnaireResponse {
                patient_id: Some(patient_id),
                ..response
            }));
        }
    }
    facts.push(Row::Intake(Intake {
        status: IntakeStatus::Accepted,
        patient_id: Some(patient_id),
        reviewed_by: Some(ctx.actor_name.clone()),
        reviewed_at: Some(ctx.now),
        ..intake
    }));
    Ok(Decision::merged(facts, conflicts))
}

/// A rejected submission is kept, with the reason.
pub fn reject_intake(view: &impl View, ctx: &Ctx, args: &RejectIntake) -> Result<Decision, Refusal> {
    let intake = pending(view, args.intake_id)?;
    if args.reason.trim().is_empty() {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "reason"));
    }
    if args.reason.chars().count() > crate::validate::MAX_WORDS {
        return Err(Refusal::new(RefusalCode::Invalid)
            .with("field", "reason")
            .with("fault", FaultCode::TooLong.name()));
    }
    Ok(Decision::put(Row::Intake(Intake {
        status: IntakeStatus::Rejected,
        reviewed_by: Some(ctx.actor_name.clone()),
        reviewed_at: Some(ctx.now),
        rejection_reason: Some(args.reason.trim().to_owned()),
        ..intake
    })))
}

/// A new record with who they said they are and nothing else; the number comes once it is known to be sound.
fn blank(id: PatientId, identity: &Identity, ctx: &Ctx) -> Patient {
    Patient {
        id,
        mrn: HumanNumber::Assigned(0),
        family_name: identity.family_name.trim().to_owned(),
        given_name: identity.given_name.trim().to_owned(),
        middle_name: None,
        suffix: None,
        preferred_name: None,
        previous_names: Vec::new(),
        payer_name: None,
        birth_on: identity.birth_on,
        multiple_birth: false,
        sex: Sex::Unknown,
        gender_identity: None,
        pronouns: None,
        identifiers: Vec::new(),
        telecoms: Vec::new(),
        addresses: Vec::new(),
        no_fixed_address: false,
        language: "en".to_owned(),
        interpreter_needed: false,
        race_codes: Vec::new(),
        ethnicity_code: None,
        marital_status: None,
        deceased_on: None,
        identity: IdentityStatus::Unverified,
        preferred_channel: None,
        registered_at: ctx.now,
    }
}

/// Each accepted coverage is a new version; what was recorded in the same order ends the day before.
fn coverages(view: &impl View, ctx: &Ctx, args: &AcceptIntake, intake: &Intake) -> Result<Vec<Row>, Refusal> {
    let submitted: &[SubmittedCoverage] = match &intake.content.insurance {
        InsuranceAnswer::Coverages { coverages } => coverages,
        _ => &[],
    };
    let mut facts = Vec::new();
    for (at, accepted) in args.coverages.iter().enumerate() {
        if args.coverages[..at]
            .iter()
            .any(|before| before.index == accepted.index)
        {
            return Err(Refusal::new(RefusalCode::Invalid).with("field", "coverages"));
        }
        let Some(new) = submitted.get(accepted.index as usize) else {
            return Err(Refusal::new(RefusalCode::NotFound).with("what", "coverage"));
        };
        let from = accepted.replaces_from;
        let old = view
            .get(&Key::OfPatient(Entity::Coverage, args.patient_id))
            .into_iter()
            .find_map(|row| match row {
                Row::Coverage(old) if old.payer_order == new.payer_order && old.active_on(from) => Some(old),
                _ => None,
            });
        let replaces_id = old.as_ref().map(|old| old.id);
        facts.extend(old.map(|old| Row::Coverage(closed(old, from))));
        facts.push(Row::Coverage(Coverage {
            id: CoverageId::derived(ctx.command_id, accepted.index),
            patient_id: args.patient_id,
            payer_order: new.payer_order,
            payer_name: new.payer_name.trim().to_owned(),
            payer_code: None,
            plan_name: None,
            member_id: new.member_id.trim().to_owned(),
            group_number: new.group_number.clone(),
            subscriber_relationship: new.subscriber_relationship,
            subscriber: new.subscriber.clone(),
            effective_on: Some(from),
            term_on: None,
            replaces_id,
            copay_amount: None,
            card_front: new.card_front.clone(),
            card_back: new.card_back.clone(),
            eligibility: Eligibility::NotChecked,
            source: Source::Kiosk,
            recorded_at: ctx.now,
        }));
    }
    Ok(facts)
}

/// The emergency contact and the guarantor, each replacing only the one with the same role.
fn people(view: &impl View, ctx: &Ctx, args: &AcceptIntake, intake: &Intake) -> Vec<Row> {
    let known = view.get(&Key::OfPatient(Entity::RelatedPerson, args.patient_id));
    let wanted = [
        (
            args.emergency_contact,
            &intake.content.emergency_contact,
            RelatedRole::EmergencyContact,
        ),
        (args.guarantor, &intake.content.guarantor, RelatedRole::Guarantor),
    ];
    let mut facts = Vec::new();
    for (ordinal, (accepted, person, role)) in (0u32..).zip(wanted) {
        let (true, Some(person)) = (accepted, person) else {
            continue;
        };
        for row in &known {
            if let Row::RelatedPerson(old) = row
                && old.roles == [role]
                && old.ended_on.is_none()
            {
                facts.push(Row::RelatedPerson(RelatedPerson {
                    ended_on: Some(ctx.today),
                    ..old.clone()
                }));
            }
        }
        facts.push(Row::RelatedPerson(RelatedPerson {
            id: RelatedPersonId::derived(ctx.command_id, ordinal),
            patient_id: args.patient_id,
            roles: vec![role],
            relationship: person.relationship.trim().to_owned(),
            family_name: person.family_name.trim().to_owned(),
            given_name: person.given_name.trim().to_owned(),
            birth_on: person.birth_on,
            phone: Some(person.phone.trim().to_owned()),
            address: None,
            authority: None,
            ended_on: None,
            own_record_id: None,
        }));
    }
    facts
}

/// What "accept all" takes: every field that differs, but never identity.
pub fn safe_changes(submission: &Submission, recorded: Option<&Patient>) -> Vec<FieldChange> {
    diff::against(submission, recorded)
        .into_iter()
        .filter(|d| !d.same && (recorded.is_none() || !d.field.is_identity()))
        .map(|d| FieldChange {
            field: d.field,
            from: d.recorded,
            to: d.submitted,
        })
        .collect()
}
