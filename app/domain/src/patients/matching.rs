//! Who may be the same person. It only ever offers: a person decides, and twins are never offered.

use super::search::slips;
use super::{Patient, PatientLink};
use crate::id::PatientId;
use crate::text::{Text, digits, fold};
use chrono::{Datelike, NaiveDate};

/// What is known of someone who is looked for.
#[derive(Clone, Default)]
pub struct Probe {
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth.
    pub birth_on: Option<NaiveDate>,
    /// Any phone.
    pub phones: Vec<String>,
    /// Street.
    pub street: Option<String>,
    /// Whether they are a twin.
    pub multiple_birth: bool,
}

/// Someone who may be the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Who.
    pub id: PatientId,
    /// How alike; [`OFFER`] and above is offered, [`STRONG`] and above comes first.
    pub score: u32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// From this score on, someone is offered as a possible duplicate.
pub const OFFER: u32 = 70;
/// From this score on, very likely the same.
pub const STRONG: u32 = 100;

/// What is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Same day.
    BirthDate,
    /// Month and day swapped, or one digit off.
    NearBirthDate,
    /// Same folded name.
    FamilyName,
    /// A slip apart.
    NearFamilyName,
    /// Same folded name.
    GivenName,
    /// A slip apart, or a short form.
    NearGivenName,
    /// Same number.
    Phone,
    /// Same street.
    Street,
}

impl Reason {
    /// For the desk.
    pub fn label(self) -> Text {
        let (en, es) = match self {
            Reason::BirthDate => ("same date of birth", "misma fecha de nacimiento"),
            Reason::NearBirthDate => ("date of birth nearly the same", "fecha de nacimiento parecida"),
            Reason::FamilyName => ("same family name", "mismo apellido"),
            Reason::NearFamilyName => ("family name nearly the same", "apellido parecido"),
            Reason::GivenName => ("same given name", "mismo nombre"),
            Reason::NearGivenName => ("given name nearly the same", "nombre parecido"),
            Reason::Phone => ("same phone", "mismo teléfono"),
            Reason::Street => ("same street", "misma calle"),
        };
        Text { en, es }
    }
}

impl Probe {
    /// What is known of a recorded patient.
    pub fn of(patient: &Patient) -> Probe {
        Probe {
            given_name: patient.given_name.clone(),
            family_name: patient.family_name.clone(),
            birth_on: Some(patient.birth_on),
            phones: patient.telecoms.iter().map(|t| t.value.clone()).collect(),
            street: patient.addresses.first().map(|a| a.line1.clone()),
            multiple_birth: patient.multiple_birth,
        }
    }

    /// How alike one recorded patient is.
    pub fn compare(&self, patient: &Patient) -> Candidate {
        let mut reasons = Vec::new();
        let mut score = 0i32;
        match self.birth_on {
            Some(day) if day == patient.birth_on => {
                score += 45;
                reasons.push(Reason::BirthDate);
            }
            Some(day) if near_date(day, patient.birth_on) => {
                score += 20;
                reasons.push(Reason::NearBirthDate);
            }
            Some(_) => score -= 30,
            None => {}
        }
        let family = alike(&self.family_name, &patient.family_name);
        match family {
            Alike::Same => reasons.push(Reason::FamilyName),
            Alike::Near => reasons.push(Reason::NearFamilyName),
            Alike::No => {}
        }
        score += match family {
            Alike::Same => 25,
            Alike::Near => 15,
            Alike::No => -15,
        };
        let preferred = patient.preferred_name.as_deref().unwrap_or_default();
        let given = match (
            alike(&self.given_name, &patient.given_name),
            alike(&self.given_name, preferred),
        ) {
            (Alike::Same, _) | (_, Alike::Same) => Alike::Same,
            (Alike::Near, _) | (_, Alike::Near) => Alike::Near,
            _ => Alike::No,
        };
        score += match given {
            Alike::Same => {
                reasons.push(Reason::GivenName);
                25
            }
            Alike::Near => {
                reasons.push(Reason::NearGivenName);
                15
            }
            Alike::No => -35,
        };
        let mine: Vec<String> = self
            .phones
            .iter()
            .map(|p| last_ten(p))
            .filter(|p| p.len() >= 7)
            .collect();
        if patient
            .telecoms
            .iter()
            .any(|t| mine.contains(&last_ten(&t.value)))
        {
            score += 20;
            reasons.push(Reason::Phone);
        }
        if let (Some(street), Some(address)) = (&self.street, patient.addresses.first())
            && !street.is_empty()
            && fold(street) == fold(&address.line1)
        {
            score += 10;
            reasons.push(Reason::Street);
        }
        // Twins share birth date, address and phone; only their given names tell them apart.
        if (self.multiple_birth || patient.multiple_birth) && given != Alike::Same {
            score = 0;
        }
        Candidate {
            id: patient.id,
            score: score.max(0).unsigned_abs(),
            reasons,
        }
    }

    /// Everyone alike enough to be offered, the likeliest first.
    pub fn candidates<'a>(&self, patients: impl Iterator<Item = &'a Patient>) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = patients
            .map(|patient| self.compare(patient))
            .filter(|c| c.score >= OFFER)
            .collect();
        sort(&mut found);
        found
    }
}

/// The likeliest first; alike ones in the order of their ids, everywhere the same.
fn sort(found: &mut [Candidate]) {
    found.sort_by(|a, b| b.score.cmp(&a.score).then(a.id.cmp(&b.id)));
}

/// Records that may be the same person as one that is recorded, without those that a person told apart.
pub fn duplicates_of<'a>(
    patient: &Patient,
    patients: impl Iterator<Item = &'a Patient>,
    links: &[PatientLink],
) -> Vec<Candidate> {
    let told_apart = |other: PatientId| {
        links.iter().any(|link| {
            (link.patient_id, link.other_patient_id) == (patient.id.min(other), patient.id.max(other))
        })
    };
    let probe = Probe::of(patient);
    // The name to call them by counts on both sides, so that either record shows the other.
    let called = patient.preferred_name.clone().map(|given_name| Probe {
        given_name,
        ..probe.clone()
    });
    let mut found: Vec<Candidate> = patients
        .filter(|other| other.id != patient.id && !told_apart(other.id))
        .map(|other| {
            let formal = probe.compare(other);
            let called = called.as_ref().map(|probe| probe.compare(other));
            called
                .filter(|called| called.score > formal.score)
                .unwrap_or(formal)
        })
        .filter(|candidate| candidate.score >= OFFER)
        .collect();
    sort(&mut found);
    found
}

#[derive(Clone, Copy, PartialEq)]
enum Alike {
    Same,
    Near,
    No,
}

fn alike(a: &str, b: &str) -> Alike {
    let (a, b) = (fold(a), fold(b));
    if a.is_empty() || b.is_empty() {
        return Alike::No;
    }
    if a == b {
        return Alike::Same;
    }
    // A double name's part, and the short form of a name: "Delgado" of "Delgado-Ruiz", "Sam" of "Samuel".
    let part = a.split(' ').any(|word| b.split(' ').any(|other| word == other));
    let short = a.len().min(b.len()) >= 3 && (a.starts_with(&b) || b.starts_with(&a));
    let typo = a.len().min(b.len()) >= 4
        && a.len().abs_diff(b.len()) <= 1
        && slips(a.as_bytes(), b.as_bytes(), 1).max(slips(b.as_bytes(), a.as_bytes(), 1)) <= 1;
    if part || short || typo {
        Alike::Near
    } else {
        Alike::No
    }
}

fn near_date(a: NaiveDate, b: NaiveDate) -> bool {
    let swapped = a.year() == b.year() && a.month() == b.day() && a.day() == b.month();
    let (a, b) = (a.format("%Y%m%d").to_string(), b.format("%Y%m%d").to_string());
    swapped || a.bytes().zip(b.bytes()).filter(|(x, y)| x != y).count() == 1
}

pub(super) fn last_ten(phone: &str) -> String {
    let digits = digits(phone);
    digits[digits.len().saturating_sub(10)..].to_owned()
}
