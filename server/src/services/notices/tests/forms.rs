//! Mails about forms: they go out while one is missing, and not when it was filled in meanwhile.

use super::stand::*;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use chrono::Duration;
use domain::command::Command;
use domain::id::*;
use domain::intake::questionnaire::Answers;
use domain::intake::{Answer, AnswerKind, AnswerQuestionnaire, Page, Questionnaire};
use domain::notices::{Channel, NoticeKind, NoticeRule, NoticeState, VoidReason, standard};
use domain::schedule::VisitType;
use domain::text::{Lang, Wording};
use tower::ServiceExt;
use uuid::Uuid;

fn form() -> Questionnaire {
    Questionnaire {
        id: Questionnaire::id_of("travel", 1),
        slug: "travel".into(),
        version: 1,
        replaces_id: None,
        title: Wording::new("Travel", "Viajes"),
        pages: vec![Page {
            link_id: "abroad".into(),
            question: Wording::new("Were you abroad?", "¿Estuvo en el extranjero?"),
            why: None,
            answer: AnswerKind::YesNo,
            show_if: None,
            required: true,
        }],
        scoring: None,
        signature_required: false,
        audience: domain::intake::questionnaire::Audience::Visit,
        valid_days: None,
        retired: false,
        published_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// Elena's visit asks for a form, and the only rule is about forms.
async fn asked() -> Stand {
    let stand = Stand::new(Channel::Email).await;
    let (subject, body) = standard::words(NoticeKind::Forms, Channel::Email);
    stand
        .give(vec![
            Command::PublishQuestionnaire(form()),
            Command::DefineVisitType(VisitType {
                questionnaire_ids: vec![form().id],
                ..visit()
            }),
            Command::SetNoticeRule(NoticeRule {
                kind: NoticeKind::Forms,
                subject,
                body,
                from_minute: 0,
                until_minute: 1440,
                ..rule(Channel::Email)
            }),
        ])
        .await;
    stand
}

fn answer() -> Command {
    Command::AnswerQuestionnaire(AnswerQuestionnaire {
        response_id: QuestionnaireResponseId(Uuid::from_u128(0x650)),
        patient_id: PatientId(Uuid::from_u128(0x10)),
        appointment_id: Some(AppointmentId(Uuid::from_u128(0x310))),
        questionnaire_id: form().id,
        answers: Answers::from([("abroad".to_owned(), Answer::YesNo(false))]),
        language: Lang::En,
        signature: None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_asks_for_the_forms_and_its_link_leads_to_them() {
    let stand = asked().await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    assert_eq!(stand.notice().await.state, NoticeState::Sent);
    let mail = stand.smtp.mails().remove(0);
    let plain = mail.plain();
    assert!(plain.contains("there are forms to fill in"), "{plain}");
    for secret in ["Delgado", "Oncology", "Chemotherapy", "Travel", "Okafor"] {
        assert!(!plain.contains(secret) && !mail.data.contains(secret), "{secret}");
    }
    assert!(
        !mail.data.contains("text/calendar"),
        "the reminder brings the appointment"
    );
    let stop = mail.header("List-Unsubscribe").unwrap();
    let path = stop.strip_prefix("<https://visits.example").unwrap();
    let path = path.strip_suffix('>').unwrap();
    let (app, _) = stand.http(Default::default()).await;
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(bytes.to_vec()).unwrap();
    let (forms, come) = (page.find("Fill in the forms"), page.find("I will come"));
    assert!(forms.is_some() && forms < come, "{page}");
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_filled_them_in_before_it_was_planned_or_before_it_was_sent_hears_nothing() {
    let stand = asked().await;
    let server = stand.server().await;
    server.plan(PRACTICE, stand.now).await.unwrap();
    let notice = stand.notice().await;
    assert_eq!(notice.state, NoticeState::Planned);
    stand.give(vec![answer()]).await;
    // No sweep comes between: whoever sends looks again.
    server.send(PRACTICE, notice.message_id, stand.now).await.unwrap();
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Void(VoidReason::NotWanted)
    );
    stand.minute(&server, stand.now + Duration::minutes(1)).await;
    assert!(stand.smtp.mails().is_empty());
    // Another form is asked for since, and is missing.
    let other = Questionnaire {
        id: Questionnaire::id_of("pets", 1),
        slug: "pets".into(),
        ..form()
    };
    let kind = VisitType {
        questionnaire_ids: vec![form().id, other.id],
        ..visit()
    };
    stand
        .give(vec![
            Command::PublishQuestionnaire(other),
            Command::DefineVisitType(kind),
        ])
        .await;
    stand.minute(&server, stand.now + Duration::minutes(2)).await;
    assert_eq!(stand.notice().await.state, NoticeState::Sent);
    assert_eq!(stand.smtp.mails().len(), 1);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_planned_is_called_off_by_the_minute_once_it_is_complete() {
    let stand = asked().await;
    let server = stand.server().await;
    server.plan(PRACTICE, stand.now).await.unwrap();
    stand.give(vec![answer()]).await;
    assert!(server.sweep(PRACTICE, stand.now).await.unwrap());
    assert_eq!(
        stand.notice().await.state,
        NoticeState::Void(VoidReason::NotWanted)
    );
    assert!(!server.plan(PRACTICE, stand.now).await.unwrap(), "it stays so");
    stand.end().await;
}
