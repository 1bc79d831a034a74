//! The fields of a referral that are corrected one by one.

use super::Referral;
use crate::id::PatientId;
use crate::patients::{ConflictField, Corrected, WrongShape};
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One field that can be corrected. Each is taken as a whole: of two sets of kinds of visit, half of each is what nobody
/// was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralField {
    /// Its number.
    Number,
    /// Whether it is a referral or an authorization.
    Kind,
    /// Who referred the patient.
    ReferrerName,
    /// Their NPI.
    ReferrerNpi,
    /// The coverage whose payer asks for it.
    CoverageId,
    /// How many visits.
    VisitsAllowed,
    /// First day.
    ValidFrom,
    /// Last day.
    ValidUntil,
    /// For which kinds of visit.
    VisitTypeIds,
    /// What else there is to know.
    Note,
}

impl ReferralField {
    /// All of them.
    pub const ALL: [ReferralField; 10] = [
        ReferralField::Number,
        ReferralField::Kind,
        ReferralField::ReferrerName,
        ReferralField::ReferrerNpi,
        ReferralField::CoverageId,
        ReferralField::VisitsAllowed,
        ReferralField::ValidFrom,
        ReferralField::ValidUntil,
        ReferralField::VisitTypeIds,
        ReferralField::Note,
    ];

    /// The row's field, by name.
    pub fn name(self) -> &'static str {
        match self {
            ReferralField::Number => "number",
            ReferralField::Kind => "kind",
            ReferralField::ReferrerName => "referrer_name",
            ReferralField::ReferrerNpi => "referrer_npi",
            ReferralField::CoverageId => "coverage_id",
            ReferralField::VisitsAllowed => "visits_allowed",
            ReferralField::ValidFrom => "valid_from",
            ReferralField::ValidUntil => "valid_until",
            ReferralField::VisitTypeIds => "visit_type_ids",
            ReferralField::Note => "note",
        }
    }

    /// What people call it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            ReferralField::Number => ("Number", "Número"),
            ReferralField::Kind => ("Referral or authorization", "Remisión o autorización"),
            ReferralField::ReferrerName => ("Referred by", "Remitido por"),
            ReferralField::ReferrerNpi => ("NPI of who referred", "NPI de quien remitió"),
            ReferralField::CoverageId => ("Insurance", "Seguro"),
            ReferralField::VisitsAllowed => ("Number of visits", "Número de visitas"),
            ReferralField::ValidFrom => ("First day", "Primer día"),
            ReferralField::ValidUntil => ("Last day", "Último día"),
            ReferralField::VisitTypeIds => ("Kinds of visit", "Tipos de visita"),
            ReferralField::Note => ("Note", "Nota"),
        };
        Text { en, es }
    }

    /// The field's value; null when there is none.
    pub fn read(self, referral: &Referral) -> Value {
        let mut row = serde_json::to_value(referral).unwrap_or_default();
        row.get_mut(self.name()).map(Value::take).unwrap_or_default()
    }

    /// Puts a value in the field; null removes what may be removed.
    pub fn write(self, referral: &mut Referral, value: Value) -> Result<(), WrongShape> {
        if self == ReferralField::Number {
            let wrong = || WrongShape(self.name().to_owned());
            let number = match &value {
                Value::Null => "",
                value => value.as_str().ok_or_else(wrong)?,
            };
            referral.renumber(number);
            return Ok(());
        }
        let wrong = |_| WrongShape(self.name().to_owned());
        let mut row = serde_json::to_value(&*referral).map_err(wrong)?;
        row[self.name()] = match (self, value) {
            (ReferralField::VisitTypeIds, Value::Null) => Value::Array(Vec::new()),
            (_, value) => value,
        };
        *referral = serde_json::from_value(row).map_err(wrong)?;
        Ok(())
    }
}

impl Corrected for Referral {
    type Field = ReferralField;

    fn patient(&self) -> PatientId {
        self.patient_id
    }

    fn place(&self, field: ReferralField) -> ConflictField {
        ConflictField::Referral(self.id, field)
    }

    fn value(&self, field: ReferralField) -> Value {
        field.read(self)
    }

    fn set(&mut self, field: ReferralField, value: Value) -> Result<(), WrongShape> {
        field.write(self, value)
    }
}
