//! Forms as FHIR: ours come back as they went, and others' are taken over with every loss named.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::id::*;
use domain::intake::questionnaire::{Answers, Audience, Choice};
use domain::intake::*;
use domain::text::{Lang, Wording};
use fhir::{read_questionnaire, read_response, write_questionnaire, write_response};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;
use uuid::Uuid;

const PHQ_9: &str = include_str!("samples/forms/Questionnaire-phq-9-example.json");
const AUDIT_C: &str = include_str!("samples/forms/Questionnaire-AUDIT-C.json");
const PRAPARE: &str = include_str!("samples/forms/Questionnaire-prapare-example.json");
const OTHERS: [&str; 3] = [
    include_str!("samples/forms/Questionnaire-exercise-vital-sign.json"),
    include_str!("samples/forms/Questionnaire-TAPS.json"),
    include_str!("samples/forms/Questionnaire-hunger-vital-sign-example.json"),
];

fn read(text: &str) -> fhir::Imported {
    read_questionnaire(text.as_bytes()).unwrap()
}

fn notes(of: &fhir::Imported, link_id: &str) -> Vec<String> {
    let all = of.notes.iter();
    all.filter(|note| note.link_id.as_deref() == Some(link_id))
        .map(|note| note.what.clone())
        .collect()
}

fn words() -> impl Strategy<Value = String> {
    "[A-Za-zÀ-ÿ¿?0-9][A-Za-zÀ-ÿ0-9 ,.¿?\"-]{0,20}[A-Za-z?]"
}

fn wording() -> impl Strategy<Value = Wording> {
    (words(), words()).prop_map(|(en, es)| Wording { en, es })
}

fn choices() -> impl Strategy<Value = Vec<Choice>> {
    vec((wording(), option::of(-9..99i32), any::<bool>()), 1..5).prop_map(|all| {
        let each = all.into_iter().enumerate();
        each.map(|(n, (label, score, attention))| Choice {
            code: format!("c{n}"),
            label,
            score,
            attention,
        })
        .collect()
    })
}

fn kind() -> impl Strategy<Value = AnswerKind> {
    prop_oneof![
        Just(AnswerKind::YesNo),
        Just(AnswerKind::Text),
        Just(AnswerKind::Date),
        choices().prop_map(|options| AnswerKind::Choice { options }),
        choices().prop_map(|options| AnswerKind::Choices { options }),
        (
            option::of(-500..0i64),
            option::of(0..5000i64),
            option::of(wording())
        )
            .prop_map(|(min, max, unit)| {
                let tenths = |number: i64| rust_decimal::Decimal::new(number, 1);
                AnswerKind::Number {
                    min: min.map(tenths),
                    max: max.map(tenths),
                    unit,
                }
            }),
        (0..3i32, 4..15i32, wording(), wording()).prop_map(|(from, to, low, high)| AnswerKind::Scale {
            from,
            to,
            low,
            high
        }),
    ]
}

/// A condition that the question can meet; nothing for words, which cannot be compared.
fn wanted(of: &AnswerKind, pick: usize) -> Option<Wanted> {
    let codes: Vec<String> = match of {
        AnswerKind::YesNo => vec!["yes".into(), "no".into()],
        AnswerKind::Date => vec!["2026-03-10".into()],
        AnswerKind::Number { .. } | AnswerKind::Scale { .. } => {
            let bound = |n: usize| (pick & n > 0).then(|| (i64::try_from(n).unwrap()).into());
            return Some(Wanted::Between {
                at_least: bound(1),
                at_most: bound(2),
            })
            .filter(|_| pick & 3 > 0);
        }
        other => other.options().iter().map(|option| option.code.clone()).collect(),
    };
    match (pick % 2, codes.as_slice()) {
        (_, []) => None,
        (1, [_, _, ..]) => Some(Wanted::Any(codes)),
        (_, [first, ..]) => Some(Wanted::One(first.clone())),
    }
}

prop_compose! {
    fn form()(
        pages in vec((wording(), option::of(wording()), kind(), any::<bool>(), 0..8usize, 0..8usize), 1..7),
        title in wording(),
        bands in option::of(vec((wording(), any::<bool>()), 0..4)),
        version in 1..9u32,
        flags in any::<[bool; 4]>(),
        valid_days in option::of(1..400u16),
    ) -> Questionnaire {
        let mut made: Vec<Page> = Vec::new();
        for (n, (question, why, answer, required, back, pick)) in pages.into_iter().enumerate() {
            let earlier = made.get(back);
            let show_if = earlier.and_then(|page| {
                let is = wanted(&page.answer, pick)?;
                Some(ShowIf { link_id: page.link_id.clone(), is })
            });
            made.push(Page { link_id: format!("q{n}"), question, why, answer, show_if, required });
        }
        let scoring = bands.map(|bands| Scoring {
            bands: (0..).zip(bands).map(|(n, (label, attention))| {
                Band { from: n * 5, to: n * 5 + 4, label, attention }
            }).collect(),
        });
        Questionnaire {
            id: Questionnaire::id_of("any-form", version),
            slug: "any-form".into(),
            version,
            replaces_id: (version > 1).then(|| Questionnaire::id_of("any-form", version - 1)),
            title,
            pages: made,
            scoring,
            signature_required: flags[0],
            audience: if flags[1] { Audience::Everyone } else { Audience::Visit },
            valid_days,
            retired: flags[2],
            published_at: "2026-02-16T06:00:00Z".parse().unwrap(),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_form_comes_back_as_it_went_and_nothing_is_said_to_be_lost(form in form()) {
        let written = write_questionnaire(&form);
        let back = read(&written.to_string());
        prop_assert_eq!(back.notes, vec![]);
        prop_assert_eq!(back.form, form);
    }
}

#[test]
fn a_foreign_instrument_becomes_a_form_with_its_scores() {
    let phq = read(PHQ_9);
    assert_eq!(
        (phq.form.slug.as_str(), phq.form.pages.len()),
        ("phq-9-example", 11)
    );
    assert_eq!(phq.form.title.en, "PHQ-9 Example");
    let AnswerKind::Choice { options } = &phq.form.pages[0].answer else {
        panic!()
    };
    let scores: Vec<Option<i32>> = options.iter().map(|option| option.score).collect();
    assert_eq!(scores, [Some(0), Some(1), Some(2), Some(3)]);
    assert_eq!(options[3].code, "LA6571-9");
    assert!(
        phq.form.pages[10]
            .answer
            .options()
            .iter()
            .all(|option| option.score.is_none())
    );
    let first = notes(&phq, "/44250-9");
    assert!(first.iter().any(|what| what.contains("“code”")), "{first:?}");
    assert!(first.iter().any(|what| what.contains("code system")), "{first:?}");
    // What is missing is Spanish, which nobody but the practice can add.
    let faults = phq.form.faults();
    assert!(!faults.is_empty());
    assert!(
        faults
            .iter()
            .all(|fault| fault.why == FormProblem::SpanishMissing),
        "{faults:?}"
    );
}

#[test]
fn help_and_units_stand_where_they_belong() {
    let audit = read(AUDIT_C);
    assert_eq!(audit.form.pages.len(), 4);
    assert!(audit.form.pages[0].why.is_some());
    assert!(matches!(
        &audit.form.pages[0].answer,
        AnswerKind::Number { unit: Some(_), .. }
    ));
    assert_eq!(audit.form.audience, Audience::Visit);
}

#[test]
fn groups_are_laid_out_flat_and_their_headings_are_said_to_be_lost() {
    let prapare = read(PRAPARE);
    assert_eq!(prapare.form.pages.len(), 21);
    assert!(
        notes(&prapare, "/93043-8")
            .iter()
            .any(|what| what.contains("heading"))
    );
    let help = notes(&prapare, "/93042-0/71802-3-help");
    assert!(help.iter().any(|what| what.contains("left out")), "{help:?}");
    let races = prapare.form.page("/93043-8/32624-9").unwrap();
    assert!(matches!(&races.answer, AnswerKind::Choices { options } if options.len() == 8));
}

#[test]
fn every_sample_can_be_published_once_it_has_been_translated() {
    for text in [PHQ_9, AUDIT_C, PRAPARE].into_iter().chain(OTHERS) {
        let form = read(text).form;
        assert!(!form.pages.is_empty());
        for fault in form.faults() {
            assert_eq!(
                fault.why,
                FormProblem::SpanishMissing,
                "{} {}",
                form.slug,
                fault.at
            );
        }
    }
}

#[test]
fn what_cannot_be_asked_here_is_named_item_by_item() {
    let text = r##"{
        "resourceType": "Questionnaire", "language": "es", "title": "Visita", "status": "draft", "publisher": "X",
        "contained": [{ "resourceType": "ValueSet", "id": "yn", "compose": { "include": [{ "concept": [
            { "code": "s", "display": "Sí" }, { "code": "n", "display": "No" } ] }] } }],
        "item": [
            { "linkId": "a", "type": "choice", "text": "¿A?", "answerValueSet": "#yn" },
            { "linkId": "b", "type": "open-choice", "text": "¿B?", "answerOption": [{ "valueString": "uno" }],
              "enableWhen": [{ "question": "a", "operator": "!=", "answerCoding": { "code": "n" } }] },
            { "linkId": "c", "type": "attachment", "text": "¿C?" },
            { "linkId": "d", "type": "dateTime", "text": "¿D?", "initial": [{ "valueDateTime": "2026" }] },
            { "linkId": "e", "type": "display", "text": "E" },
            { "linkId": "f", "type": "choice", "text": "¿F?", "answerValueSet": "http://example.org/elsewhere" },
            { "linkId": "g", "type": "decimal", "text": "¿G?",
              "enableWhen": [{ "question": "z", "operator": "exists", "answerBoolean": true }] },
            { "type": "string" }
        ]
    }"##;
    let read = read(text);
    let ids: Vec<&str> = read.form.pages.iter().map(|page| page.link_id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "d", "f", "g"]);
    assert_eq!(read.form.title, Wording::new("", "Visita"));
    assert_eq!(
        read.form.pages[0].answer.options()[0].label,
        Wording::new("", "Sí")
    );
    let condition = read.form.pages[1].show_if.clone().unwrap();
    assert_eq!(condition.is, Wanted::One("s".into()));
    let said: Vec<(Option<&str>, &str)> = read
        .notes
        .iter()
        .map(|note| (note.link_id.as_deref(), note.what.as_str()))
        .collect();
    for (link_id, part) in [
        (None, "publisher"),
        (Some("b"), "none in other words"),
        (Some("c"), "left out"),
        (Some("d"), "initial"),
        (Some("d"), "time of day"),
        (Some("e"), "left out"),
        (Some("f"), "value set"),
        (Some("g"), "asked always"),
        (None, "without a linkId"),
    ] {
        let found = said
            .iter()
            .any(|(of, what)| *of == link_id && what.contains(part));
        assert!(found, "{link_id:?} {part}: {said:?}");
    }
}

#[test]
fn what_is_no_questionnaire_is_refused() {
    assert_eq!(read_questionnaire(b"{"), Err(fhir::NotAForm::NotJson));
    for text in ["[]", "{}", r#"{"resourceType":"Patient"}"#] {
        assert_eq!(
            read_questionnaire(text.as_bytes()),
            Err(fhir::NotAForm::AnotherResource)
        );
    }
}

#[test]
fn answers_come_back_as_they_went() {
    let form = read(AUDIT_C).form;
    let answers: Answers = [
        ("/68517-2".to_owned(), Answer::One("3".into())),
        ("/68519-8".to_owned(), Answer::One("LA15694-5".into())),
    ]
    .into();
    let id = |n: u128| Uuid::from_u128(n);
    let response = QuestionnaireResponse {
        id: QuestionnaireResponseId(id(1)),
        patient_id: Some(PatientId(id(2))),
        intake_id: None,
        questionnaire_id: form.id,
        score: form.score(&answers),
        attention: false,
        answers,
        authored_at: "2026-03-10T15:00:00Z".parse().unwrap(),
        appointment_id: Some(AppointmentId(id(3))),
        authored_by: Some("Maria Lindqvist".into()),
        language: Some(Lang::Es),
        signature: Some(Signature {
            typed_name: "Elena Delgado".into(),
            ..Signature::default()
        }),
    };
    let written = write_response(&response, &form);
    let (back, notes) = read_response(written.to_string().as_bytes(), &form).unwrap();
    assert!(back == response && notes.is_empty(), "{written}");
}

#[test]
fn foreign_answers_are_read_and_counted() {
    let form = read(PHQ_9).form;
    let text = include_str!("samples/forms/QuestionnaireResponse-phq-9-example.json");
    let (response, notes) = read_response(text.as_bytes(), &form).unwrap();
    let sample: Value = serde_json::from_str(text).unwrap();
    let given = sample["item"].as_array().unwrap().len();
    assert_eq!(response.answers.len() + notes.len(), given);
    assert!(notes.is_empty(), "{notes:?}");
    let form = read(PRAPARE).form;
    let text = include_str!("samples/forms/QuestionnaireResponse-PRAPARE-example.json");
    let (response, notes) = read_response(text.as_bytes(), &form).unwrap();
    assert!(response.answers.len() > 10, "{notes:?}");
}
