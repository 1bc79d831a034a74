//! Organization (FHIR R4, 8.6) and Location (8.7).

use serde::Deserialize;

use crate::notes::{Notes, Wire};
use crate::{Address, Concept, ContactPoint, Identifier, Reference};

/// A practice, a hospital, a payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    pub id: String,
    pub active: Option<bool>,
    pub identifiers: Vec<Identifier>,
    /// As [`crate::Practitioner::npi`].
    pub npi: Option<String>,
    pub types: Vec<Concept>,
    pub name: Option<String>,
    pub telecom: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
}

/// A place where care is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    pub id: String,
    /// active, suspended or inactive.
    pub status: Option<String>,
    pub identifiers: Vec<Identifier>,
    pub name: Option<String>,
    pub telecom: Vec<ContactPoint>,
    pub address: Option<Address>,
    pub managing_organization: Option<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(crate) struct OrganizationWire {
    id: Option<String>,
    active: Option<bool>,
    identifier: Vec<Identifier>,
    r#type: Vec<Concept>,
    name: Option<String>,
    telecom: Vec<ContactPoint>,
    address: Vec<Address>,
}

impl Wire<'_> for OrganizationWire {
    type Kept = Organization;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Organization> {
        Some(Organization {
            id: notes.id(self.id)?,
            active: self.active,
            npi: notes.npi(&self.identifier),
            identifiers: self.identifier,
            types: self.r#type,
            name: self.name,
            telecom: self.telecom,
            addresses: self.address,
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LocationWire {
    id: Option<String>,
    status: Option<String>,
    identifier: Vec<Identifier>,
    name: Option<String>,
    telecom: Vec<ContactPoint>,
    address: Option<Address>,
    managing_organization: Option<Reference>,
}

impl Wire<'_> for LocationWire {
    type Kept = Location;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Location> {
        Some(Location {
            id: notes.id(self.id)?,
            status: self.status,
            identifiers: self.identifier,
            name: self.name,
            telecom: self.telecom,
            address: self.address,
            managing_organization: self.managing_organization,
        })
    }
}
