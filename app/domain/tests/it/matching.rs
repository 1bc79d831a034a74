//! Who may be the same person: offered, never decided.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::id::PatientId;
use domain::patients::matching::*;
use domain::patients::{LinkKind, Patient, PatientLink, link_id};

fn score(a: &Patient, b: &Patient) -> u32 {
    let there = duplicates_of(a, [b].into_iter(), &[]);
    let back = duplicates_of(b, [a].into_iter(), &[]);
    let score = |found: &[Candidate]| found.first().map_or(0, |c| c.score);
    assert_eq!(score(&there), score(&back), "each record must show the other");
    score(&there)
}

fn second(n: u128, given: &str, family: &str, born: &str) -> Patient {
    Patient {
        telecoms: elena().telecoms,
        addresses: elena().addresses,
        ..named(n, given, family, born)
    }
}

#[test]
fn the_same_person_entered_at_two_desks_is_very_likely_the_same() {
    let mut again = second(11, "elena", "DELGADO", "1984-03-09");
    again.telecoms[0].value = "+1 (414) 555-0134".into();
    assert!(score(&elena(), &again) >= STRONG);
    let reasons = Probe::of(&elena()).compare(&again).reasons;
    assert_eq!(
        reasons,
        [
            Reason::BirthDate,
            Reason::FamilyName,
            Reason::GivenName,
            Reason::Phone,
            Reason::Street
        ]
    );
}

#[test]
fn what_is_typed_at_the_desk_finds_who_is_recorded() {
    let probe = Probe {
        given_name: "Elena".into(),
        family_name: "Delgado".into(),
        birth_on: Some(day("1984-03-09")),
        ..Probe::default()
    };
    let recorded = [elena(), named(11, "Jonas", "Weber", "1990-12-01")];
    let found = probe.candidates(recorded.iter());
    assert_eq!(found.iter().map(|c| c.id).collect::<Vec<_>>(), [elena().id]);
    assert!(
        Probe::default().candidates(recorded.iter()).is_empty(),
        "nothing typed offers nobody"
    );
}

#[test]
fn twins_are_never_offered() {
    for (given, marked) in [("Eva", false), ("Eva", true), ("Helena", true), ("Elen", true)] {
        let twin = Patient {
            multiple_birth: marked,
            ..second(11, given, "Delgado", "1984-03-09")
        };
        assert_eq!(score(&elena(), &twin), 0, "{given}");
    }
}

#[test]
fn a_twin_entered_twice_is_offered() {
    let twin = Patient {
        multiple_birth: true,
        ..elena()
    };
    let again = Patient {
        id: PatientId(id(11)),
        ..twin.clone()
    };
    assert!(score(&twin, &again) >= STRONG);
}

#[test]
fn parent_and_child_of_the_same_name_are_not_offered() {
    let daughter = second(11, "Elena", "Delgado", "2010-06-21");
    assert!(Probe::of(&elena()).compare(&daughter).score < OFFER);
}

#[test]
fn swapped_day_and_month_and_one_wrong_digit_are_offered() {
    for born in ["1984-09-03", "1984-03-08", "1994-03-09"] {
        let found = score(&elena(), &second(11, "Elena", "Delgado", born));
        assert!(found >= OFFER, "{born}");
    }
    assert!(score(&elena(), &named(11, "Elena", "Delgado", "1984-10-18")) < OFFER);
}

#[test]
fn a_short_form_a_double_name_and_a_slip_are_offered() {
    let samuel = named(10, "Samuel", "Delgado", "1984-03-09");
    for (given, family) in [
        ("Sam", "Delgado"),
        ("Samuel", "Delgado-Ruiz"),
        ("Samule", "Delgado"),
        ("Samuel", "Delgdao"),
    ] {
        assert!(
            score(&samuel, &named(11, given, family, "1984-03-09")) >= OFFER,
            "{given} {family}"
        );
    }
}

#[test]
fn the_name_to_call_them_by_counts_on_both_sides() {
    let william = Patient {
        preferred_name: Some("Bill".into()),
        ..named(10, "William", "Ward", "1970-01-01")
    };
    assert!(score(&william, &named(11, "Bill", "Ward", "1970-01-01")) >= OFFER);
    assert!(score(&william, &named(11, "Rose", "Ward", "1970-01-01")) < OFFER);
}

#[test]
fn a_slip_counts_alike_from_either_side() {
    for (a, b) in [
        ("Smith", "Smyths"),
        ("Weber", "Wbeer"),
        ("Munoz", "Muños"),
        ("Brandt", "Brant"),
    ] {
        score(
            &named(10, "Ana", a, "1970-01-01"),
            &named(11, "Ana", b, "1970-01-01"),
        );
    }
}

#[test]
fn two_who_were_told_apart_are_not_offered_again() {
    let again = second(11, "Elena", "Delgado", "1984-03-09");
    let link = PatientLink {
        id: link_id(elena().id, again.id),
        patient_id: elena().id.min(again.id),
        other_patient_id: elena().id.max(again.id),
        kind: LinkKind::Distinct,
        decided_by: "Maria Lindqvist".into(),
        decided_at: at("2026-03-10T15:00:00Z"),
    };
    let third = second(12, "Elena", "Delgado", "1984-03-09");
    let all = [elena(), again.clone(), third.clone()];
    for (one, left) in [(elena(), third.id), (again.clone(), third.id)] {
        let found = duplicates_of(&one, all.iter(), std::slice::from_ref(&link));
        assert_eq!(found.iter().map(|c| c.id).collect::<Vec<_>>(), [left]);
    }
    let both = duplicates_of(&third, all.iter(), std::slice::from_ref(&link));
    assert_eq!(both.len(), 2);
}

#[test]
fn nobody_is_their_own_duplicate() {
    assert!(duplicates_of(&elena(), [elena()].iter(), &[]).is_empty());
}

#[test]
fn the_likeliest_comes_first_and_ties_come_in_the_order_of_ids() {
    let people = [
        named(14, "Elena", "Delgado", "1984-03-09"),
        second(13, "Elena", "Delgado", "1984-03-09"),
        second(12, "Elena", "Delgado", "1984-03-09"),
    ];
    let found: Vec<PatientId> = duplicates_of(&elena(), people.iter(), &[])
        .into_iter()
        .map(|c| c.id)
        .collect();
    assert_eq!(found, [PatientId(id(12)), PatientId(id(13)), PatientId(id(14))]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(300))]
    /// The worklist finds what comparing everyone with everyone finds.
    #[test]
    fn the_worklist_is_all_pairs(people in proptest::collection::vec((0usize..6, 0usize..6, 0usize..5, 0usize..3, 0usize..3, proptest::bool::ANY), 2..24)) {
        let given = ["Elena", "Elen", "Helena", "Bob", "Robert", "Ana"];
        let family = ["Delgado", "Delgad", "Delgado-Ruiz", "Smith", "Smyth", "Ng"];
        let born = ["1984-03-09", "1984-09-03", "1984-03-19", "1990-01-01", "1984-03-08"];
        let phones = ["414 555 0134", "+1 414 555 0134", ""];
        let streets = ["402 Mill Street", "402 mill street", "9 Elm"];
        let all: Vec<Patient> = (20u128..).zip(people).map(|(n, (g, f, b, p, s, called))| Patient {
            telecoms: if phones[p].is_empty() { Vec::new() } else { vec![mobile(phones[p])] },
            addresses: vec![home(streets[s])],
            preferred_name: called.then(|| given[(g + 1) % given.len()].to_owned()),
            ..named(n, given[g], family[f], born[b])
        }).collect();
        let refs: Vec<&Patient> = all.iter().collect();
        let found: std::collections::BTreeSet<_> = domain::patients::worklist::pairs(&refs, &[])
            .into_iter().map(|pair| (pair.patient_id, pair.candidate.id, pair.candidate.score)).collect();
        let every: std::collections::BTreeSet<_> = all.iter().flat_map(|one| {
            duplicates_of(one, all.iter().filter(|other| other.id > one.id), &[]).into_iter().map(|c| (one.id, c.id, c.score)).collect::<Vec<_>>()
        }).collect();
        proptest::prop_assert_eq!(found, every);
    }
}
