//! What is done with visits and their forms.

use super::stand::*;
use crate::services::notices::tests::stand::*;
use axum::http::StatusCode;
use chrono::Duration;
use domain::command::Command;
use domain::id::*;
use domain::intake::AnswerKind;
use domain::row::{Entity, Row};
use domain::schedule::*;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_confirms_moves_and_calls_off_their_visit() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let visits = format!("/p/{PRACTICE}/visits");
    let page = phone.get(&visits).await;
    assert!(
        page.text.contains("Harbor Point") && page.text.contains("Samuel Okafor"),
        "{}",
        page.text
    );
    assert!(
        !page.text.contains("Chemotherapy"),
        "why somebody comes is on no page"
    );
    let own = stand.appointment(0x310).await;
    let act = format!("{visits}/{}", own.id);
    assert!(
        phone
            .post(&act, "press=confirm")
            .await
            .to
            .ends_with("said=confirmed")
    );
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Confirmed);

    let open = phone.get(&format!("/p/{PRACTICE}/book?move={}", own.id)).await;
    let at = first_time(&open.text, own.end_at);
    let check = phone
        .get(&format!("/p/{PRACTICE}/take?move={}&at={at}", own.id))
        .await;
    assert!(check.text.contains("Move my visit here"), "{}", check.text);
    assert_eq!(
        stand.appointment(0x310).await.start_at,
        own.start_at,
        "looking moves nothing"
    );
    let taken = phone
        .post(
            &format!("/p/{PRACTICE}/take"),
            &format!("move={}&at={at}", own.id),
        )
        .await;
    assert!(taken.to.ends_with("said=moved"), "{} {}", taken.to, taken.text);
    let moved = stand.appointment(0x310).await;
    assert_eq!(
        moved.start_at.timestamp().to_string(),
        at.split('.').next().unwrap()
    );
    assert_eq!(
        moved.state,
        AppointmentState::Booked,
        "whoever confirmed one time did not confirm another"
    );
    assert_eq!(moved.steps.last().unwrap().by, "Patient, online");

    assert!(phone.post(&act, "press=ask_cancel").await.to.contains("sure="));
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Booked);
    assert!(
        phone
            .post(&act, "press=cancel")
            .await
            .to
            .ends_with("said=cancelled")
    );
    let gone = stand.appointment(0x310).await;
    assert_eq!(
        (gone.state, gone.cancelled_by),
        (AppointmentState::Cancelled, Some(CancelledBy::Patient))
    );
    assert!(
        phone
            .post(&act, "press=confirm")
            .await
            .to
            .ends_with("said=not_now")
    );
    let tray = stand.db.all_rows(PRACTICE, Entity::TrayItem).await.unwrap();
    assert!(tray.is_empty(), "what a patient was told is nobody's to decide");
    let audit = stand
        .db
        .audit_lines(PRACTICE, Some(own.patient_id), 20)
        .await
        .unwrap();
    assert!(
        audit
            .iter()
            .any(|line| line.event.actor_name == "Patient, online")
    );
    phone.post(&format!("/p/{PRACTICE}/leave"), "").await;
    assert!(phone.get(&visits).await.to.contains("over=1"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_books_what_is_open_once_and_never_what_is_anothers() {
    let (stand, app) = open_clinic().await;
    let mut other = patient(0x11, "Bruno");
    other.telecoms.clear();
    stand.book(0x311, other, stand.now + Duration::hours(30)).await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let theirs = stand.appointment(0x311).await;
    for press in ["confirm", "cancel"] {
        let answer = phone
            .post(
                &format!("/p/{PRACTICE}/visits/{}", theirs.id),
                &format!("press={press}"),
            )
            .await;
        assert!(answer.to.ends_with("said=not_now"));
    }
    let stolen = phone
        .post(
            &format!("/p/{PRACTICE}/take"),
            &format!("move={}&at=1.{DOCTOR}.{SITE}", theirs.id),
        )
        .await;
    assert!(stolen.to.ends_with("said=not_now"));
    let open = phone
        .get(&format!(
            "/p/{PRACTICE}/book?kind={VISIT}&patient={}",
            theirs.patient_id
        ))
        .await;
    assert!(open.to.ends_with("said=not_now"), "for nobody else");
    assert_eq!(stand.appointment(0x311).await, theirs);

    // One of a kind ahead: the visit there is stands in the way of a second.
    let open = phone.get(&format!("/p/{PRACTICE}/book?kind={VISIT}")).await;
    let at = first_time(&open.text, stand.now + Duration::hours(60));
    let form = format!("kind={VISIT}&at={at}&reason=A+cough");
    let refused = phone.post(&format!("/p/{PRACTICE}/take"), &form).await;
    assert!(refused.to.contains("gone=1"), "{}", refused.to);
    let own = stand.appointment(0x310).await;
    phone
        .post(&format!("/p/{PRACTICE}/visits/{}", own.id), "press=cancel")
        .await;
    let taken = phone.post(&format!("/p/{PRACTICE}/take"), &form).await;
    assert!(taken.to.ends_with("said=booked"), "{}", taken.to);
    let new = all(&stand)
        .await
        .into_iter()
        .find(|one| one.patient_id == own.patient_id && one.id != own.id)
        .unwrap();
    assert_eq!(new.state, AppointmentState::Booked);
    assert_eq!(
        (new.reason.as_deref(), new.scenario),
        (Some("A cough"), Scenario::SelfPay)
    );
    let night = format!(
        "kind={VISIT}&at={}.{DOCTOR}.{SITE}",
        (stand.now + Duration::hours(61)).timestamp() + 7
    );
    assert!(
        phone
            .post(&format!("/p/{PRACTICE}/take"), &night)
            .await
            .to
            .contains("gone=1"),
        "no such time is offered"
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_visit_are_filled_in_beforehand_and_what_must_be_answered_must_be() {
    let (stand, app) = open_clinic().await;
    let shipped = include_str!("../../../../../app/domain/tests/golden/PublishQuestionnaire.v2.json");
    let golden: serde_json::Value = serde_json::from_str(shipped).unwrap();
    let mut form: domain::intake::Questionnaire = serde_json::from_value(golden["args"].clone()).unwrap();
    form.pages.truncate(2);
    for (page, kind) in form.pages.iter_mut().zip([AnswerKind::YesNo, AnswerKind::Text]) {
        (page.answer, page.show_if, page.required) = (kind, None, true);
    }
    (form.version, form.replaces_id, form.scoring) = (1, None, None);
    (form.signature_required, form.retired) = (true, false);
    form.id = domain::intake::Questionnaire::id_of(&form.slug, 1);
    let mut kind = visit();
    kind.questionnaire_ids = vec![form.id];
    stand
        .give(vec![
            Command::PublishQuestionnaire(form.clone()),
            Command::DefineVisitType(kind),
        ])
        .await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let visits = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    let path = format!(
        "/p/{PRACTICE}/visits/{}/forms/{}",
        AppointmentId(Uuid::from_u128(0x310)),
        form.id
    );
    assert!(visits.text.contains(&path), "{}", visits.text);
    let [one, two] = [&form.pages[0].link_id, &form.pages[1].link_id];
    assert!(
        phone
            .get(&path)
            .await
            .text
            .contains(form.pages[0].question.get(domain::text::Lang::En))
    );
    let blank = phone.post(&path, &format!("now={one}")).await;
    assert!(blank.text.contains("role=\"alert\"") && blank.text.contains(&format!("a.{one}")));
    let next = phone.post(&path, &format!("now={one}&a.{one}=yes")).await;
    assert!(
        next.text.contains(&format!("a.{two}"))
            && next.text.contains(&format!("name=\"a.{one}\" value=\"yes\""))
    );
    let both = format!("shown={one}&now={two}&a.{one}=yes&a.{two}=It+hurts");
    let sign = phone.post(&path, &both).await;
    assert!(sign.text.contains("signed_name"), "{}", sign.text);
    assert!(
        sign.text.contains("electronically"),
        "what is signed under is said"
    );
    let responses = async || {
        stand
            .db
            .all_rows(PRACTICE, Entity::QuestionnaireResponse)
            .await
            .unwrap()
    };
    assert!(
        responses().await.is_empty(),
        "nothing is kept before it is signed and sent"
    );
    let sent = phone
        .post(&path, &format!("{both}&signed_name=Elena+Delgado"))
        .await;
    assert!(sent.to.ends_with("said=answered"), "{} {}", sent.to, sent.text);
    let kept = responses().await;
    assert_eq!(kept.len(), 1);
    let Row::QuestionnaireResponse(kept) = &kept[0] else {
        panic!()
    };
    assert_eq!(kept.appointment_id, Some(AppointmentId(Uuid::from_u128(0x310))));
    assert_eq!(
        kept.signature.as_ref().map(|one| one.typed_name.as_str()),
        Some("Elena Delgado")
    );
    let audit = stand.db.audit_lines(PRACTICE, kept.patient_id, 20).await.unwrap();
    let signed = audit
        .iter()
        .find(|line| line.event.action == "portal.sign")
        .unwrap();
    let detail = signed.event.detail.as_ref().unwrap();
    assert_eq!(detail["response"], serde_json::json!(kept.id));
    assert!(detail["words_sha256"].as_str().unwrap().len() > 40);
    assert_eq!(kept.answers.len(), 2);
    let again = phone.get(&path).await;
    assert!(again.to.ends_with("said=not_now"), "it is asked once");
    assert!(
        !phone
            .get(&format!("/p/{PRACTICE}/visits"))
            .await
            .text
            .contains(&path)
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_says_that_they_are_here_once_and_around_the_time() {
    let (stand, app) = open_clinic().await;
    let own = stand.appointment(0x310).await;
    let soon = BookAppointment {
        appointment_id: AppointmentId(Uuid::from_u128(0x312)),
        patient_id: own.patient_id,
        visit_type_id: VISIT,
        place: place(stand.now + Duration::minutes(20)),
        scenario: Scenario::Insurance,
        reason: None,
        referral: None,
        overbook_reason: Some("Called this morning".into()),
        hold_minutes: None,
        series_id: None,
    };
    stand.give(vec![Command::BookAppointment(soon)]).await;
    let mut phone = Phone::sign_in(&stand, &app).await;
    let list = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    assert_eq!(
        list.text.matches(r#"value="here""#).count(),
        1,
        "not for the one in two days"
    );
    let says = |n: u128| format!("/p/{PRACTICE}/visits/{}", Uuid::from_u128(n));
    for (n, to) in [(0x310, "not_now"), (0x312, "here"), (0x312, "not_now")] {
        let answer = phone.post(&says(n), "press=here").await;
        assert!(answer.to.ends_with(&format!("said={to}")), "{n:x}: {}", answer.to);
    }
    let visit = stand.appointment(0x312).await;
    assert_eq!(visit.state, AppointmentState::Arrived);
    assert_eq!(visit.steps.last().unwrap().by, "Patient, online");
    assert_eq!(stand.appointment(0x310).await.state, AppointmentState::Booked);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_on_the_wall_leads_to_the_patients_pages() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let code = phone.get(&format!("/p/{PRACTICE}/qr.svg")).await;
    assert!(code.text.contains("<svg") && code.text.len() > 1_000);
    let sheet = phone.get(&format!("/p/{PRACTICE}/poster")).await;
    let address = format!("/p/{PRACTICE}<");
    assert!(sheet.text.contains("qr.svg") && sheet.text.contains(&address));
    let nowhere = phone.get(&format!("/p/{}/qr.svg", Uuid::from_u128(9))).await;
    assert_eq!(nowhere.status, StatusCode::NOT_FOUND);
    stand.end().await;
}
