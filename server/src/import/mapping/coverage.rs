//! An insurance, when enough is known of it to bill.

use super::{Unmapped, day, refused, text};
use chrono::{DateTime, Utc};
use domain::coverage::{Coverage, Eligibility, PayerOrder, Source, Subscriber, SubscriberRelationship};
use domain::id::{CoverageId, PatientId};
use domain::patients::Patient;

/// What the patient is to the subscriber. Without a word for it, a subscriber other than the patient is "other".
fn relationship(from: &fhir::Coverage) -> SubscriberRelationship {
    let code = from
        .relationship
        .as_ref()
        .and_then(|concept| concept.first_code());
    match code {
        Some("self") => SubscriberRelationship::Itself,
        Some("spouse") => SubscriberRelationship::Spouse,
        Some("child") => SubscriberRelationship::Child,
        Some(_) => SubscriberRelationship::Other,
        None => match &from.subscriber {
            Some(other) if other.can_be_followed() && other.id != from.beneficiary.id => {
                SubscriberRelationship::Other
            }
            _ => SubscriberRelationship::Itself,
        },
    }
}

/// Whether the patient is the subscriber.
pub fn is_own(from: &fhir::Coverage) -> bool {
    relationship(from) == SubscriberRelationship::Itself
}

/// A patient as the subscriber of someone's coverage.
pub fn subscriber_of(patient: &Patient) -> Subscriber {
    Subscriber {
        family_name: patient.family_name.clone(),
        given_name: patient.given_name.clone(),
        birth_on: patient.birth_on,
        sex: patient.sex,
    }
}

/// The coverage's row. `payer` is the name that its reference leads to, when the reference has no words itself.
pub fn coverage_of(
    from: &fhir::Coverage,
    id: CoverageId,
    patient_id: PatientId,
    payer: Option<&str>,
    subscriber: Option<Subscriber>,
    at: DateTime<Utc>,
) -> Result<Coverage, Unmapped> {
    match from.status.as_deref() {
        Some("entered-in-error") => return Err(Unmapped::Skipped("entered in error")),
        Some("draft") => return Err(Unmapped::Skipped("a draft")),
        _ => {}
    }
    let payor = from.payors.first();
    if payor.is_some_and(|payor| payor.resource_type.as_deref() == Some("Patient")) {
        return Err(Unmapped::Skipped("the patient pays, there is no insurer"));
    }
    let shown = payor
        .and_then(|payor| text(payor.display.as_deref()))
        .or_else(|| text(payer));
    let Some(payer_name) = shown else {
        return refused(
            "Coverage.payor",
            "The payer has no name here and is not among the Organizations. Add its file.",
        );
    };
    if payer_name.eq_ignore_ascii_case("no_insurance") {
        return Err(Unmapped::Skipped("says that there is no insurance"));
    }
    let Some(member_id) = member_id(from) else {
        return Err(Unmapped::Skipped("no member id"));
    };
    let subscriber_relationship = relationship(from);
    let own = subscriber_relationship == SubscriberRelationship::Itself;
    if !own && subscriber.is_none() {
        return Err(Unmapped::Skipped(
            "someone else's insurance, and that person is no patient here",
        ));
    }
    let (effective_on, term_on) = from
        .period
        .map_or((None, None), |period| (day(period.start), day(period.end)));
    if from.status.as_deref() == Some("cancelled") && term_on.is_none() {
        return Err(Unmapped::Skipped("cancelled, and its last day is not given"));
    }
    let plan = from
        .class("plan")
        .and_then(|class| class.name.as_deref().or(class.value.as_deref()));
    Ok(Coverage {
        id,
        patient_id,
        payer_order: match from.order {
            None | Some(0 | 1) => PayerOrder::Primary,
            Some(2) => PayerOrder::Secondary,
            Some(_) => PayerOrder::Tertiary,
        },
        payer_name,
        payer_code: None,
        plan_name: text(plan),
        member_id,
        group_number: text(from.class("group").and_then(|class| class.value.as_deref())),
        subscriber_relationship,
        subscriber: subscriber.filter(|_| !own),
        effective_on,
        term_on,
        replaces_id: None,
        copay_amount: None,
        card_front: None,
        card_back: None,
        eligibility: Eligibility::NotChecked,
        source: Source::Import,
        recorded_at: at,
    })
}

/// The number on the card, else an identifier that says it is a member number. Nothing else: an invented number
/// cannot be billed.
fn member_id(from: &fhir::Coverage) -> Option<String> {
    let member = from
        .identifiers
        .iter()
        .find(|id| id.type_code.as_deref() == Some("MB"));
    text(from.subscriber_id.as_deref()).or_else(|| text(member.and_then(|id| id.value.as_deref())))
}
