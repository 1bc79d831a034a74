//! Who gets a patient's bills; and a guarantor who is a patient, too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::patients::guarantor::{Responsible, is_minor, responsible};
use domain::patients::*;
use domain::row::{Entity, Row};

const TODAY: &str = "2026-03-10";

fn pays(n: u128, born: Option<&str>) -> RelatedPerson {
    RelatedPerson {
        birth_on: born.map(day),
        ..related(n, PatientId(id(10)), vec![RelatedRole::Guarantor])
    }
}

fn of(born: &str, people: Vec<RelatedPerson>) -> Responsible {
    responsible(day(born), people, day(TODAY))
}

#[test]
fn someone_is_of_age_on_their_eighteenth_birthday() {
    assert!(is_minor(day("2008-03-11"), day(TODAY)));
    assert!(!is_minor(day("2008-03-10"), day(TODAY)));
    assert!(is_minor(day("2026-03-11"), day(TODAY)), "not yet born");
}

#[test]
fn adults_pay_for_themselves_and_children_do_not() {
    assert_eq!(of("1984-03-09", vec![]), Responsible::Patient);
    assert_eq!(of("2019-03-09", vec![]), Responsible::Nobody);
    let escort = related(30, PatientId(id(10)), vec![RelatedRole::Escort]);
    assert_eq!(of("2019-03-09", vec![escort.clone()]), Responsible::Nobody);
    assert_eq!(of("1984-03-09", vec![escort]), Responsible::Patient);
}

#[test]
fn whoever_pays_today_is_named_and_both_parents_when_both_do() {
    let (mother, father) = (pays(30, Some("1990-01-01")), pays(31, None));
    let ended = |on| RelatedPerson {
        ended_on: Some(day(on)),
        ..pays(32, None)
    };
    let all = vec![mother.clone(), father.clone(), ended(TODAY)];
    assert_eq!(
        of("2019-03-09", all),
        Responsible::Guarantors(vec![mother, father])
    );
    let later = ended("2026-03-11");
    assert_eq!(
        of("1984-03-09", vec![later.clone()]),
        Responsible::Guarantors(vec![later])
    );
}

#[test]
fn a_sister_of_fifteen_is_no_responsible_adult() {
    assert_eq!(
        of("2019-03-09", vec![pays(30, Some("2010-06-01"))]),
        Responsible::Nobody
    );
}

#[test]
fn a_guarantor_may_be_a_patient_who_is_known_and_somebody_else() {
    let mut world = World::new();
    let child = world.patient();
    let mother = world.register(named(11, "Inés", "Ruiz", "1959-11-30"));
    let linked = |n, own| {
        Command::RecordRelatedPerson(RelatedPerson {
            own_record_id: Some(own),
            ..pays(n, Some("1959-11-30"))
        })
    };
    assert_eq!(
        world.refused(linked(30, PatientId(id(99)))).code,
        RefusalCode::NotFound
    );
    assert_eq!(world.refused(linked(30, child)).code, RefusalCode::Invalid);
    world.give(linked(30, mother));
    let Some(Row::RelatedPerson(kept)) = world.rows.row(Entity::RelatedPerson, id(30)) else {
        panic!("recorded");
    };
    assert_eq!((kept.patient_id, kept.own_record_id), (child, Some(mother)));
    // What no link is said of reads as before, and says nothing of one.
    let json = serde_json::to_value(related(31, child, vec![])).unwrap();
    assert!(json.get("own_record_id").is_none());
    assert!(
        serde_json::from_value::<RelatedPerson>(json)
            .unwrap()
            .own_record_id
            .is_none()
    );
}
