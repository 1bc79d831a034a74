//! What happened before: encounters, conditions, medicines, vaccines, allergies.

use super::{Unmapped, day, refused, text};
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use domain::encounters::{Encounter, HistoryItem, HistoryKind};
use domain::id::{EncounterId, HistoryItemId, PatientId};
use fhir::{Concept, Medication, Moment, When};

/// Longest text of an item, in characters.
const MOST: usize = 2000;
/// Systems whose codes are kept before others: SNOMED CT, RxNorm, CVX.
const SYSTEMS: [&str; 3] = [
    "http://snomed.info/sct",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/cvx",
];

fn words(raw: Option<&str>) -> Option<String> {
    text(raw).map(|line| line.chars().take(MOST).collect())
}

/// An instant, to the microsecond that the database keeps; a day alone counts from its midnight in UTC.
fn instant(moment: Option<Moment>) -> Option<DateTime<Utc>> {
    let moment = moment?;
    match moment.instant {
        Some(at) => Some(at.with_timezone(&Utc).trunc_subsecs(6)),
        None => moment
            .date
            .full()
            .map(|day| day.and_time(NaiveTime::MIN).and_utc()),
    }
}

/// The encounter's row.
pub fn encounter_of(
    from: &fhir::Encounter,
    id: EncounterId,
    patient_id: PatientId,
) -> Result<Encounter, Unmapped> {
    match from.status.as_deref() {
        Some("entered-in-error") => return Err(Unmapped::Skipped("entered in error")),
        Some("cancelled" | "planned") => return Err(Unmapped::Skipped("did not take place")),
        _ => {}
    }
    let (start, end) = from
        .period
        .map_or((None, None), |period| (period.start, period.end));
    let Some(started_at) = instant(start) else {
        return refused(
            "Encounter.period.start",
            "The visit has no whole first day. Add it.",
        );
    };
    Ok(Encounter {
        id,
        patient_id,
        class_code: words(from.class_code.as_deref()).unwrap_or_else(|| "UNK".to_owned()),
        description: words(from.types.first().and_then(Concept::words)),
        reason: words(from.reasons.first().and_then(Concept::words)),
        started_at,
        ended_at: instant(end).filter(|end| *end >= started_at),
        source_id: words(Some(&from.id)).unwrap_or_default(),
    })
}

/// What the kinds of item differ in.
struct Item<'a> {
    kind: HistoryKind,
    field: &'static str,
    concept: &'a Concept,
    status: Option<&'a str>,
    onset_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    criticality: Option<&'a str>,
    source_id: &'a str,
}

impl Item<'_> {
    fn row(self, id: HistoryItemId, patient_id: PatientId) -> Result<HistoryItem, Unmapped> {
        let codings = &self.concept.codings;
        let known = |wanted: &&str| {
            codings
                .iter()
                .find(|c| c.system.as_deref() == Some(*wanted) && c.code.is_some())
        };
        let coding = SYSTEMS
            .iter()
            .find_map(known)
            .or_else(|| codings.iter().find(|c| c.code.is_some()));
        let code = coding.and_then(|coding| words(coding.code.as_deref()));
        let Some(display) = words(self.concept.words()).or_else(|| code.clone()) else {
            return refused(
                self.field,
                "There is neither a code nor words. Ask the sender what was meant.",
            );
        };
        Ok(HistoryItem {
            id,
            patient_id,
            kind: self.kind,
            code_system: coding.and_then(|coding| words(coding.system.as_deref())),
            code,
            display,
            status: words(self.status),
            onset_on: self.onset_on,
            ended_on: self.ended_on,
            criticality: words(self.criticality),
            source_id: words(Some(self.source_id)).unwrap_or_default(),
        })
    }
}

fn first_day(when: Option<&When>) -> Option<NaiveDate> {
    match when? {
        When::At(moment) => day(Some(*moment)),
        When::During(period) => day(period.start),
        When::AtAge(_) | When::Words(_) => None,
    }
}

fn last_day(when: Option<&When>) -> Option<NaiveDate> {
    match when? {
        When::During(period) => day(period.end.or(period.start)),
        other => first_day(Some(other)),
    }
}

fn withdrawn(verification: Option<&str>) -> Result<(), Unmapped> {
    match verification {
        Some("entered-in-error") => Err(Unmapped::Skipped("entered in error")),
        Some("refuted") => Err(Unmapped::Skipped("refuted")),
        _ => Ok(()),
    }
}

/// A condition's row.
pub fn condition_of(
    from: &fhir::Condition,
    id: HistoryItemId,
    patient: PatientId,
) -> Result<HistoryItem, Unmapped> {
    withdrawn(from.verification_status.as_deref())?;
    let item = Item {
        kind: HistoryKind::Condition,
        field: "Condition.code",
        concept: &from.code,
        status: from.clinical_status.as_deref(),
        onset_on: first_day(from.onset.as_ref()),
        ended_on: last_day(from.abatement.as_ref()),
        criticality: None,
        source_id: &from.id,
    };
    item.row(id, patient)
}

/// A prescription's row.
pub fn medication_of(
    from: &fhir::MedicationRequest,
    id: HistoryItemId,
    patient: PatientId,
) -> Result<HistoryItem, Unmapped> {
    withdrawn(from.status.as_deref())?;
    let named;
    let concept = match &from.medication {
        Some(Medication::Concept(concept)) => concept,
        Some(Medication::Reference(reference)) if reference.display.is_some() => {
            named = Concept {
                codings: Vec::new(),
                text: reference.display.clone(),
            };
            &named
        }
        Some(Medication::Reference(_)) => {
            return Err(Unmapped::Skipped(
                "names its medicine only by a Medication resource, which is not read",
            ));
        }
        None => {
            return refused(
                "MedicationRequest.medication[x]",
                "No medicine is named. Ask the sender which was meant.",
            );
        }
    };
    let item = Item {
        kind: HistoryKind::Medication,
        field: "MedicationRequest.medication[x]",
        concept,
        status: from.status.as_deref(),
        onset_on: day(from.authored_on),
        ended_on: None,
        criticality: None,
        source_id: &from.id,
    };
    item.row(id, patient)
}

/// A vaccine's row.
pub fn immunization_of(
    from: &fhir::Immunization,
    id: HistoryItemId,
    patient: PatientId,
) -> Result<HistoryItem, Unmapped> {
    withdrawn(from.status.as_deref())?;
    if from.status.as_deref() == Some("not-done") {
        return Err(Unmapped::Skipped("was not given"));
    }
    let item = Item {
        kind: HistoryKind::Immunization,
        field: "Immunization.vaccineCode",
        concept: &from.vaccine,
        status: from.status.as_deref(),
        onset_on: first_day(from.occurrence.as_ref()),
        ended_on: None,
        criticality: None,
        source_id: &from.id,
    };
    item.row(id, patient)
}

/// An allergy's row.
pub fn allergy_of(
    from: &fhir::AllergyIntolerance,
    id: HistoryItemId,
    patient: PatientId,
) -> Result<HistoryItem, Unmapped> {
    withdrawn(from.verification_status.as_deref())?;
    let item = Item {
        kind: HistoryKind::Allergy,
        field: "AllergyIntolerance.code",
        concept: &from.code,
        status: from.clinical_status.as_deref(),
        onset_on: day(from.recorded),
        ended_on: None,
        criticality: from.criticality.as_deref(),
        source_id: &from.id,
    };
    item.row(id, patient)
}
