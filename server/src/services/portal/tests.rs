//! Patients by themselves: on a real Postgres, with their codes out by a real SMTP server.

use crate::config::NoticeConfig;
use crate::services::notices::tests::stand::*;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::{DateTime, Duration, Utc};
use domain::command::Command;
use domain::id::*;
use domain::intake::AnswerKind;
use domain::notices::Channel;
use domain::row::{Entity, Row};
use domain::schedule::*;
use tower::ServiceExt;
use uuid::Uuid;

/// A telephone with a browser.
struct Phone {
    app: Router,
    cookie: Option<String>,
}

struct Answer {
    status: StatusCode,
    to: String,
    text: String,
}

impl Phone {
    fn new(app: &Router) -> Phone {
        Phone {
            app: app.clone(),
            cookie: None,
        }
    }

    async fn ask(&mut self, method: Method, path: &str, form: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = self
            .app
            .clone()
            .oneshot(request.body(Body::from(form.to_owned())).unwrap())
            .await
            .unwrap();
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (status, to) = (response.status(), header("location").unwrap_or_default());
        if let Some(set) = header("set-cookie") {
            self.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status, to, text }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.ask(Method::POST, path, form).await
    }

    async fn ask_code(&mut self, contact: &str) -> String {
        let form = format!("lang=en&month=3&day=9&year=1984&contact={contact}");
        let answer = self.post(&format!("/p/{PRACTICE}"), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.to
    }

    /// Elena, with the code that came by mail.
    async fn sign_in(stand: &Stand, app: &Router) -> Phone {
        let mut phone = Phone::new(app);
        let page = phone.ask_code("elena%40example.org").await;
        let answer = phone.post(&page, &format!("code={}", code(stand, 1).await)).await;
        assert_eq!(answer.to, format!("/p/{PRACTICE}/visits"), "{}", answer.text);
        phone
    }
}

/// The code in the newest of so many mails.
async fn code(stand: &Stand, mails: usize) -> String {
    for _ in 0..200 {
        if stand.smtp.mails().len() >= mails {
            let words = stand.smtp.mails().pop().unwrap().plain();
            let at = words.find("code is ").expect("a code") + 8;
            return words[at..at + 6].to_owned();
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("no mail came");
}

/// Elena is booked in two days; the doctor is there at all hours.
async fn open_clinic() -> (Stand, Router) {
    let stand = Stand::new(Channel::Email).await;
    let config = NoticeConfig {
        public_url: Some("https://visits.example".into()),
        smtp_url: Some(format!("smtp://{}", stand.smtp.address).parse().unwrap()),
        mail_from: Some("Lakeside <visits@lakeside.example>".into()),
        ..NoticeConfig::default()
    };
    let blocks = (1..=7)
        .map(|weekday| Block {
            weekday,
            from_minute: 0,
            until_minute: 1440,
            visit_type_ids: Vec::new(),
            capacity: None,
            providers_percent: None,
        })
        .collect();
    let schedule = Schedule {
        id: ScheduleId(Uuid::from_u128(0x90)),
        practitioner_id: DOCTOR,
        site_id: SITE,
        from_on: "2020-01-01".parse().unwrap(),
        until_on: None,
        blocks,
        active: true,
    };
    stand.give(vec![Command::SetSchedule(schedule)]).await;
    let (app, _) = stand.http(config).await;
    (stand, app)
}

fn booked(rows: Vec<Row>) -> Vec<Appointment> {
    let one = |row| match row {
        Row::Appointment(one) => Some(one),
        _ => None,
    };
    rows.into_iter().filter_map(one).collect()
}

async fn all(stand: &Stand) -> Vec<Appointment> {
    booked(stand.db.all_rows(PRACTICE, Entity::Appointment).await.unwrap())
}

/// The first time on a page of open times that begins after another.
fn first_time(page: &str, after: DateTime<Utc>) -> String {
    page.split("name=\"at\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .find(|at| at.split('.').next().unwrap().parse::<i64>().unwrap() > after.timestamp())
        .expect("an open time")
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_nobody_knows_is_answered_the_same_and_sent_nothing() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let known = phone.ask_code("Elena%40Example.org").await;
    code(&stand, 1).await;
    let unknown = phone.ask_code("somebody%40example.org").await;
    let shape = |to: &str| to.replace(|c: char| c.is_ascii_hexdigit(), "x");
    assert_eq!(shape(&known), shape(&unknown));
    let (a, b) = (phone.get(&known).await, phone.get(&unknown).await);
    assert_eq!((a.status, a.text), (b.status, b.text));
    let (a, b) = (
        phone.post(&known, "code=000000").await,
        phone.post(&unknown, "code=000000").await,
    );
    assert_eq!((a.status, a.text), (b.status, b.text));
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(stand.smtp.mails().len(), 1);
    let inside = phone.get(&format!("/p/{PRACTICE}/visits")).await;
    assert_eq!(inside.to, format!("/p/{PRACTICE}?over=1"));
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_may_be_guessed_at_five_times_and_five_go_to_one_place_in_an_hour() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let page = phone.ask_code("elena%40example.org").await;
    let right = code(&stand, 1).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for left in [4, 3, 2, 1] {
        let answer = phone.post(&page, &format!("lang=en&code={wrong}")).await;
        assert!(
            answer.text.contains(&format!("Tries left: {left}")),
            "{}",
            answer.text
        );
    }
    phone.post(&page, &format!("code={wrong}")).await;
    let over = phone.post(&page, &format!("code={right}")).await;
    assert_eq!(
        over.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the right one comes too late"
    );
    assert_eq!(phone.cookie, None);
    for _ in 0..6 {
        phone.ask_code("elena%40example.org").await;
    }
    code(&stand, 5).await;
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(stand.smtp.mails().len(), 5);
    stand.end().await;
}

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
async fn somebody_new_is_registered_when_the_code_came_back_and_not_before() {
    let (stand, app) = open_clinic().await;
    let mut phone = Phone::new(&app);
    let form = "lang=es&given_name=Rosa&family_name=Ibarra&month=2&day=30&year=1990&sex=female&contact=rosa%40example.org";
    let wrong = phone.post(&format!("/p/{PRACTICE}/new"), form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("value=\"Rosa\""),
        "nothing that was typed is lost"
    );
    let form = form.replace("day=30", "day=3");
    let to = phone.post(&format!("/p/{PRACTICE}/new"), &form).await.to;
    let mail = {
        for _ in 0..200 {
            if !stand.smtp.mails().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        stand.smtp.mails().remove(0).plain()
    };
    let count = async || stand.db.all_rows(PRACTICE, Entity::Patient).await.unwrap().len();
    assert_eq!(count().await, 1);
    let at = mail.find("digo es ").expect("a code in Spanish") + 8;
    let code = mail[at..at + 6].to_owned();
    let answer = phone.post(&to, &format!("code={code}")).await;
    assert_eq!(answer.to, format!("/p/{PRACTICE}/visits"), "{}", answer.text);
    assert_eq!(count().await, 2);
    let page = phone.get(&answer.to).await;
    assert!(page.text.contains("No tiene citas pendientes"), "{}", page.text);
    // A second time, they are known: no second record.
    let to = phone.post(&format!("/p/{PRACTICE}/new"), &form).await.to;
    for _ in 0..200 {
        if stand.smtp.mails().len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let mail = stand.smtp.mails().remove(1).plain();
    let at = mail.find("digo es ").unwrap() + 8;
    phone.post(&to, &format!("code={}", &mail[at..at + 6])).await;
    assert_eq!(count().await, 2);
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_of_a_reminder_leads_in_by_a_code_to_where_it_went() {
    let (stand, app) = open_clinic().await;
    let server = stand.server().await;
    stand.minute(&server, stand.now).await;
    let stop = stand.smtp.mails().remove(0).header("List-Unsubscribe").unwrap();
    let path = stop.strip_prefix("<https://visits.example").unwrap();
    let path = path.strip_suffix('>').unwrap();
    let mut phone = Phone::new(&app);
    let page = phone.post(path, "press=open").await;
    assert!(
        page.to.starts_with(&format!("/p/{PRACTICE}/code/")),
        "{}",
        page.text
    );
    let answer = phone
        .post(&page.to, &format!("code={}", code(&stand, 2).await))
        .await;
    assert!(answer.to.ends_with("/visits"));
    assert!(
        phone
            .get(&answer.to)
            .await
            .text
            .contains(&AppointmentId(Uuid::from_u128(0x310)).to_string())
    );
    stand.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_forms_of_a_visit_are_filled_in_beforehand_and_what_must_be_answered_must_be() {
    let (stand, app) = open_clinic().await;
    let shipped = include_str!("../../../../app/domain/tests/golden/PublishQuestionnaire.v2.json");
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
