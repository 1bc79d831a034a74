//! What must hold for every input, not only for the ones someone thought of.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::large_enum_variant)]

use crate::common::*;
use domain::command::Command;
use domain::decide::decide;
use domain::id::*;
use domain::intake::questionnaire::{Answers, Audience, Page, Questionnaire};
use domain::intake::{Answer, AnswerKind, QuestionnaireResponse, ShowIf};
use domain::patients::*;
use domain::row::{Entity, Key, Over, Row, Rows, View};
use domain::text::{Wording, fold, spoken};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

fn word() -> impl Strategy<Value = String> {
    "[A-Za-zÀ-ÿ'ñ-][A-Za-zÀ-ÿ' ñ-]{0,12}"
}

fn birth() -> impl Strategy<Value = chrono::NaiveDate> {
    (1930i32..2026, 1u32..=12, 1u32..=28)
        .prop_map(|(y, m, d)| chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap())
}

fn point() -> impl Strategy<Value = ContactPoint> {
    let kinds = [
        (TelecomSystem::Phone, TelecomUse::Mobile),
        (TelecomSystem::Phone, TelecomUse::Home),
        (TelecomSystem::Phone, TelecomUse::Work),
        (TelecomSystem::Email, TelecomUse::Home),
    ];
    (select(kinds.to_vec()), "[2-9][0-9]{9}", any::<bool>()).prop_map(
        |((system, usage), digits, may_text)| {
            let value = if system == TelecomSystem::Email {
                format!("p{digits}@example.org")
            } else {
                digits
            };
            ContactPoint {
                system,
                usage,
                value,
                may_text,
            }
        },
    )
}

fn place() -> impl Strategy<Value = Address> {
    let uses = vec![AddressUse::Home, AddressUse::Mailing, AddressUse::Confidential];
    (select(uses), word(), option::of(word()), any::<bool>()).prop_map(|(usage, line1, line2, bad)| Address {
        usage,
        line2,
        bad,
        ..home(&line1)
    })
}

/// At most one phone and address of each kind.
fn patient() -> impl Strategy<Value = Patient> {
    crowded().prop_map(|mut patient| {
        patient.telecoms.sort_by_key(|t| (t.system, t.usage));
        patient.telecoms.dedup_by_key(|t| (t.system, t.usage));
        patient.addresses.sort_by_key(|a| a.usage);
        patient.addresses.dedup_by_key(|a| a.usage);
        patient
    })
}

prop_compose! {
    /// Any patient, also as another system may have them: two mobile phones, in any order.
    fn crowded()(
        names in (word(), word()),
        maybe in vec(option::of(word()), 7),
        born in birth(),
        sex in select(vec![Sex::Female, Sex::Male, Sex::Unknown]),
        telecoms in vec(point(), 0..5),
        addresses in vec(place(), 0..4),
        language in select(vec!["", "en", "es", "es-MX"]),
        interpreter_needed in any::<bool>(),
        race_codes in vec("[0-9]{4}-[0-9]", 0..3),
        preferred_channel in option::of(select(domain::notices::Channel::ALL.to_vec())),
    ) -> Patient {
        let mut maybe = maybe.into_iter();
        let mut next = || maybe.next().flatten();
        Patient {
            birth_on: born, sex, telecoms, addresses, interpreter_needed, race_codes, preferred_channel,
            language: language.into(),
            middle_name: next(), suffix: next(), preferred_name: next(), payer_name: next(),
            gender_identity: next(), pronouns: next(), ethnicity_code: next(),
            ..named(10, &names.0, &names.1, "1984-03-09")
        }
    }
}

/// What the field holds in `to`, as a correction of what `seen` held.
fn towards(field: PatientField, seen: &Patient, to: &Patient) -> FieldChange {
    FieldChange {
        field,
        from: field.read(seen),
        to: field.read(to),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn corrections_of_distinct_fields_commute(
        start in crowded(),
        other in patient(),
        fields in subsequence(PatientField::ALL.to_vec(), 1..=PatientField::ALL.len()).prop_shuffle(),
        desks in vec(1usize..4, 1..20),
    ) {
        let mut pieces = Vec::new();
        let mut left = fields.as_slice();
        for size in desks.into_iter().chain(std::iter::repeat(1)) {
            if left.is_empty() { break; }
            let (piece, rest) = left.split_at(size.min(left.len()));
            pieces.push(piece.iter().map(|f| towards(*f, &start, &other)).collect::<Vec<_>>());
            left = rest;
        }
        let run = |pieces: &mut dyn Iterator<Item = &Vec<FieldChange>>| {
            let mut world = World::new();
            world.rows.put(Row::Patient(start.clone()));
            for piece in pieces {
                assert_eq!(world.correct(start.id, piece.clone()).conflicts, 0);
            }
            world.read_patient(start.id)
        };
        let (forward, backward) = (run(&mut pieces.iter()), run(&mut pieces.iter().rev()));
        let whole = pieces.concat();
        prop_assert!(forward == backward);
        prop_assert!(forward == run(&mut std::iter::once(&whole)));
        for field in fields {
            let wanted = field.read(&other);
            // Whoever removes the first of two phones has not seen the second, which stays.
            prop_assert!(wanted.is_null() || field.read(&forward) == wanted);
        }
    }

    #[test]
    fn two_corrections_of_one_field_never_lose_a_value(
        start in patient(), one in patient(), two in patient(),
        field in select(PatientField::ALL.to_vec()),
    ) {
        let mut world = World::new();
        world.rows.put(Row::Patient(start.clone()));
        world.correct(start.id, vec![towards(field, &start, &one)]);
        let decision = world.correct(start.id, vec![towards(field, &start, &two)]);
        let recorded = field.read(&world.read_patient(start.id));
        let waiting: Vec<Value> = crate::rows_of!(decision.facts, Conflict).into_iter().map(|c| c.mine).collect();
        let kept = recorded == field.read(&two) || waiting == [field.read(&two)];
        prop_assert!(kept, "the second value is recorded or waits");
        prop_assert!(waiting.is_empty() || recorded == field.read(&one), "the first value stays");
    }

    #[test]
    fn deciding_the_same_twice_gives_the_same(
        start in patient(), other in patient(),
        fields in subsequence(PatientField::ALL.to_vec(), 0..8),
    ) {
        let mut rows = Rows::default();
        rows.put(Row::Patient(start.clone()));
        rows.put(Row::Coverage(coverage(50, start.id, "OLD-1")));
        let changes: Vec<FieldChange> = fields.iter().map(|f| towards(*f, &other, &start)).collect();
        let commands = [
            Command::CorrectPatient(CorrectPatient { patient_id: start.id, changes }),
            Command::RegisterPatient(RegisterPatient {
                patient: Patient { id: PatientId(id(11)), ..other },
                site_id: None,
            }),
            Command::SubmitIntake(submit(700, elenas_submission())),
        ];
        for command in commands {
            let mut world = World::new();
            world.role = domain::access::Role::Service;
            let (before, mut one, mut two) = (rows.clone(), world.ctx(), world.ctx());
            prop_assert!(decide(&rows, &command, &mut one) == decide(&rows, &command, &mut two));
            prop_assert!(rows == before);
        }
    }

    #[test]
    fn every_field_reads_writes_and_reads_back_the_same(one in patient(), two in patient()) {
        for field in PatientField::ALL {
            let mut copy = one.clone();
            field.write(&mut copy, field.read(&one)).unwrap();
            prop_assert_eq!(field.read(&copy), field.read(&one), "{:?}", field);
            let mut moved = two.clone();
            field.write(&mut moved, field.read(&one)).unwrap();
            prop_assert_eq!(field.read(&moved), field.read(&one), "{:?}", field);
            for other in PatientField::ALL.iter().filter(|other| *other != field) {
                prop_assert_eq!(other.read(&moved), other.read(&two), "{:?} touches {:?}", field, other);
            }
        }
    }

    #[test]
    fn a_patient_survives_the_wire(patient in patient()) {
        let row = Row::Patient(patient);
        let text = serde_json::to_string(&row).unwrap();
        prop_assert!(serde_json::from_str::<Row>(&text).unwrap() == row);
        prop_assert!(Row::from_body(Entity::Patient, row.body().unwrap()).unwrap() == row);
    }

    #[test]
    fn folding_twice_is_folding_once(text in any::<String>(), words in "[a-zA-ZÀ-žẞİıǅ'’. -]{0,20}") {
        for text in [text, words] {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
            prop_assert_eq!(spoken(&spoken(&text)), spoken(&text));
            prop_assert_eq!(fold(&text), fold(&spoken(&text)), "what reads the same is found the same");
        }
    }

    #[test]
    fn rows_agree_with_a_naive_list(steps in vec(step(), 0..60)) {
        let (mut rows, mut naive) = (Rows::default(), BTreeMap::<(Entity, Uuid), Row>::new());
        for step in &steps {
            match step {
                Step::Put(row) => {
                    rows.put(row.clone());
                    naive.insert((row.entity(), row.id()), row.clone());
                }
                Step::Remove(entity, id) => {
                    rows.remove(*entity, *id);
                    naive.remove(&(*entity, *id));
                }
            }
        }
        agree(&rows, &naive)?;
        prop_assert_eq!(rows.len(), naive.len());
        prop_assert_eq!(rows.is_empty(), naive.is_empty());
        prop_assert!(rows.iter().eq(naive.values()));
        let mut fresh = Rows::default();
        naive.values().rev().cloned().for_each(|row| fresh.put(row));
        prop_assert!(rows == fresh, "how rows came about does not matter");
    }

    #[test]
    fn rows_over_rows_are_the_rows_of_both(below in vec(row(), 0..20), above in vec(row(), 0..20)) {
        let mut naive = BTreeMap::new();
        let (mut base, mut top) = (Rows::default(), Rows::default());
        for (rows, list) in [(&mut base, below), (&mut top, above)] {
            for row in list {
                naive.insert((row.entity(), row.id()), row.clone());
                rows.put(row);
            }
        }
        agree(&Over { base: &base, top: &top }, &naive)?;
    }

    #[test]
    fn a_page_is_never_shown_when_the_page_it_depends_on_is_hidden(
        pages in vec((0usize..8, option::of((0usize..8, select(vec!["yes", "no", "a", "b"])))), 1..10),
        answers in proptest::collection::btree_map((0usize..8).prop_map(link), answer(), 0..8),
    ) {
        let form = questionnaire(pages);
        let shown: Vec<&Page> = form.visible(&answers);
        let ids: BTreeSet<&str> = shown.iter().map(|page| page.link_id.as_str()).collect();
        for (at, page) in shown.iter().enumerate() {
            if let Some(condition) = &page.show_if {
                let before = shown[..at].iter().any(|earlier| earlier.link_id == condition.link_id);
                prop_assert!(before && answers.contains_key(&condition.link_id));
            }
        }
        let relevant = form.relevant(&answers);
        prop_assert!(relevant.keys().all(|key| ids.contains(key.as_str())));
        prop_assert_eq!(form.visible(&relevant), shown, "what was dropped decided nothing");
    }
}

fn link(n: usize) -> String {
    format!("q{n}")
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        any::<bool>().prop_map(Answer::YesNo),
        select(vec!["a", "b", "yes"]).prop_map(|code| Answer::One(code.into())),
        subsequence(vec!["a".to_owned(), "b".into(), "no".into()], 0..=3).prop_map(Answer::Many),
    ]
}

fn questionnaire(pages: Vec<(usize, Option<(usize, &str)>)>) -> Questionnaire {
    let page = |(n, show_if): (usize, Option<(usize, &str)>)| Page {
        link_id: link(n),
        question: Wording::new("?", "¿?"),
        why: None,
        answer: AnswerKind::Text,
        show_if: show_if.map(|(n, is)| ShowIf {
            link_id: link(n),
            is: is.into(),
        }),
        required: false,
    };
    Questionnaire {
        id: QuestionnaireId(id(600)),
        slug: "any".into(),
        version: 1,
        replaces_id: None,
        title: Wording::default(),
        pages: pages.into_iter().map(page).collect(),
        scoring: None,
        signature_required: false,
        audience: Audience::Everyone,
        valid_days: None,
        retired: false,
        published_at: at("2026-02-16T06:00:00Z"),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(Row),
    Remove(Entity, Uuid),
}

const KINDS: [Entity; 3] = [
    Entity::Coverage,
    Entity::QuestionnaireResponse,
    Entity::RelatedPerson,
];

/// Few ids and few patients, so that rows meet, and move from nobody to somebody.
fn row() -> impl Strategy<Value = Row> {
    (0usize..3, 0u128..4, 0u128..3).prop_map(|(kind, n, whose)| {
        let patient = PatientId(id(10 + whose));
        match KINDS[kind] {
            Entity::Coverage => Row::Coverage(coverage(50 + n, patient, "X")),
            Entity::RelatedPerson => Row::RelatedPerson(related(50 + n, patient, vec![])),
            _ => Row::QuestionnaireResponse(QuestionnaireResponse {
                id: QuestionnaireResponseId(id(50 + n)),
                patient_id: (whose > 0).then_some(patient),
                intake_id: Some(IntakeId(id(700))),
                questionnaire_id: QuestionnaireId(id(600)),
                answers: Answers::new(),
                authored_at: at("2026-03-10T15:00:00Z"),
                appointment_id: None,
                score: None,
                attention: false,
                authored_by: None,
                language: None,
                signature: None,
            }),
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => row().prop_map(Step::Put),
        1 => row().prop_map(|row| Step::Remove(row.entity(), row.id())),
    ]
}

fn agree(view: &impl View, naive: &BTreeMap<(Entity, Uuid), Row>) -> Result<(), TestCaseError> {
    for kind in KINDS {
        for n in 0..4 {
            let found = view.get(&Key::Row(kind, id(50 + n)));
            let expected: Vec<Row> = naive.get(&(kind, id(50 + n))).cloned().into_iter().collect();
            prop_assert!(found == expected);
        }
        for whose in 0..3 {
            let patient = PatientId(id(10 + whose));
            let expected: Vec<Row> = naive
                .values()
                .filter(|row| row.entity() == kind && row.patient_id() == Some(patient))
                .cloned()
                .collect();
            prop_assert!(view.get(&Key::OfPatient(kind, patient)) == expected);
        }
    }
    Ok(())
}
