//! Encounter (FHIR R4, 8.11): one visit.

use serde::Deserialize;

use crate::date::Period;
use crate::notes::{Notes, PeriodWire, Wire};
use crate::{Coding, Concept, Reference};

/// One contact of a patient with the practice.
#[derive(Debug, Clone, PartialEq)]
pub struct Encounter {
    pub id: String,
    /// planned, arrived, triaged, in-progress, onleave, finished, cancelled …
    pub status: Option<String>,
    /// v3-ActCode: AMB, EMER, IMP, VR …
    pub class_code: Option<String>,
    pub types: Vec<Concept>,
    /// FHIR lets an encounter have no patient (a group); US Core does not.
    pub patient: Option<Reference>,
    pub period: Option<Period>,
    pub practitioners: Vec<Reference>,
    pub locations: Vec<Reference>,
    pub service_provider: Option<Reference>,
    pub reasons: Vec<Concept>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EncounterWire {
    id: Option<String>,
    status: Option<String>,
    class: Coding,
    r#type: Vec<Concept>,
    subject: Option<Reference>,
    period: Option<PeriodWire>,
    participant: Vec<ParticipantWire>,
    location: Vec<PlaceWire>,
    service_provider: Option<Reference>,
    reason_code: Vec<Concept>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ParticipantWire {
    individual: Option<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct PlaceWire {
    location: Option<Reference>,
}

impl Wire<'_> for EncounterWire {
    type Kept = Encounter;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Encounter> {
        Some(Encounter {
            id: notes.id(self.id)?,
            status: self.status,
            class_code: self.class.code,
            types: self.r#type,
            patient: self.subject,
            period: notes.period("period", self.period),
            practitioners: self
                .participant
                .into_iter()
                .filter_map(|who| who.individual)
                .collect(),
            locations: self
                .location
                .into_iter()
                .filter_map(|place| place.location)
                .collect(),
            service_provider: self.service_provider,
            reasons: self.reason_code,
        })
    }
}
