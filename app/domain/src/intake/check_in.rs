//! Somebody who said at the kiosk that they are here for a visit. The kiosk knows nobody; who it was is looked for where
//! the records are, and only who is certain is said to have arrived: everyone else is for the desk to see.

use super::{InsuranceAnswer, Submission};
use crate::patients::Patient;
use crate::schedule::{Appointment, LATEST_CHECK_IN};
use crate::text::{fold, phone_digits};
use chrono::{DateTime, Utc};

/// Whether a record is certainly the person who filled something in: birth date, whole name and number are the same, and
/// they are no twin.
pub fn is_certainly(submission: &Submission, patient: &Patient) -> bool {
    let said = &submission.identity;
    let same = |a: &str, b: &str| !a.trim().is_empty() && fold(a) == fold(b);
    let given = same(&said.given_name, &patient.given_name)
        || (patient.preferred_name.as_deref()).is_some_and(|name| same(&said.given_name, name));
    let number = phone_digits(&said.phone);
    said.birth_on == patient.birth_on
        && given
        && same(&said.family_name, &patient.family_name)
        && !number.is_empty()
        && patient
            .telecoms
            .iter()
            .any(|point| phone_digits(&point.value) == number)
        && !patient.multiple_birth
        && patient.deceased_on.is_none()
}

/// The one visit that somebody checks in for: the earliest of the day at that site that has not begun, or not long ago.
/// `on_day` says whether an instant lies in the site's day.
pub fn visit_for(
    appointments: &[Appointment],
    at: DateTime<Utc>,
    on_day: impl Fn(DateTime<Utc>) -> bool,
) -> Option<&Appointment> {
    appointments
        .iter()
        .filter(|one| one.state.is_expected())
        .filter(|one| on_day(one.start_at) && at < one.start_at + LATEST_CHECK_IN)
        .min_by_key(|one| (one.start_at, one.id))
}

impl Submission {
    /// Whether there is nothing in it that anybody would take into a record.
    pub fn says_nothing_new(&self) -> bool {
        self.returning
            && self.details.is_none()
            && self.contact.is_none()
            && matches!(self.insurance, InsuranceAnswer::Same)
            && self.emergency_contact.is_none()
            && self.guarantor.is_none()
            && self.consents.is_empty()
    }
}
