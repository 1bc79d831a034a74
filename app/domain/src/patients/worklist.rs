//! Every pair of records that may be the same person, without comparing everyone with everyone.

use super::matching::{Candidate, OFFER, duplicates_of, last_ten};
use super::{Patient, PatientLink};
use crate::id::PatientId;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// Two records that may be one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The record with the smaller id.
    pub patient_id: PatientId,
    /// The other, with how alike they are and why.
    pub candidate: Candidate,
}

/// What two records must share, one of these at least, to be alike enough: nobody is offered without the same date of
/// birth, or the same name, phone or street beside one that is nearly the same.
fn blocks(patient: &Patient) -> Vec<String> {
    let mut blocks = vec![format!("b{}", patient.birth_on)];
    for given in [Some(&patient.given_name), patient.preferred_name.as_ref()]
        .into_iter()
        .flatten()
    {
        blocks.push(format!("n{} {}", fold(&patient.family_name), fold(given)));
    }
    let phones = patient.telecoms.iter().map(|one| last_ten(&one.value));
    blocks.extend(
        phones
            .filter(|phone| phone.len() >= 7)
            .map(|phone| format!("p{phone}")),
    );
    if let Some(address) = patient.addresses.first() {
        blocks.push(format!("s{}", fold(&address.line1)));
    }
    blocks
}

/// All of them, the likeliest first. What was told apart is not offered again.
pub fn pairs(patients: &[&Patient], links: &[PatientLink]) -> Vec<Pair> {
    let mut by_block: BTreeMap<String, Vec<&Patient>> = BTreeMap::new();
    for patient in patients {
        for block in blocks(patient) {
            by_block.entry(block).or_default().push(patient);
        }
    }
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for block in by_block.values() {
        for (at, one) in block.iter().enumerate() {
            for other in block.iter().skip(at + 1) {
                let (one, other) = if one.id < other.id {
                    (*one, *other)
                } else {
                    (*other, *one)
                };
                if one.id == other.id || !seen.insert((one.id, other.id)) {
                    continue;
                }
                let alike = duplicates_of(one, std::iter::once(other), links);
                found.extend(
                    alike
                        .into_iter()
                        .filter(|candidate| candidate.score >= OFFER)
                        .map(|candidate| Pair {
                            patient_id: one.id,
                            candidate,
                        }),
                );
            }
        }
    }
    found.sort_by(|a, b| {
        let score = b.candidate.score.cmp(&a.candidate.score);
        score.then((a.patient_id, a.candidate.id).cmp(&(b.patient_id, b.candidate.id)))
    });
    found
}
