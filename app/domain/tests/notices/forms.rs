//! Reminders of forms: only while one is missing, and in words that say nothing about health.

use crate::common::forms::{after, mood, sound};
use crate::common::*;
use crate::planning::{booked, only, planned};
use crate::rules::rule;
use crate::stand::*;
use domain::command::Command;
use domain::id::*;
use domain::intake::{Questionnaire, QuestionnaireResponse};
use domain::notices::forms::lacks_forms;
use domain::notices::*;
use domain::row::{Entity, Row};
use domain::schedule::{Appointment, VisitType};

fn of_forms() -> NoticeRule {
    let (subject, body) = standard::words(NoticeKind::Forms, Channel::Sms);
    NoticeRule {
        kind: NoticeKind::Forms,
        subject,
        body,
        ..rule(Channel::Sms)
    }
}

/// Elena's visit on the 20th asks for a form.
fn asked() -> (World, Appointment) {
    let (mut world, _) = booked();
    world.rows.put(Row::Questionnaire(mood()));
    world.rows.put(Row::VisitType(VisitType {
        questionnaire_ids: vec![mood().id],
        ..visit()
    }));
    let appointment = appointment(&world, 0x310);
    (world, appointment)
}

fn answered(appointment: &Appointment) -> QuestionnaireResponse {
    QuestionnaireResponse {
        id: QuestionnaireResponseId(id(0x650)),
        patient_id: Some(appointment.patient_id),
        intake_id: None,
        questionnaire_id: mood().id,
        answers: sound(),
        authored_at: at("2026-03-17T15:00:00Z"),
        appointment_id: Some(appointment.id),
        score: None,
        attention: false,
        authored_by: None,
        language: None,
        signature: None,
    }
}

#[test]
fn who_has_forms_to_fill_in_is_told_and_who_has_none_is_not() {
    let now = "2026-03-17T12:00:00Z";
    let (world, _) = booked();
    assert!(
        planned(&world, &[of_forms()], now).is_empty(),
        "the visit asks for none"
    );
    let (mut world, appointment) = asked();
    let notice = only(planned(&world, &[of_forms()], now));
    assert_eq!(notice.state, NoticeState::Planned);
    assert_eq!(notice.due_at, wall("2026-03-18 09:00"));
    assert_eq!(notice.useless_at, wall("2026-03-20 08:00"));
    // Somebody else's answers are not hers.
    let other = QuestionnaireResponse {
        patient_id: Some(PatientId(id(0x999))),
        appointment_id: None,
        ..answered(&appointment)
    };
    world.rows.put(Row::QuestionnaireResponse(other));
    assert_eq!(planned(&world, &[of_forms()], now).len(), 1);
    world.rows.put(Row::QuestionnaireResponse(answered(&appointment)));
    assert!(planned(&world, &[of_forms()], now).is_empty(), "all is filled in");
    assert_eq!(
        planned(&world, &[rule(Channel::Sms)], now).len(),
        1,
        "of the visit"
    );
}

#[test]
fn what_was_booked_late_is_told_soon_after_and_not_at_all_when_it_is_too_late() {
    let (mut world, _) = asked();
    let elena = PatientId(id(10));
    // It is March 10, ten in the morning: four days before was on the 7th.
    world.give(Command::BookAppointment(book(0x311, elena, "2026-03-11 15:00")));
    let four = NoticeRule {
        offset_minutes: 4 * 24 * 60,
        ..of_forms()
    };
    let told = |rule: &NoticeRule| {
        let all = planned(&world, std::slice::from_ref(rule), "2026-03-10T15:05:00Z");
        all.into_iter()
            .find(|notice| notice.appointment_id == AppointmentId(id(0x311)))
    };
    assert_eq!(told(&four).unwrap().due_at, world.device_time.min(world.now));
    let reminder = NoticeRule {
        offset_minutes: 4 * 24 * 60,
        ..rule(Channel::Sms)
    };
    assert!(told(&reminder).is_none(), "who agreed just now knows when");
    let late = planned(&world, &[four], "2026-03-11T19:30:00Z");
    assert!(
        late.iter()
            .all(|notice| notice.appointment_id != AppointmentId(id(0x311)))
    );
}

#[test]
fn a_form_that_was_withdrawn_is_not_missing_and_a_newer_version_of_an_answered_one_is_not() {
    let today = day("2026-03-18");
    let (mut world, appointment) = asked();
    assert!(lacks_forms(&world.rows, &appointment, today));
    world.rows.put(Row::Questionnaire(after(&mood())));
    assert!(lacks_forms(&world.rows, &appointment, today));
    let mut both = world.rows.clone();
    both.put(Row::QuestionnaireResponse(answered(&appointment)));
    assert!(!lacks_forms(&both, &appointment, today));
    world.rows.put(Row::Questionnaire(Questionnaire {
        retired: true,
        ..after(&mood())
    }));
    assert!(!lacks_forms(&world.rows, &appointment, today));
    world.rows.remove(Entity::VisitType, VISIT.0);
    assert!(!lacks_forms(&world.rows, &appointment, today));
}

#[test]
fn an_older_page_is_not_sent_a_rule_that_it_cannot_read() {
    assert_eq!(Row::NoticeRule(of_forms()).edition(), 5);
    assert_eq!(Row::NoticeRule(rule(Channel::Sms)).edition(), 3);
}
