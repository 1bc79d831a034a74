//! What is typed at a kiosk is checked whole, and kept as it was said.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::common::*;
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::intake::*;
use domain::row::Entity;

fn refused(content: Submission) -> (String, String) {
    let mut world = World::new();
    world.role = Role::Kiosk;
    let refusal = world.refused(Command::SubmitIntake(submit(N, content)));
    assert_eq!(refusal.code, RefusalCode::Invalid);
    (refusal.params["field"].clone(), refusal.params["fault"].clone())
}

#[test]
fn a_submission_is_kept_as_it_was_said_and_health_is_kept_apart() {
    let (world, _) = World::with_submission(elenas_submission());
    let kept = world.intake();
    assert!(kept.content == elenas_submission());
    assert_eq!((kept.status, kept.patient_id), (IntakeStatus::Pending, None));
    assert_eq!(
        (kept.received_at, kept.submitted_at),
        (world.now, world.device_time)
    );
    assert_eq!(kept.history_response_id, Some(response_id(IntakeId(id(N)))));
    assert!(!kept.content.reason.is_empty() && world.rows.all(Entity::QuestionnaireResponse).count() == 1);
}

#[test]
fn a_submission_without_health_answers_has_no_response() {
    let mut world = World::new();
    world.role = Role::Kiosk;
    let command = SubmitIntake {
        history: None,
        ..submit(N, elenas_submission())
    };
    assert_eq!(world.give(Command::SubmitIntake(command)).facts.len(), 1);
    assert_eq!(world.intake().history_response_id, None);
}

#[test]
fn a_texts_hash_tells_every_change_and_language_apart() {
    let form = |body: &str| ConsentForm {
        id: ConsentFormId(id(1)),
        kind: ConsentKind::Treatment,
        version: 1,
        title: domain::text::Wording::new("Treatment", "Tratamiento"),
        body: domain::text::Wording::new(body, "Acepto."),
        published_at: at("2026-02-16T06:00:00Z"),
    };
    use domain::text::Lang::*;
    let hash = form("I agree.").text_hash(En);
    assert_eq!(hash.len(), 64);
    assert_eq!(hash, form("I agree.").text_hash(En));
    assert_ne!(hash, form("I agree!").text_hash(En));
    assert_ne!(hash, form("I agree.").text_hash(Es));
}

#[test]
fn someone_must_pay_for_a_child_who_comes_for_the_first_time() {
    let without = Submission {
        guarantor: None,
        ..childs_submission()
    };
    assert_eq!(
        refused(without.clone()),
        ("guarantor".into(), "GuarantorMissing".into())
    );
    World::with_submission(Submission {
        returning: true,
        ..without.clone()
    });
    let mut grown = without;
    grown.identity.birth_on = day("2008-03-10");
    World::with_submission(grown.clone());
    grown.identity.birth_on = day("2008-03-11");
    assert_eq!(refused(grown).1, "GuarantorMissing");
}

#[test]
fn declining_needs_no_signature_and_agreeing_needs_one_with_a_name_typed() {
    use ConsentDecision::*;
    let with = |consent| Submission {
        consents: vec![consent],
        ..elenas_submission()
    };
    World::with_submission(with(consent(ConsentKind::Treatment, Declined)));
    let mut agreed = consent(ConsentKind::Treatment, Agreed);
    agreed.signature = Some(Signature {
        typed_name: " ".into(),
        ..Signature::default()
    });
    let at = "consents[0].signature".to_owned();
    assert_eq!(
        refused(with(agreed.clone())),
        (at.clone(), "TypedNameMissing".into())
    );
    agreed.signature = None;
    assert_eq!(refused(with(agreed.clone())), (at, "SignatureMissing".into()));
    agreed.signature = Some(Signature {
        typed_name: "Elena Delgado".into(),
        ..Signature::default()
    });
    World::with_submission(with(agreed));
}

#[test]
fn a_tablet_whose_clock_is_a_year_off_is_believed_and_never_ordered_by() {
    for clock in ["2025-03-10T15:00:00Z", "2027-03-10T15:00:00Z"] {
        let mut world = World::new();
        world.device_time = at(clock);
        let elena = world.patient();
        world.submit(elenas_submission());
        let kept = world.intake();
        assert_eq!((kept.submitted_at, kept.received_at), (at(clock), world.now));
        world.give(Command::AcceptIntake(accept(N, elena)));
    }
}

#[test]
fn the_same_submission_is_not_taken_twice() {
    let (mut world, _) = World::with_submission(elenas_submission());
    world.role = Role::Kiosk;
    let refusal = world.refused(Command::SubmitIntake(submit(N, elenas_submission())));
    assert_eq!(refusal.code, RefusalCode::AlreadyExists);
}
