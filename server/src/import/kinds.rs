//! The order in which kinds of resource are understood.

/// Each is told of by those before it.
const ORDER: [&str; 13] = [
    "Organization",
    "Location",
    "PractitionerRole",
    "Practitioner",
    "Patient",
    "Coverage",
    "Encounter",
    "Condition",
    "MedicationRequest",
    "Immunization",
    "AllergyIntolerance",
    "Appointment",
    "Claim",
];

/// The rank of patients.
pub const PATIENT: usize = 4;

/// The rank of a kind: the last for one that is not kept.
pub fn rank(resource_type: &str) -> usize {
    ORDER
        .iter()
        .position(|known| *known == resource_type)
        .unwrap_or(ORDER.len())
}
