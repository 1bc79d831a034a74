//! Claim (FHIR R4, 13.6): who was billed for whom, and under which coverage. The lines are not kept.

use serde::Deserialize;

use crate::date::{Moment, Period};
use crate::notes::{Notes, PeriodWire, Wire};
use crate::{Concept, Reference};

/// The head of a claim.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    pub id: String,
    pub status: Option<String>,
    /// institutional, oral, pharmacy, professional or vision.
    pub type_code: Option<String>,
    /// claim, preauthorization or predetermination.
    pub usage: Option<String>,
    pub patient: Reference,
    pub provider: Option<Reference>,
    pub insurer: Option<Reference>,
    pub billable_period: Option<Period>,
    pub created: Option<Moment>,
    pub insurance: Vec<ClaimInsurance>,
    /// The encounters of all lines, each once, in the order they first appear.
    pub encounters: Vec<Reference>,
}

/// `Claim.insurance`. Where the sender has no Coverage, `coverage.display` is a word such as `private`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ClaimInsurance {
    pub sequence: Option<u32>,
    /// Whether this is the one to be billed.
    pub focal: bool,
    pub coverage: Reference,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ClaimWire {
    id: Option<String>,
    status: Option<String>,
    r#type: Concept,
    r#use: Option<String>,
    patient: Option<Reference>,
    provider: Option<Reference>,
    insurer: Option<Reference>,
    billable_period: Option<PeriodWire>,
    created: Option<String>,
    insurance: Vec<ClaimInsurance>,
    item: Vec<ItemWire>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ItemWire {
    encounter: Vec<Reference>,
}

impl Wire<'_> for ClaimWire {
    type Kept = Claim;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Claim> {
        Some(Claim {
            id: notes.id(self.id)?,
            status: self.status,
            type_code: self.r#type.into_first_code(),
            usage: self.r#use,
            patient: notes.required("patient", self.patient)?,
            provider: self.provider,
            insurer: self.insurer,
            billable_period: notes.period("billablePeriod", self.billable_period),
            created: notes.moment("created", self.created),
            insurance: self.insurance,
            encounters: each_once(self.item),
        })
    }
}

/// A set beside the list keeps a claim of many lines from costing the square of them.
fn each_once(items: Vec<ItemWire>) -> Vec<Reference> {
    let mut seen = std::collections::HashSet::new();
    let all = items.into_iter().flat_map(|item| item.encounter);
    all.filter(|reference| seen.insert(reference.clone())).collect()
}
