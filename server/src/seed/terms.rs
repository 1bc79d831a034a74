//! The terms of the demo's practitioners: everyone takes new patients and is enrolled with every payer, but for one with
//! one of them. The nurse practitioner sees patients while one of the physicians of her site is there.

use super::patients::PAYERS;
use super::schedule::practitioner;
use domain::command::Command;
use domain::schedule::{Enrolment, PractitionerTerms};

/// Dr. Ferrer, and the payer that she waits to hear from.
const NOT_YET: (usize, &str) = (1, "BadgerCare Plus");
/// Priya Raman, NP; and Dr. Okafor and Dr. Weiss, who are at her site.
const SUPERVISED: (usize, [usize; 2]) = (4, [0, 2]);

/// The commands that say so.
pub fn commands() -> Vec<Command> {
    let terms = |n: usize| PractitionerTerms {
        supervised_by: match SUPERVISED {
            (who, by) if who == n => by.map(practitioner).to_vec(),
            _ => Vec::new(),
        },
        enrolments: (PAYERS.iter())
            .filter(|payer| NOT_YET != (n, **payer))
            .map(|payer| Enrolment {
                payer_name: (*payer).to_owned(),
                payer_code: None,
                site_ids: Vec::new(),
                from_on: None,
                until_on: None,
            })
            .collect(),
        ..PractitionerTerms::new(practitioner(n))
    };
    (0..6).map(terms).map(Command::SetPractitionerTerms).collect()
}
