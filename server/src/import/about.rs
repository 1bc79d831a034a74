//! Small questions about resources and rows.

use domain::patients::Patient;
use domain::row::{Entity, Row};
use domain::text::fold;
use fhir::{Identifier, Reference, Resource};
use std::collections::HashMap;

/// Words that some systems put where a payer's name belongs.
const KINDS_OF_PAYER: [&str; 5] = ["private", "medicare", "medicaid", "no_insurance", "dual_eligible"];

/// The kind of row that a resource becomes.
pub fn entity(resource: &Resource) -> Option<Entity> {
    Some(match resource {
        Resource::Practitioner(_) => Entity::Practitioner,
        Resource::Patient(_) => Entity::Patient,
        Resource::Coverage(_) => Entity::Coverage,
        Resource::Encounter(_) => Entity::Encounter,
        Resource::Appointment(_) => Entity::Appointment,
        Resource::Condition(_)
        | Resource::MedicationRequest(_)
        | Resource::Immunization(_)
        | Resource::AllergyIntolerance(_) => Entity::HistoryItem,
        Resource::Organization(_)
        | Resource::Location(_)
        | Resource::PractitionerRole(_)
        | Resource::Claim(_) => {
            return None;
        }
    })
}

/// The kind of resource that a row of history came from.
pub fn kind_of(row: &Row) -> &'static str {
    use domain::encounters::HistoryKind::*;
    match row {
        Row::HistoryItem(item) => match item.kind {
            Condition => "Condition",
            Medication => "MedicationRequest",
            Immunization => "Immunization",
            Allergy => "AllergyIntolerance",
        },
        _ => "Encounter",
    }
}

/// Whom a resource that becomes a row is about.
pub fn patient_reference(resource: &Resource) -> Option<&Reference> {
    match resource {
        Resource::Coverage(from) => Some(&from.beneficiary),
        Resource::Encounter(from) => from.patient.as_ref(),
        Resource::Appointment(from) => from.patient.as_ref(),
        Resource::Condition(from) => Some(&from.patient),
        Resource::MedicationRequest(from) => Some(&from.patient),
        Resource::Immunization(from) => Some(&from.patient),
        Resource::AllergyIntolerance(from) => Some(&from.patient),
        _ => None,
    }
}

/// Why a claim is not kept.
pub fn about_claim(claim: &fhir::Claim) -> &'static str {
    let by_kind = claim.insurance.iter().any(|insurance| {
        let word = insurance
            .coverage
            .display
            .as_deref()
            .unwrap_or_default()
            .to_lowercase();
        !insurance.coverage.can_be_followed() && KINDS_OF_PAYER.contains(&word.as_str())
    });
    if by_kind {
        "a bill of before, and its payer is only named by kind"
    } else {
        "a bill of before"
    }
}

/// Keeps a name under an id and under every identifier; the first one stays.
pub fn remember(names: &mut HashMap<String, String>, id: &str, identifiers: &[Identifier], name: &str) {
    let keys = identifiers
        .iter()
        .filter_map(key)
        .chain((!id.is_empty()).then(|| id.to_owned()));
    for key in keys {
        names.entry(key).or_insert_with(|| name.to_owned());
    }
}

/// The name kept under an id, or under one of some identifiers.
pub fn recall<'a>(
    names: &'a HashMap<String, String>,
    id: &str,
    identifiers: &[Identifier],
) -> Option<&'a String> {
    names
        .get(id)
        .or_else(|| identifiers.iter().filter_map(key).find_map(|key| names.get(&key)))
}

fn key(identifier: &Identifier) -> Option<String> {
    let value = identifier.value.as_deref()?;
    Some(format!(
        "{}|{value}",
        identifier.system.as_deref().unwrap_or_default()
    ))
}

/// Whether two records can be of one person: the same birth date, and one of both names.
pub fn same_person(a: &Patient, b: &Patient) -> bool {
    let alike = |x: &str, y: &str| fold(x) == fold(y);
    a.birth_on == b.birth_on && (alike(&a.family_name, &b.family_name) || alike(&a.given_name, &b.given_name))
}

/// Whether a record holds what was sent; what the practice itself decides is not compared.
pub fn same_record(recorded: &Patient, sent: &Patient) -> bool {
    let sent = Patient {
        mrn: recorded.mrn.clone(),
        registered_at: recorded.registered_at,
        identity: recorded.identity,
        ..sent.clone()
    };
    *recorded == sent
}
