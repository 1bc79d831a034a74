//! Who pays for a patient what insurance leaves: the guarantor (FHIR Account.guarantor), or the patient.

use super::{RelatedPerson, RelatedRole};
use chrono::NaiveDate;

/// From this age on people answer for themselves, in most states.
pub const ADULT: u32 = 18;

/// Who gets a patient's bills.
#[derive(Clone, Debug, PartialEq)]
pub enum Responsible {
    /// The patient.
    Patient,
    /// One or more adults around the patient.
    Guarantors(Vec<RelatedPerson>),
    /// Nobody: the patient is a minor, and no adult is recorded who pays.
    Nobody,
}

/// Whether someone is not of age.
pub fn is_minor(birth_on: NaiveDate, today: NaiveDate) -> bool {
    today.years_since(birth_on).is_none_or(|age| age < ADULT)
}

impl RelatedPerson {
    /// Whether they pay for the patient on a day. A minor does not, whatever is recorded: a contract binds adults.
    pub fn pays_on(&self, today: NaiveDate) -> bool {
        self.roles.contains(&RelatedRole::Guarantor)
            && self.ended_on.is_none_or(|last| last > today)
            && !self.birth_on.is_some_and(|birth_on| is_minor(birth_on, today))
    }
}

/// Who gets the bills of a patient who was born on a day, of the people around them.
pub fn responsible(birth_on: NaiveDate, people: Vec<RelatedPerson>, today: NaiveDate) -> Responsible {
    let mut paying = people;
    paying.retain(|person| person.pays_on(today));
    match (paying.is_empty(), is_minor(birth_on, today)) {
        (false, _) => Responsible::Guarantors(paying),
        (true, false) => Responsible::Patient,
        (true, true) => Responsible::Nobody,
    }
}
