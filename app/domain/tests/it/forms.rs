//! Forms that a practice writes: what can be published, how versions follow one another, and what is due.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::forms::*;
use crate::common::*;
use domain::access::Role;
use domain::command::{Command, CommandName};
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::questionnaire::newest;
use domain::intake::*;
use domain::row::{Entity, Row};
use domain::schedule::{Appointment, VisitType};
use domain::text::Wording;

fn faults(change: impl FnOnce(&mut Questionnaire)) -> Vec<(String, FormProblem)> {
    let mut form = mood();
    change(&mut form);
    let all = form.faults().into_iter();
    all.map(|fault| (fault.at.to_string(), fault.why)).collect()
}

fn first(change: impl FnOnce(&mut Questionnaire)) -> (String, FormProblem) {
    faults(change).into_iter().next().expect("a fault")
}

#[test]
fn every_fault_of_a_form_names_its_place() {
    use FormProblem::*;
    assert_eq!(faults(|_| {}), []);
    let at = |place: &str, why| (place.to_owned(), why);
    assert_eq!(first(|form| form.title.es.clear()), at("title", SpanishMissing));
    assert_eq!(
        first(|form| form.slug = "Mood 1".into()),
        at("short name", BadCharacters)
    );
    assert_eq!(first(|form| form.pages.clear()), at("questions", Missing));
    assert_eq!(
        first(|form| form.pages[1].question.en = " ".into()),
        at("question 2, question", EnglishMissing)
    );
    let twice = first(|form| form.pages[1].link_id = "interest".into());
    assert_eq!(twice, at("question 2, name in the data", Twice));
    let later = |form: &mut Questionnaire| form.pages.swap(2, 3);
    assert_eq!(first(later), at("question 3, only if", NotEarlier));
    let unknown = |form: &mut Questionnaire| {
        form.pages[4].show_if.as_mut().unwrap().is = Wanted::Any(vec!["most_days".into(), "never".into()]);
    };
    assert_eq!(first(unknown), at("question 5, only if", NoSuchAnswer));
    let compared = |form: &mut Questionnaire| {
        form.pages[4].show_if.as_mut().unwrap().is = Wanted::Between {
            at_least: Some(1.into()),
            at_most: None,
        };
    };
    assert_eq!(first(compared), at("question 5, only if", NoSuchAnswer));
    let same_code = |form: &mut Questionnaire| {
        let AnswerKind::Choice { options } = &mut form.pages[0].answer else {
            panic!()
        };
        options[1].code = options[0].code.clone();
    };
    assert_eq!(first(same_code), at("question 1, answer 2, code", Twice));
    let none = |form: &mut Questionnaire| form.pages[0].answer = AnswerKind::Choices { options: vec![] };
    assert_eq!(first(none), at("question 1, answers", Missing));
    let scale = |from, to| {
        move |form: &mut Questionnaire| {
            let end = || Wording::new("end", "fin");
            form.pages[2].answer = AnswerKind::Scale {
                from,
                to,
                low: end(),
                high: end(),
            };
        }
    };
    assert_eq!(first(scale(5, 5)), at("question 3, scale", Reversed));
    assert_eq!(first(scale(0, 21)), at("question 3, scale", TooWide));
    assert_eq!(
        first(scale(i32::MIN, i32::MAX)),
        at("question 3, scale", OutOfRange)
    );
    let overlap = |form: &mut Questionnaire| form.scoring.as_mut().unwrap().bands[1].from = 4;
    assert_eq!(first(overlap), at("band 2, from", Overlaps));
    let uncounted = |form: &mut Questionnaire| form.pages.drain(..3).for_each(drop);
    assert!(faults(uncounted).contains(&at("scoring", NothingCounts)));
}

#[test]
fn a_version_is_published_once_and_follows_the_one_before() {
    let mut world = World::new();
    world.role = Role::Owner;
    world.give(Command::PublishQuestionnaire(mood()));
    assert!(
        world.give(Command::PublishQuestionnaire(mood())).facts.is_empty(),
        "said twice"
    );
    let refused = |world: &mut World, form: Questionnaire| {
        let refusal = world.refused(Command::PublishQuestionnaire(form));
        (refusal.code, refusal.params.get("field").cloned())
    };
    let mut other = mood();
    other.title.en = "Something else".into();
    assert_eq!(refused(&mut world, other).0, RefusalCode::AlreadyExists);
    let second = after(&mood());
    let skipping = Questionnaire {
        version: 3,
        ..second.clone()
    };
    let version = (RefusalCode::Invalid, Some("version".to_owned()));
    assert_eq!(refused(&mut world, skipping), version);
    let unrelated = Questionnaire {
        slug: "pain".into(),
        ..second.clone()
    };
    assert_eq!(refused(&mut world, unrelated), version);
    let mut faulty = second.clone();
    faulty.pages[0].question.es.clear();
    let place = (RefusalCode::Invalid, Some("question 1, question".to_owned()));
    assert_eq!(refused(&mut world, faulty), place);
    world.give(Command::PublishQuestionnaire(second.clone()));
    // Another device did the same with other words, before it heard of this.
    let rival = Questionnaire {
        valid_days: None,
        ..second
    };
    assert_eq!(refused(&mut world, rival).0, RefusalCode::AlreadyExists);
}

#[test]
fn a_form_is_withdrawn_and_brought_back_and_nothing_else_of_it_changes() {
    let mut world = World::new();
    world.role = Role::Owner;
    world.give(Command::PublishQuestionnaire(mood()));
    let withdrawn = Questionnaire {
        retired: true,
        ..mood()
    };
    world.give(Command::PublishQuestionnaire(withdrawn.clone()));
    let kept = |world: &World| {
        crate::rows_of!(
            world.rows.all(Entity::Questionnaire).collect::<Vec<_>>(),
            Questionnaire
        )
    };
    assert!(kept(&world)[0].retired);
    world.give(Command::PublishQuestionnaire(mood()));
    assert_eq!(kept(&world), [mood()]);
    let mut changed = withdrawn;
    changed.signature_required = false;
    let refusal = world.refused(Command::PublishQuestionnaire(changed));
    assert_eq!(refusal.code, RefusalCode::AlreadyExists);
}

fn visit() -> (Appointment, VisitType) {
    let Command::DefineVisitType(kind) = golden(CommandName::DefineVisitType) else {
        unreachable!()
    };
    let Command::BookAppointment(booking) = golden(CommandName::BookAppointment) else {
        unreachable!()
    };
    let start_at = at("2026-03-10T15:00:00Z");
    let appointment = Appointment {
        id: AppointmentId(id(300)),
        patient_id: PatientId(id(10)),
        site_id: booking.place.site_id,
        visit_type_id: kind.id,
        practitioner_ids: booking.place.practitioner_ids,
        resource_ids: Vec::new(),
        start_at,
        end_at: start_at,
        wall: start_at.naive_utc(),
        mode: booking.place.mode,
        scenario: booking.scenario,
        reason: None,
        referral: None,
        series_id: None,
        state: domain::schedule::AppointmentState::Booked,
        overbook_reason: None,
        warnings: Vec::new(),
        cancel_reason: None,
        cancelled_by: None,
        cancelled_late: false,
        steps: Vec::new(),
    };
    let kind = VisitType {
        questionnaire_ids: vec![mood().id],
        ..kind
    };
    (appointment, kind)
}

#[test]
fn a_visit_asks_the_newest_version_of_its_forms_until_it_is_answered() {
    let (appointment, kind) = visit();
    let form = |change: fn(&mut Questionnaire)| {
        let mut form = mood();
        form.valid_days = None;
        change(&mut form);
        form
    };
    let (old, new) = (form(|_| {}), after(&form(|_| {})));
    let response = |days_ago: i64, appointment_id| QuestionnaireResponse {
        id: QuestionnaireResponseId(id(650)),
        patient_id: Some(PatientId(id(10))),
        intake_id: None,
        questionnaire_id: old.id,
        answers: sound(),
        authored_at: at("2026-03-10T15:00:00Z") - chrono::Duration::days(days_ago),
        appointment_id,
        score: None,
        attention: false,
        authored_by: None,
        language: None,
        signature: None,
    };
    let due = |forms: &[Questionnaire], responses: &[QuestionnaireResponse]| {
        let today = day("2026-03-10");
        let found = forms_due(&appointment, &kind, forms, responses, today);
        found.into_iter().map(|form| form.version).collect::<Vec<_>>()
    };
    let forms = [old.clone(), new.clone()];
    assert_eq!(due(&forms, &[]), [2]);
    assert_eq!(
        due(&forms, &[response(20, Some(appointment.id))]),
        [0; 0],
        "answered for this visit"
    );
    assert_eq!(due(&forms, &[response(0, None)]), [0; 0], "answered at check-in");
    assert_eq!(due(&forms, &[response(20, None)]), [2]);
    assert_eq!(due(&forms, &[response(20, Some(AppointmentId(id(301))))]), [2]);
    let retired = Questionnaire {
        retired: true,
        ..new.clone()
    };
    assert_eq!(due(&[old.clone(), retired], &[]), [0; 0], "withdrawn");
    let standing = Questionnaire {
        valid_days: Some(14),
        ..new
    };
    assert_eq!(
        due(&[old.clone(), standing.clone()], &[response(14, None)]),
        [0; 0]
    );
    assert_eq!(due(&[old.clone(), standing.clone()], &[response(15, None)]), [2]);
    assert_eq!(newest(&[standing, old]).len(), 1);
}

#[test]
fn rows_of_an_older_build_are_read_and_an_older_build_is_not_sent_what_it_cannot_read() {
    let response = r#"{ "entity": "questionnaire_response", "body": {
        "id": "01956f3a-0000-7000-8000-000000000650", "patient_id": null,
        "intake_id": "01956f3a-0000-7000-8000-000000000700",
        "questionnaire_id": "01956f3a-0000-7000-8000-000000000600",
        "answers": { "smoking": "never" }, "authored_at": "2026-03-10T15:00:00Z" } }"#;
    let Row::QuestionnaireResponse(read) = domain::json::read(response.as_bytes()).unwrap() else {
        panic!()
    };
    assert!(read.intake_id.is_some() && read.score.is_none() && !read.attention);
    assert_eq!(Row::QuestionnaireResponse(read.clone()).edition(), 1);
    let alone = QuestionnaireResponse {
        intake_id: None,
        ..read
    };
    assert_eq!(Row::QuestionnaireResponse(alone).edition(), 4);
    assert_eq!(Row::Questionnaire(mood()).edition(), 4);
    let mut plain = mood();
    plain.pages.truncate(2);
    assert_eq!(Row::Questionnaire(plain).edition(), 1);
}
