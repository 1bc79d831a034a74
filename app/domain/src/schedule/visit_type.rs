//! What can be booked: how long it takes, what it needs, and for whom it is.

use crate::id::*;
use crate::money::Money;
use crate::patients::Patient;
use crate::patients::guarantor::ADULT;
use crate::validate::{FaultCode, Today};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// One kind of visit (FHIR HealthcareService, as far as booking needs it).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct VisitType {
    /// Identity.
    pub id: VisitTypeId,
    /// As staff and patients know it.
    #[garde(custom(super::named))]
    pub name: String,
    /// How long it takes.
    #[garde(custom(super::within(5, 720)))]
    pub minutes: u16,
    /// Starts are offered every so many minutes, from the beginning of a block.
    #[garde(custom(super::within(5, 240)))]
    pub grid_minutes: u16,
    /// Kept free before.
    #[garde(custom(super::within(0, 240)))]
    pub before_minutes: u16,
    /// Kept free after.
    #[garde(custom(super::within(0, 240)))]
    pub after_minutes: u16,
    /// How many patients one practitioner sees at once.
    #[garde(custom(super::within(1, 200)))]
    pub capacity: u16,
    /// One free resource of each kind, at the same time: "exam_room", "ultrasound".
    #[garde(custom(crate::validate::lines))]
    pub resource_kinds: Vec<String>,
    /// Who may be booked.
    pub for_whom: ForWhom,
    /// Youngest age, in full years on the day of the visit.
    pub min_age: Option<u16>,
    /// Oldest age.
    #[garde(custom(not_younger(self.min_age)))]
    pub max_age: Option<u16>,
    /// Whether someone must have referred the patient.
    pub referral_needed: bool,
    /// What a self-payer is asked for, before any contract.
    pub price_amount: Option<Money>,
    /// How it is marked on the calendar, never by colour alone.
    pub color: ColorToken,
    /// Whether patients may book it themselves.
    pub online: bool,
    /// Booked at least so long before.
    #[garde(custom(super::within(0, 60_000)))]
    pub lead_minutes: u16,
    /// Booked at most so many days before.
    #[garde(custom(super::within(1, 1100)))]
    pub horizon_days: u16,
    /// At most so many for one practitioner in a day.
    pub daily_cap: Option<u16>,
    /// What the patient is told beforehand.
    #[garde(custom(crate::validate::optional_line))]
    pub instructions: Option<String>,
    /// What the patient is asked beforehand.
    pub questionnaire_ids: Vec<QuestionnaireId>,
    /// Whether it is offered now.
    pub active: bool,
}

/// Whom a visit is for. New is who was not seen in the practice for three years (CPT, "new patient").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForWhom {
    /// Everyone.
    Anyone,
    /// New patients.
    New,
    /// Those who were seen.
    Established,
}

/// A name in the design's palette. Screens decide what it looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ColorToken {
    Slate,
    Blue,
    Teal,
    Green,
    Amber,
    Red,
    Violet,
    Pink,
}

impl VisitType {
    /// Whether someone of an age in full years may be booked.
    pub fn takes_age(&self, years: u32) -> bool {
        self.min_age.is_none_or(|least| years >= u32::from(least))
            && self.max_age.is_none_or(|most| years <= u32::from(most))
    }
}

/// At these ages a patient may come for something of which their parents are not told: from twelve on, where a state
/// lets minors consent earliest, until they are of age (45 CFR 164.502(g)(3)).
const ADOLESCENT: Range<u32> = 12..ADULT;

/// Whether a visit of some kind is shown on the patient's own pages. Of an adolescent's, only of kinds that the practice
/// offers there: what is not offered to everybody may be what a parent is not to learn.
pub fn is_shown_online(patient: &Patient, kind: Option<&VisitType>, today: NaiveDate) -> bool {
    !ADOLESCENT.contains(&patient.age_on(today)) || kind.is_some_and(|kind| kind.online)
}

fn not_younger(least: Option<u16>) -> impl FnOnce(&Option<u16>, &Today) -> garde::Result {
    move |most, _| match (least, most) {
        (Some(least), Some(most)) if *most < least => Err(garde::Error::new(FaultCode::Other.name())),
        _ => Ok(()),
    }
}
