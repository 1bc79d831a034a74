//! Referrals and authorizations: for what a patient may come, how often and until when, as the referring office or the
//! payer has said. How often they came on one is counted over the appointments that name its number, and kept nowhere.

mod decide;
mod field;

use crate::id::*;
use crate::schedule::{Appointment, AppointmentState, Finding};
use crate::text::Text;
use crate::validate::Today;
use chrono::{DateTime, NaiveDate, Utc};
pub(crate) use decide::{alone, decide, patient_of, reads};
pub use field::ReferralField;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One of them (FHIR ServiceRequest that was received; X12 REF G1 and 9F).
#[derive(Clone, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Referral {
    /// Identity.
    pub id: ReferralId,
    /// Who was referred.
    pub patient_id: PatientId,
    /// Its number, as the payer or the referring office gave it.
    #[garde(custom(check::number))]
    pub number: String,
    /// Its numbers before they were corrected: visits that were booked meanwhile name them. Kept where the number is
    /// corrected, whatever was asked.
    #[serde(default)]
    pub former_numbers: Vec<String>,
    /// Which of the two.
    pub kind: ReferralKind,
    /// Who referred them; a referral is always somebody's.
    #[garde(custom(check::referrer(self.kind)))]
    pub referrer_name: Option<String>,
    /// National provider identifier of who referred them.
    #[garde(custom(check::npi))]
    pub referrer_npi: Option<String>,
    /// The coverage whose payer asks for it, when that was said.
    pub coverage_id: Option<CoverageId>,
    /// How many visits; nothing while nobody said.
    #[garde(custom(check::visits))]
    pub visits_allowed: Option<u16>,
    /// First day.
    #[garde(custom(check::day))]
    pub valid_from: NaiveDate,
    /// Last day.
    #[garde(custom(check::last_day(self.valid_from)))]
    pub valid_until: Option<NaiveDate>,
    /// For which kinds of visit; empty for any.
    #[garde(custom(check::kinds))]
    pub visit_type_ids: Vec<VisitTypeId>,
    /// What else there is to know.
    #[garde(custom(check::note))]
    pub note: Option<String>,
    /// Where it stands.
    pub state: ReferralState,
    /// When it was entered, by the clinic's clock; on a device, by its own until the clinic has it.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
    /// When somebody ended it.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who.
    pub ended_by: Option<String>,
}

/// Who gave the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralKind {
    /// Another practitioner's office.
    Referral,
    /// The payer, before the visit.
    PriorAuthorization,
}

impl ReferralKind {
    /// Both.
    pub const ALL: [ReferralKind; 2] = [ReferralKind::Referral, ReferralKind::PriorAuthorization];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            ReferralKind::Referral => "referral",
            ReferralKind::PriorAuthorization => "prior_authorization",
        }
    }

    /// As colleagues say it.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            ReferralKind::Referral => ("Referral", "Remisión"),
            ReferralKind::PriorAuthorization => ("Prior authorization", "Autorización previa"),
        };
        Text { en, es }
    }
}

/// Where a referral stands. That it is used up or over is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralState {
    /// Visits are booked on it.
    Active,
    /// Withdrawn, or entered by mistake.
    Ended,
}

/// Records one; with `base`, corrects the one that is there: what was changed since the base was seen, field by field.
/// Who enters it and when is noted where it is decided. One that was ended when it was seen, and is active as it should
/// be, counts again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordReferral {
    /// As it should be.
    pub referral: Referral,
    /// As it was when the person began to type; nothing for a new one.
    pub base: Option<Referral>,
}

/// Says that no visit is booked on it any more.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct EndReferral {
    /// Which.
    pub referral_id: ReferralId,
    /// Whose.
    pub patient_id: PatientId,
}
crate::redacted_debug!(Referral, RecordReferral, EndReferral);

/// A number as numbers are compared: blanks, hyphens and capitals are written this way and that way.
fn plain(number: &str) -> impl Iterator<Item = char> {
    number
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

impl Referral {
    /// Whether a number is its number, or was before that was corrected.
    pub fn is_named(&self, number: &str) -> bool {
        let mut all = self.former_numbers.iter().chain([&self.number]);
        plain(number).next().is_some() && all.any(|known| plain(known).eq(plain(number)))
    }

    /// Whether both have one number now.
    fn is_twin_of(&self, other: &Referral) -> bool {
        self.id != other.id
            && (self.state, other.state) == (ReferralState::Active, ReferralState::Active)
            && plain(&self.number).eq(plain(&other.number))
    }

    /// Gives it another number, and keeps the one before.
    fn renumber(&mut self, number: &str) {
        if !plain(&self.number).eq(plain(number)) {
            self.former_numbers
                .retain(|known| !plain(known).eq(plain(&self.number)));
            self.former_numbers.push(self.number.clone());
        }
        self.number = number.to_owned();
    }

    /// How many visits went or are to go on it: those that name its number and are on its days, since payers go on with a
    /// number once it has run out. Whoever called off or did not come used none, and a time that is only held is no visit
    /// yet.
    pub fn used<'a>(&self, appointments: impl IntoIterator<Item = &'a Appointment>) -> usize {
        let counts = |one: &&Appointment| {
            one.patient_id == self.patient_id
                && one.state.takes_time()
                && one.state != AppointmentState::Held
                && self.has_day(one.wall.date())
                && (one.referral.as_deref()).is_some_and(|number| self.is_named(number))
        };
        appointments.into_iter().filter(counts).count()
    }

    /// How many visits are left; nothing while nobody said how many there may be.
    pub fn left<'a>(&self, appointments: impl IntoIterator<Item = &'a Appointment>) -> Option<u16> {
        let most = self.visits_allowed?;
        let used = u16::try_from(self.used(appointments)).unwrap_or(u16::MAX);
        Some(most.saturating_sub(used))
    }

    /// Whether it counts on a day.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.state == ReferralState::Active && self.has_day(day)
    }

    fn has_day(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_until.is_none_or(|last| day <= last)
    }

    /// Whether it is for a kind of visit.
    pub fn is_for(&self, kind: VisitTypeId) -> bool {
        self.visit_type_ids.is_empty() || self.visit_type_ids.contains(&kind)
    }
}

/// A visit that names a referral.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    /// The number that it names.
    pub number: &'a str,
    /// Its identity: it does not count against itself.
    pub appointment_id: AppointmentId,
    /// For what.
    pub visit_type_id: VisitTypeId,
    /// On which day, at its site.
    pub on: NaiveDate,
}

/// What speaks against a visit of the referral that it names, beside all the patient's appointments. Nothing when the
/// number is of no referral that was recorded.
pub fn against(referrals: &[Referral], appointments: &[Appointment], visit: Visit<'_>) -> BTreeSet<Finding> {
    let found = |one: &Referral| {
        let others = appointments
            .iter()
            .filter(|other| other.id != visit.appointment_id);
        let all = [
            (one.left(others) == Some(0), Finding::ReferralUsedUp),
            (!one.counts_on(visit.on), Finding::ReferralNotValid),
            (!one.is_for(visit.visit_type_id), Finding::ReferralOtherVisit),
        ];
        let so = all.into_iter().filter(|(so, _)| *so);
        so.map(|(_, finding)| finding).collect::<BTreeSet<_>>()
    };
    let named = referrals.iter().filter(|one| one.is_named(visit.number));
    // Of several with one number, one after the other, the one that lets the visit in is meant.
    named.map(found).min_by_key(BTreeSet::len).unwrap_or_default()
}

/// What a sound one is.
mod check {
    use super::*;
    use crate::practice::npi_check_digit_ok;
    use crate::validate::{FaultCode, MAX_TEXT, MAX_WORDS, line, not_before};
    use chrono::Datelike;

    fn fail(code: FaultCode) -> garde::Result {
        Err(garde::Error::new(code.name()))
    }

    pub fn number(text: &str, today: &Today) -> garde::Result {
        match plain(text).next() {
            Some(_) => line(text, today),
            None => fail(FaultCode::Other),
        }
    }

    pub fn referrer(kind: ReferralKind) -> impl FnOnce(&Option<String>, &Today) -> garde::Result {
        move |name, today| match name.as_deref().filter(|name| !name.trim().is_empty()) {
            Some(name) => line(name, today),
            None if kind == ReferralKind::Referral => fail(FaultCode::NameMissing),
            None => Ok(()),
        }
    }

    pub fn npi(npi: &Option<String>, _: &Today) -> garde::Result {
        match npi.as_deref().is_none_or(npi_check_digit_ok) {
            true => Ok(()),
            false => fail(FaultCode::NumberOutOfRange),
        }
    }

    pub fn visits(most: &Option<u16>, _: &Today) -> garde::Result {
        match most.is_none_or(|most| (1..=999).contains(&most)) {
            true => Ok(()),
            false => fail(FaultCode::NumberOutOfRange),
        }
    }

    /// In years that a calendar and a database reckon with.
    pub fn day(on: &NaiveDate, _: &Today) -> garde::Result {
        match (1900..2300).contains(&on.year()) {
            true => Ok(()),
            false => fail(FaultCode::NotADate),
        }
    }

    pub fn last_day(from: NaiveDate) -> impl FnOnce(&Option<NaiveDate>, &Today) -> garde::Result {
        move |last, today| {
            last.as_ref().map_or(Ok(()), |last| day(last, today))?;
            not_before(Some(from))(last, today)
        }
    }

    pub fn kinds(ids: &[VisitTypeId], _: &Today) -> garde::Result {
        match ids.len() <= MAX_TEXT {
            true => Ok(()),
            false => fail(FaultCode::TooLong),
        }
    }

    pub fn note(note: &Option<String>, _: &Today) -> garde::Result {
        match note
            .as_deref()
            .is_none_or(|note| note.chars().count() <= MAX_WORDS)
        {
            true => Ok(()),
            false => fail(FaultCode::TooLong),
        }
    }
}
