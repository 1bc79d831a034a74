//! Condition (FHIR R4, 9.2), MedicationRequest (11.1), Immunization (11.6), AllergyIntolerance (9.1).

use serde::Deserialize;

use crate::datatypes::texts;
use crate::date::{Moment, Period};
use crate::notes::{Notes, PeriodWire, Wire};
use crate::{Age, Concept, Reference};

/// The `[x]` of an onset, an abatement, an occurrence. A Range is not kept.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    At(Moment),
    During(Period),
    AtAge(Age),
    Words(String),
}

/// A problem or a diagnosis.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub id: String,
    /// active, recurrence, relapse, inactive, remission or resolved.
    pub clinical_status: Option<String>,
    /// unconfirmed, provisional, differential, confirmed, refuted or entered-in-error.
    pub verification_status: Option<String>,
    /// problem-list-item, encounter-diagnosis, health-concern.
    pub categories: Vec<String>,
    pub code: Concept,
    pub patient: Reference,
    pub encounter: Option<Reference>,
    pub onset: Option<When>,
    pub abatement: Option<When>,
    pub recorded: Option<Moment>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ConditionWire {
    id: Option<String>,
    clinical_status: Concept,
    verification_status: Concept,
    category: Vec<Concept>,
    code: Concept,
    subject: Option<Reference>,
    encounter: Option<Reference>,
    onset_date_time: Option<String>,
    onset_period: Option<PeriodWire>,
    onset_age: Option<Age>,
    onset_string: Option<String>,
    abatement_date_time: Option<String>,
    abatement_period: Option<PeriodWire>,
    abatement_age: Option<Age>,
    abatement_string: Option<String>,
    recorded_date: Option<String>,
}

impl Wire<'_> for ConditionWire {
    type Kept = Condition;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Condition> {
        let id = notes.id(self.id)?;
        let patient = notes.required("subject", self.subject)?;
        let onset_at = notes.moment("onsetDateTime", self.onset_date_time);
        let onset_during = notes.period("onsetPeriod", self.onset_period);
        let abated_at = notes.moment("abatementDateTime", self.abatement_date_time);
        let abated_during = notes.period("abatementPeriod", self.abatement_period);
        Some(Condition {
            id,
            clinical_status: self.clinical_status.into_first_code(),
            verification_status: self.verification_status.into_first_code(),
            categories: self
                .category
                .into_iter()
                .filter_map(Concept::into_first_code)
                .collect(),
            code: self.code,
            patient,
            encounter: self.encounter,
            onset: when(onset_at, onset_during, self.onset_age, self.onset_string),
            abatement: when(
                abated_at,
                abated_during,
                self.abatement_age,
                self.abatement_string,
            ),
            recorded: notes.moment("recordedDate", self.recorded_date),
        })
    }
}

fn when(at: Option<Moment>, during: Option<Period>, age: Option<Age>, words: Option<String>) -> Option<When> {
    let exact = at.map(When::At).or(during.map(When::During));
    exact.or(age.map(When::AtAge)).or(words.map(When::Words))
}

/// `medication[x]`: the medicine itself, or where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Medication {
    Concept(Concept),
    Reference(Reference),
}

/// A prescription, or an order for one.
#[derive(Debug, Clone, PartialEq)]
pub struct MedicationRequest {
    pub id: String,
    /// active, on-hold, cancelled, completed, entered-in-error, stopped, draft or unknown.
    pub status: Option<String>,
    /// proposal, plan, order …
    pub intent: Option<String>,
    pub medication: Option<Medication>,
    pub patient: Reference,
    pub encounter: Option<Reference>,
    pub authored_on: Option<Moment>,
    pub requester: Option<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct MedicationRequestWire {
    id: Option<String>,
    status: Option<String>,
    intent: Option<String>,
    medication_codeable_concept: Option<Concept>,
    medication_reference: Option<Reference>,
    subject: Option<Reference>,
    encounter: Option<Reference>,
    authored_on: Option<String>,
    requester: Option<Reference>,
}

impl Wire<'_> for MedicationRequestWire {
    type Kept = MedicationRequest;

    fn keep(self, notes: &mut Notes<'_>) -> Option<MedicationRequest> {
        let concept = self.medication_codeable_concept.map(Medication::Concept);
        let medication = concept.or(self.medication_reference.map(Medication::Reference));
        if medication.is_none() {
            notes.warn(
                "medication[x]",
                "The request names no medicine. Ask the sender which one was meant.",
            );
        }
        Some(MedicationRequest {
            id: notes.id(self.id)?,
            status: self.status,
            intent: self.intent,
            medication,
            patient: notes.required("subject", self.subject)?,
            encounter: self.encounter,
            authored_on: notes.moment("authoredOn", self.authored_on),
            requester: self.requester,
        })
    }
}

/// A vaccine given, or not given.
#[derive(Debug, Clone, PartialEq)]
pub struct Immunization {
    pub id: String,
    /// completed, entered-in-error or not-done.
    pub status: Option<String>,
    /// CVX among its codings.
    pub vaccine: Concept,
    pub patient: Reference,
    pub encounter: Option<Reference>,
    pub occurrence: Option<When>,
    pub lot_number: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ImmunizationWire {
    id: Option<String>,
    status: Option<String>,
    vaccine_code: Concept,
    patient: Option<Reference>,
    encounter: Option<Reference>,
    occurrence_date_time: Option<String>,
    occurrence_string: Option<String>,
    lot_number: Option<String>,
}

impl Wire<'_> for ImmunizationWire {
    type Kept = Immunization;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Immunization> {
        let at = notes.moment("occurrenceDateTime", self.occurrence_date_time);
        Some(Immunization {
            id: notes.id(self.id)?,
            status: self.status,
            vaccine: self.vaccine_code,
            patient: notes.required("patient", self.patient)?,
            encounter: self.encounter,
            occurrence: when(at, None, None, self.occurrence_string),
            lot_number: self.lot_number,
        })
    }
}

/// An allergy or an intolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct AllergyIntolerance {
    pub id: String,
    /// active, inactive or resolved.
    pub clinical_status: Option<String>,
    pub verification_status: Option<String>,
    /// allergy or intolerance.
    pub kind: Option<String>,
    /// food, medication, environment, biologic.
    pub categories: Vec<String>,
    /// low, high or unable-to-assess.
    pub criticality: Option<String>,
    pub code: Concept,
    pub patient: Reference,
    pub recorded: Option<Moment>,
    pub reactions: Vec<Reaction>,
}

/// `AllergyIntolerance.reaction`. `severity` is mild, moderate or severe.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Reaction {
    pub substance: Option<Concept>,
    #[serde(rename = "manifestation")]
    pub manifestations: Vec<Concept>,
    pub severity: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AllergyIntoleranceWire {
    id: Option<String>,
    clinical_status: Concept,
    verification_status: Concept,
    r#type: Option<String>,
    #[serde(deserialize_with = "texts")]
    category: Vec<String>,
    criticality: Option<String>,
    code: Concept,
    patient: Option<Reference>,
    recorded_date: Option<String>,
    reaction: Vec<Reaction>,
}

impl Wire<'_> for AllergyIntoleranceWire {
    type Kept = AllergyIntolerance;

    fn keep(self, notes: &mut Notes<'_>) -> Option<AllergyIntolerance> {
        Some(AllergyIntolerance {
            id: notes.id(self.id)?,
            clinical_status: self.clinical_status.into_first_code(),
            verification_status: self.verification_status.into_first_code(),
            kind: self.r#type,
            categories: self.category,
            criticality: self.criticality,
            code: self.code,
            patient: notes.required("patient", self.patient)?,
            recorded: notes.moment("recordedDate", self.recorded_date),
            reactions: self.reaction,
        })
    }
}
