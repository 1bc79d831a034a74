//! Answers to forms: held against what was asked, summed up, and taken whole or not at all.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::forms::*;
use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::questionnaire::Answers;
use domain::intake::*;
use domain::row::{Entity, Row};
use domain::text::Lang;

#[test]
fn answers_are_held_against_what_was_asked() {
    let form = mood();
    let found = |answers: &[(&str, Answer)]| {
        let all = form.check(&said(answers)).0.into_iter();
        all.map(|fault| (fault.field, fault.code.name()))
            .collect::<Vec<_>>()
    };
    let with = |link_id: &'static str, answer: Answer| {
        let mut answers = sound();
        answers.insert(link_id.into(), answer);
        let all = form.check(&answers).0.into_iter();
        all.map(|fault| fault.code.name()).collect::<Vec<_>>()
    };
    assert!(form.check(&sound()).0.is_empty());
    let missing = ["interest", "harm", "pain"].map(|id| (id.to_owned(), "AnswerMissing"));
    assert_eq!(found(&[]), missing);
    assert_eq!(
        form.missing(&said(&[("pain", one("1")), ("harm", one(" "))]))
            .len(),
        2
    );
    assert_eq!(with("interest", one("sometimes")), ["AnswerUnknown"]);
    assert_eq!(with("interest", Answer::YesNo(true)), ["AnswerUnknown"]);
    assert_eq!(with("pain", one("11")), ["AnswerUnknown"]);
    assert_eq!(with("pain", one("3.5")), ["AnswerUnknown"]);
    assert_eq!(with("since", one("2026-02-30")), ["NotADate"]);
    assert_eq!(with("since", one("2026-02-28")), [""; 0]);
    assert_eq!(with("weight", one("a lot")), ["NumberWrong"]);
    assert_eq!(with("weight", one("0.4")), ["NumberOutOfRange"]);
    assert_eq!(with("weight", one("400")), [""; 0]);
    // A hidden page asks nothing, whatever was said there before.
    let mut hidden = sound();
    hidden.insert("pain".into(), one("0"));
    hidden.insert("since".into(), one("nonsense"));
    assert!(form.check(&hidden).0.is_empty());
    assert!(!form.relevant(&hidden).contains_key("since"));
}

#[test]
fn sums_have_names_and_some_answers_are_for_a_practitioner_whatever_the_sum() {
    let form = mood();
    let score = |answers: &Answers| {
        form.score(answers)
            .map(|score| (score.total, score.band.map(|band| band.en)))
    };
    assert_eq!(score(&sound()), Some((4, Some("minimal".into()))));
    assert!(!form.wants_attention(&sound()));
    let mut answers = sound();
    answers.insert("pain".into(), one("3"));
    assert_eq!(score(&answers), Some((5, Some("severe".into()))));
    assert!(form.wants_attention(&answers));
    let harm = said(&[
        ("interest", one("not_at_all")),
        ("harm", one("several_days")),
        ("pain", one("0")),
    ]);
    assert_eq!(score(&harm), Some((1, Some("minimal".into()))));
    assert!(form.wants_attention(&harm));
    assert_eq!(score(&Answers::new()), None);
    assert_eq!(
        score(&said(&[
            ("pain", one("10")),
            ("interest", one("nearly_every_day")),
            ("harm", one("nearly_every_day"))
        ])),
        Some((16, Some("severe".into())))
    );
    let uncounted = Questionnaire {
        scoring: None,
        ..form
    };
    assert_eq!(uncounted.score(&sound()), None);
}

fn ask(patient_id: PatientId) -> AnswerQuestionnaire {
    AnswerQuestionnaire {
        response_id: QuestionnaireResponseId(id(650)),
        patient_id,
        appointment_id: None,
        questionnaire_id: mood().id,
        answers: sound(),
        language: Lang::Es,
        signature: Some(Signature {
            typed_name: "Elena Delgado".into(),
            ..Signature::default()
        }),
    }
}

#[test]
fn a_form_that_is_asked_by_itself_is_taken_whole_or_not_at_all() {
    let mut world = World::new();
    let elena = world.patient();
    world.rows.put(Row::Questionnaire(mood()));
    world.role = Role::Nurse;
    let refused = |world: &mut World, change: fn(&mut AnswerQuestionnaire)| {
        let mut args = ask(elena);
        change(&mut args);
        let refusal = world.refused(Command::AnswerQuestionnaire(args));
        let what = ["what", "field"]
            .into_iter()
            .find_map(|name| refusal.params.get(name).cloned());
        (refusal.code, what.unwrap_or_default())
    };
    use RefusalCode::{Invalid, NotFound};
    assert_eq!(
        refused(&mut world, |a| a.patient_id = PatientId(id(99))),
        (NotFound, "patient".into())
    );
    assert_eq!(
        refused(&mut world, |a| a.questionnaire_id = QuestionnaireId(id(99))),
        (NotFound, "form".into())
    );
    assert_eq!(
        refused(&mut world, |a| a.appointment_id = Some(AppointmentId(id(99)))),
        (NotFound, "appointment".into())
    );
    assert_eq!(
        refused(&mut world, |a| drop(a.answers.remove("pain"))),
        (Invalid, "pain".into())
    );
    assert_eq!(
        refused(&mut world, |a| a.signature = None),
        (Invalid, "signature".into())
    );
    assert_eq!(
        refused(&mut world, |a| a.signature = Some(Signature::default())),
        (Invalid, "signature".into())
    );
    let decision = world.give(Command::AnswerQuestionnaire(AnswerQuestionnaire {
        answers: {
            let mut answers = sound();
            answers.insert("no-such-question".into(), one("x"));
            answers.insert("since".into(), one(""));
            answers
        },
        ..ask(elena)
    }));
    let [response] = crate::rows_of!(decision.facts, QuestionnaireResponse)
        .try_into()
        .unwrap_or_else(|_| panic!());
    assert_eq!((response.patient_id, response.intake_id), (Some(elena), None));
    assert!(
        response.answers == sound(),
        "what nobody asked, and blanks, are not kept"
    );
    assert_eq!(response.score.as_ref().map(|score| score.total), Some(4));
    assert_eq!(response.authored_by.as_deref(), Some("Maria Lindqvist"));
    assert_eq!((response.language, response.attention), (Some(Lang::Es), false));
    let again = world.refused(Command::AnswerQuestionnaire(ask(elena)));
    assert_eq!(again.code, RefusalCode::AlreadyExists);
}

#[test]
fn a_submission_answers_several_forms_and_all_go_to_the_patient() {
    let mut world = World::new();
    let elena = world.patient();
    world.rows.put(Row::Questionnaire(mood()));
    let more = |signature: bool, answers| HistoryAnswers {
        questionnaire_id: mood().id,
        answers,
        signature: signature.then(|| ask(elena).signature.unwrap()),
    };
    let with = |more| SubmitIntake {
        more: vec![more],
        ..submit(N, elenas_submission())
    };
    world.role = Role::Kiosk;
    let unsigned = world.refused(Command::SubmitIntake(with(more(false, sound()))));
    assert_eq!(unsigned.params["field"], "signature");
    let lacking = world.refused(Command::SubmitIntake(with(more(
        true,
        said(&[("pain", one("1"))]),
    ))));
    assert_eq!(lacking.params["fault"], "AnswerMissing");
    world.give(Command::SubmitIntake(with(more(true, sound()))));
    world.role = Role::FrontDesk;
    world.give(Command::AcceptIntake(accept(N, elena)));
    let kept = crate::rows_of!(
        world.of_patient(Entity::QuestionnaireResponse, elena),
        QuestionnaireResponse
    );
    assert_eq!(kept.len(), 2);
    let ids: Vec<QuestionnaireResponseId> = response_ids(IntakeId(id(N)))[..2].to_vec();
    assert!(kept.iter().all(|response| ids.contains(&response.id)));
    assert_eq!(
        kept.iter().filter_map(|response| response.score.as_ref()).count(),
        1
    );
}

#[test]
fn a_kiosk_that_was_cut_off_is_taken_with_the_version_it_had_and_with_one_nobody_knows() {
    let mut world = World::new();
    world.rows.put(Row::Questionnaire(mood()));
    let mut newer = after(&mood());
    newer.pages[3].required = true;
    world.rows.put(Row::Questionnaire(newer.clone()));
    world.rows.put(Row::Questionnaire(Questionnaire {
        retired: true,
        ..after(&newer)
    }));
    world.role = Role::Kiosk;
    let with = |n, id| SubmitIntake {
        history: Some(HistoryAnswers {
            questionnaire_id: id,
            answers: sound(),
            signature: ask(PatientId(crate::common::id(10))).signature,
        }),
        ..submit(n, elenas_submission())
    };
    world.give(Command::SubmitIntake(with(701, mood().id)));
    world.refused(Command::SubmitIntake(with(702, newer.id)));
    world.give(Command::SubmitIntake(with(703, QuestionnaireId(id(999)))));
}

#[test]
fn what_was_not_taken_is_kept_without_health_and_comes_back_with_it() {
    let mut world = World::new();
    let elena = world.patient();
    world.rows.put(Row::Questionnaire(mood()));
    let command = Command::AnswerQuestionnaire(ask(elena));
    let item = TrayItemId(id(800));
    let refusal = domain::decide::Refusal::new(RefusalCode::OutOfScope);
    let kind = domain::tray::TrayKind::Refused;
    let rows = domain::tray::keep(&world.rows, &world.ctx(), item, kind, refusal, Some(&command));
    let kept = crate::rows_of!(rows, TrayItem);
    let shown = kept[0].args.clone().unwrap();
    assert_eq!(
        shown["answers"],
        serde_json::json!({}),
        "nobody at the desk reads them"
    );
    assert_eq!(shown["signature"], serde_json::Value::Null);
    rows.into_iter().for_each(|row| world.rows.put(row));
    let decision = world.give(Command::ResolveTrayItem(domain::tray::ResolveTrayItem {
        tray_item_id: item,
        choice: domain::tray::TrayChoice::Apply {
            name: "AnswerQuestionnaire".into(),
            version: 1,
            args: shown,
            edited: false,
        },
    }));
    let taken = crate::rows_of!(decision.facts, QuestionnaireResponse);
    assert!(taken[0].answers == sound() && taken[0].patient_id == Some(elena));
}
