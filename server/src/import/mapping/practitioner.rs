//! Who treats.

use super::{MappingFault, person};
use domain::id::PractitionerId;
use domain::practice::{Practitioner, is_taxonomy_code, npi_check_digit_ok};

/// Longest credential that is one: some systems write sentences into a suffix.
const MAX_CREDENTIALS: usize = 40;

/// The practitioner's row. An NPI that fails its check digit is not kept.
pub fn practitioner_of(
    from: &fhir::Practitioner,
    id: PractitionerId,
    taxonomy: Option<String>,
) -> Result<Practitioner, MappingFault> {
    let names = person::names(&from.names);
    if names.family.is_empty() && names.given.is_empty() {
        let problem = "There is no family and no given name. Add one.";
        return Err(MappingFault::new("Practitioner.name", problem));
    }
    Ok(Practitioner {
        id,
        family_name: names.family,
        given_name: names.given,
        credentials: names
            .suffix
            .filter(|suffix| suffix.chars().count() <= MAX_CREDENTIALS),
        npi: from.npi.clone().filter(|npi| npi_check_digit_ok(npi)),
        taxonomy_code: taxonomy.filter(|code| is_taxonomy_code(code)),
        site_ids: Vec::new(),
        active: from.active.unwrap_or(true),
    })
}

/// What the row does not hold.
pub fn practitioner_left_out(from: &fhir::Practitioner) -> Option<MappingFault> {
    let wrong = from.npi.as_deref().is_some_and(|npi| !npi_check_digit_ok(npi));
    wrong.then(|| {
        MappingFault::new(
            "Practitioner.identifier",
            "An NPI that fails its check digit was left out.",
        )
    })
}
