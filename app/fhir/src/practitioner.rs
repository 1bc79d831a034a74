//! Practitioner (FHIR R4, 8.4) and PractitionerRole (8.5): who treats, and as what.

use serde::Deserialize;

use crate::notes::{Notes, Wire};
use crate::{Address, Concept, ContactPoint, HumanName, Identifier, Reference};

/// `Coding.system` of the NUCC provider taxonomy.
/// `Identifier.system` of an NPI (US Core, "us-npi").
pub const NPI_SYSTEM: &str = "http://hl7.org/fhir/sid/us-npi";
pub const NUCC_SYSTEM: &str = "http://nucc.org/provider-taxonomy";

/// A person who treats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practitioner {
    pub id: String,
    pub active: Option<bool>,
    pub identifiers: Vec<Identifier>,
    /// The identifier of system [`crate::NPI_SYSTEM`]; one that fails its check digit has a warning.
    pub npi: Option<String>,
    pub names: Vec<HumanName>,
    pub telecom: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
    pub gender: Option<String>,
}

/// What a practitioner does, for whom and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PractitionerRole {
    pub id: String,
    pub active: Option<bool>,
    pub practitioner: Option<Reference>,
    pub organization: Option<Reference>,
    pub locations: Vec<Reference>,
    /// NUCC codes of `specialty`, then of `code`, each once.
    pub taxonomy: Vec<String>,
    /// As sent: some systems give words and no code.
    pub specialties: Vec<Concept>,
    pub telecom: Vec<ContactPoint>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct PractitionerWire {
    id: Option<String>,
    active: Option<bool>,
    identifier: Vec<Identifier>,
    name: Vec<HumanName>,
    telecom: Vec<ContactPoint>,
    address: Vec<Address>,
    gender: Option<String>,
}

impl Wire<'_> for PractitionerWire {
    type Kept = Practitioner;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Practitioner> {
        Some(Practitioner {
            id: notes.id(self.id)?,
            active: self.active,
            npi: notes.npi(&self.identifier),
            identifiers: self.identifier,
            names: self.name,
            telecom: self.telecom,
            addresses: self.address,
            gender: self.gender,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct PractitionerRoleWire {
    id: Option<String>,
    active: Option<bool>,
    practitioner: Option<Reference>,
    organization: Option<Reference>,
    location: Vec<Reference>,
    code: Vec<Concept>,
    specialty: Vec<Concept>,
    telecom: Vec<ContactPoint>,
}

impl Wire<'_> for PractitionerRoleWire {
    type Kept = PractitionerRole;

    fn keep(self, notes: &mut Notes<'_>) -> Option<PractitionerRole> {
        let id = notes.id(self.id)?;
        let mut taxonomy = Vec::new();
        for code in self
            .specialty
            .iter()
            .chain(&self.code)
            .filter_map(|concept| concept.code_in(NUCC_SYSTEM))
        {
            if !taxonomy.iter().any(|known| known == code) {
                taxonomy.push(code.to_owned());
            }
        }
        Some(PractitionerRole {
            id,
            active: self.active,
            practitioner: self.practitioner,
            organization: self.organization,
            locations: self.location,
            taxonomy,
            specialties: self.specialty,
            telecom: self.telecom,
        })
    }
}
