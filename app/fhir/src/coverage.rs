//! Coverage (FHIR R4, 13.1): an insurance as its card shows it.

use serde::Deserialize;

use crate::date::Period;
use crate::notes::{Notes, PeriodWire, Wire};
use crate::{Concept, Identifier, Reference};

/// One policy of one beneficiary.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    pub id: String,
    pub identifiers: Vec<Identifier>,
    /// active, cancelled, draft or entered-in-error.
    pub status: Option<String>,
    /// First code of `Coverage.type` (v3-ActCode HIP, SOPT payer typology …).
    pub type_code: Option<String>,
    pub beneficiary: Reference,
    pub policy_holder: Option<Reference>,
    pub subscriber: Option<Reference>,
    /// The member number on the card.
    pub subscriber_id: Option<String>,
    pub dependent: Option<String>,
    /// Beneficiary to subscriber: self, spouse, child, parent, common, other, injured.
    pub relationship: Option<Concept>,
    pub period: Option<Period>,
    pub payors: Vec<Reference>,
    pub classes: Vec<CoverageClass>,
    /// 1 is primary.
    pub order: Option<u32>,
    pub network: Option<String>,
}

impl Coverage {
    /// The class of `kind`: `group`, `plan`, `rxbin` … (R4 value set coverage-class).
    pub fn class(&self, kind: &str) -> Option<&CoverageClass> {
        self.classes
            .iter()
            .find(|class| class.kind.as_deref() == Some(kind))
    }
}

/// `Coverage.class`: a group, a plan, a pharmacy number.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "ClassWire")]
pub struct CoverageClass {
    pub kind: Option<String>,
    pub value: Option<String>,
    pub name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ClassWire {
    r#type: Concept,
    value: Option<String>,
    name: Option<String>,
}

impl From<ClassWire> for CoverageClass {
    fn from(wire: ClassWire) -> Self {
        Self {
            kind: wire.r#type.into_first_code(),
            value: wire.value,
            name: wire.name,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct CoverageWire {
    id: Option<String>,
    identifier: Vec<Identifier>,
    status: Option<String>,
    r#type: Concept,
    beneficiary: Option<Reference>,
    policy_holder: Option<Reference>,
    subscriber: Option<Reference>,
    subscriber_id: Option<String>,
    dependent: Option<String>,
    relationship: Option<Concept>,
    period: Option<PeriodWire>,
    payor: Vec<Reference>,
    class: Vec<CoverageClass>,
    order: Option<u32>,
    network: Option<String>,
}

impl Wire<'_> for CoverageWire {
    type Kept = Coverage;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Coverage> {
        Some(Coverage {
            id: notes.id(self.id)?,
            identifiers: self.identifier,
            status: self.status,
            type_code: self.r#type.into_first_code(),
            beneficiary: notes.required("beneficiary", self.beneficiary)?,
            policy_holder: self.policy_holder,
            subscriber: self.subscriber,
            subscriber_id: self.subscriber_id,
            dependent: self.dependent,
            relationship: self.relationship,
            period: notes.period("period", self.period),
            payors: self.payor,
            classes: self.class,
            order: self.order,
            network: self.network,
        })
    }
}
