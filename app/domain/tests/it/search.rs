//! Finding a patient by whatever is known of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::id::PatientId;
use domain::patients::search::PatientIndex;
use domain::patients::{HumanNumber, Patient};

fn index(patients: &[Patient]) -> PatientIndex {
    let mut index = PatientIndex::default();
    patients.iter().for_each(|patient| index.put(patient));
    index
}

/// Elena (10), José (11), a Weber (12) and an O'Neill (13).
fn desk() -> PatientIndex {
    let jose = Patient {
        telecoms: vec![mobile("+1 (262) 555-0143")],
        previous_names: vec!["José Ángel Íñiguez".into()],
        ..named(11, "José Ángel", "Muñoz-Peña", "1986-01-17")
    };
    let weber = Patient {
        mrn: HumanNumber::Provisional("3F9A".into()),
        preferred_name: Some("Joey".into()),
        ..named(12, "Jonas", "Weber", "1990-12-01")
    };
    index(&[elena(), jose, weber, named(13, "Sinéad", "O'Neill", "1951-05-05")])
}

fn first(typed: &str) -> Option<u128> {
    let found = desk().search(typed, 10);
    found.first().map(|patient| patient.0.as_u128() - id(0).as_u128())
}

fn only(typed: &str, expected: u128) {
    assert_eq!(desk().search(typed, 10), [PatientId(id(expected))], "{typed:?}");
}

#[test]
fn accents_capitals_and_punctuation_are_forgiven() {
    for typed in [
        "munoz",
        "MUÑOZ",
        "Mun\u{303}oz",
        "jose pena",
        "Muñoz-Peña",
        "angel",
        "  Peña,  José ",
    ] {
        only(typed, 11);
    }
    for typed in ["oneill", "O’Neill", "o'neill", "sinead"] {
        only(typed, 13);
    }
}

#[test]
fn words_match_in_any_order_and_from_their_beginning() {
    for typed in [
        "Elena Delgado",
        "delgado elena",
        "Delgado, Elena",
        "del ele",
        "e d",
    ] {
        only(typed, 10);
    }
}

#[test]
fn earlier_names_and_the_name_to_call_them_by_are_found() {
    only("iniguez", 11);
    only("joey weber", 12);
}

#[test]
fn slips_are_forgiven_in_long_words_and_not_in_short_ones() {
    for typed in ["delgadp", "degado", "delgaddo", "edlgado", "Wbeer", "munos pena"] {
        assert!(first(typed).is_some(), "{typed}");
    }
    for typed in ["dex", "xyzzy", "elena weber", "delpfxo"] {
        assert_eq!(first(typed), None, "{typed}");
    }
}

#[test]
fn a_date_of_birth_is_read_in_three_formats() {
    for typed in [
        "3/9/1984",
        "03/09/1984",
        "03-09-1984",
        "1984-03-09",
        "3.9.1984",
        "delgado 3/9/1984",
    ] {
        only(typed, 10);
    }
    for typed in ["9/3/1984", "13/45/1984", "weber 3/9/1984"] {
        assert_eq!(first(typed), None, "{typed}");
    }
}

#[test]
fn any_part_of_a_phone_finds_it() {
    for typed in [
        "414 555 0134",
        "(414) 555-0134",
        "4145550134",
        "+1 414 555 0134",
        "14145550134",
        "555 0134",
        "0134",
    ] {
        only(typed, 10);
    }
    only("elena 414", 10);
    only("elena 555 0134", 10);
    only("262.555.0143", 11);
    assert_eq!(first("414"), None, "three digits alone say too little");
    assert_eq!(first("elena 262"), None);
}

#[test]
fn a_record_number_comes_before_everything_else() {
    let mut other = elena();
    other.id = PatientId(id(14));
    other.mrn = HumanNumber::Assigned(134);
    let found = index(&[elena(), other]).search("134", 10);
    assert_eq!(found, [PatientId(id(14))]);
    only("1010", 10);
    only("1013", 13);
}

#[test]
fn a_provisional_number_is_found_as_it_is_read_out() {
    for typed in ["new-3F9A", "NEW-3f9a", "new-3f", "weber new-3F9A"] {
        only(typed, 12);
    }
    assert_eq!(first("new-0000"), None);
}

#[test]
fn nothing_typed_finds_nothing() {
    for typed in ["", "   ", "-", " , ;", "'", "()"] {
        assert!(desk().search(typed, 10).is_empty(), "{typed:?}");
    }
    assert!(desk().search("elena", 0).is_empty());
}

#[test]
fn anything_may_be_typed() {
    for typed in [
        "💊",
        "İ",
        "ne\u{301}w-",
        "neé",
        "--/--",
        "99999999999999999999",
        &"é".repeat(500),
        "4/31/1984",
    ] {
        desk().search(typed, 10);
    }
}

#[test]
fn a_corrected_name_replaces_the_old_one_and_a_forgotten_patient_is_gone() {
    let mut index = desk();
    index.put(&Patient {
        family_name: "Sandoval".into(),
        ..elena()
    });
    assert!(index.search("delgado", 10).is_empty());
    assert_eq!(index.search("sandoval", 10).len(), 1);
    index.remove(elena().id);
    assert!(index.search("sandoval", 10).is_empty());
    assert_eq!(index.len(), 3);
}

#[test]
fn ten_thousand_patients_come_in_the_same_order_however_they_were_loaded() {
    const GIVEN: [&str; 8] = ["Ana", "Begoña", "Carl", "Elena", "Jonas", "José", "Lucía", "Sam"];
    const FAMILY: [&str; 9] = [
        "Delgado",
        "Okafor",
        "Weber",
        "Muñoz",
        "O'Neill",
        "Brandt",
        "Ruiz",
        "Lindqvist",
        "Íñiguez",
    ];
    let people: Vec<Patient> = (0..10_000u32)
        .map(|n| {
            let born = format!("{}-{:02}-{:02}", 1930 + n % 90, 1 + n % 12, 1 + n % 28);
            named(
                100 + u128::from(n),
                GIVEN[n as usize % 8],
                FAMILY[n as usize % 9],
                &born,
            )
        })
        .collect();
    let (forward, backward) = (
        index(&people),
        index(&people.iter().rev().cloned().collect::<Vec<_>>()),
    );
    assert_eq!(forward.len(), 10_000);
    for typed in ["del", "jose munoz", "lindqist", "1950", "10", "ana 1/1/1930", "o"] {
        let found = forward.search(typed, 50);
        assert!(!found.is_empty(), "{typed}");
        assert_eq!(found, backward.search(typed, 50), "{typed}");
        assert_eq!(
            found[..10.min(found.len())],
            forward.search(typed, 10),
            "a shorter list is its beginning"
        );
    }
}
