//! Who is meant by a name that another system or a person wrote.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::id::PractitionerId;
use domain::name::{name_words, only_called};
use domain::practice::Practitioner;

#[test]
fn names_are_one_whatever_their_order_title_case_and_accents() {
    for name in [
        "Dr. Samuel Okafor",
        "Okafor, Samuel",
        "SAMUEL OKAFOR, MD",
        "Samuel Okafor, M.D.",
    ] {
        assert_eq!(name_words(name), ["okafor", "samuel"], "{name}");
    }
    assert_eq!(name_words("Lucía Ferrer"), name_words("FERRER, Lucia"));
    assert_ne!(name_words("Lucía Ferrer"), name_words("Lucio Ferrer"));
    // Families are called Do and Pa, too.
    assert_ne!(name_words("Minh Do"), name_words("Minh Pa"));
    assert_eq!(name_words("Minh Tran, DO"), name_words("Tran Minh"));
    assert!(name_words(" . ").is_empty());
}

fn somebody(n: u128, given: &str, family: &str, credentials: Option<&str>) -> Practitioner {
    Practitioner {
        id: PractitionerId(id(n)),
        family_name: family.into(),
        given_name: given.into(),
        credentials: credentials.map(str::to_owned),
        npi: None,
        taxonomy_code: None,
        site_ids: Vec::new(),
        active: true,
    }
}

#[test]
fn somebody_is_found_by_name_when_nobody_else_may_be_meant() {
    let all = [
        somebody(1, "Samuel", "Okafor", Some("MD")),
        somebody(2, "Ada", "Okafor", Some("XYZ")),
        somebody(3, "Lucía", "Ruiz-Peña", None),
        somebody(4, "Minh", "Do", Some("DO")),
        somebody(5, "", "Sukarno", None),
    ];
    let found = |name: &str| only_called(&all, name).map(|one| one.id.0.as_u128() - id(0).as_u128());
    for (name, who) in [
        ("Samuel Okafor", Some(1)),
        ("OKAFOR, Samuel J", None),
        ("Dr. Ada Okafor, MD FACP", Some(2)),
        ("Ada Okafor XYZ", Some(2)),
        ("Samuel Okafor XYZ", None),
        ("Dr. Okafor", None),
        ("lucia ruiz pena, PA-C", Some(3)),
        ("Ruiz-Peña", Some(3)),
        ("Pena", None),
        ("Minh Do, DO", Some(4)),
        ("Dr. Do", Some(4)),
        ("Minh", None),
        ("Sukarno", Some(5)),
        ("Dr.", None),
        ("", None),
    ] {
        assert_eq!(found(name), who, "{name}");
    }
}
