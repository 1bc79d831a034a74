//! A clinic that is open at all hours, and a telephone with a browser.

use crate::config::NoticeConfig;
use crate::services::notices::tests::stand::*;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::id::*;
use domain::notices::Channel;
use domain::row::{Entity, Row};
use domain::schedule::*;
use tower::ServiceExt;
use uuid::Uuid;

/// A telephone with a browser.
pub struct Phone {
    app: Router,
    pub cookie: Option<String>,
    /// What it keeps when it stays signed in.
    pub device: Option<String>,
    /// The last line that set one.
    pub set: Option<String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub to: String,
    pub text: String,
}

impl Phone {
    pub fn new(app: &Router) -> Phone {
        Phone {
            app: app.clone(),
            cookie: None,
            device: None,
            set: None,
        }
    }

    async fn ask(&mut self, method: Method, path: &str, form: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/x-www-form-urlencoded");
        for cookie in self.cookie.iter().chain(&self.device) {
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
        for set in response.headers().get_all("set-cookie") {
            let set = set.to_str().unwrap();
            let cookie = set.split(';').next().unwrap();
            if cookie.contains("_device=") {
                self.device = Some(cookie.to_owned()).filter(|cookie| !cookie.ends_with('='));
            } else {
                self.cookie = Some(cookie.to_owned());
                self.set = Some(set.to_owned());
            }
        }
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status, to, text }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, "").await
    }

    pub async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.ask(Method::POST, path, form).await
    }

    pub async fn ask_code(&mut self, contact: &str) -> String {
        let form = format!("lang=en&month=3&day=9&year=1984&contact={contact}");
        let answer = self.post(&format!("/p/{PRACTICE}"), &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.to
    }

    /// Elena, with the code that came by mail.
    pub async fn sign_in(stand: &Stand, app: &Router) -> Phone {
        let mut phone = Phone::new(app);
        let page = phone.ask_code("elena%40example.org").await;
        let answer = phone.post(&page, &format!("code={}", code(stand, 1).await)).await;
        assert_eq!(answer.to, format!("/p/{PRACTICE}/visits"), "{}", answer.text);
        phone
    }
}

/// The code in the newest of so many mails.
pub async fn code(stand: &Stand, mails: usize) -> String {
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
pub async fn open_clinic() -> (Stand, Router) {
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

pub async fn all(stand: &Stand) -> Vec<Appointment> {
    booked(stand.db.all_rows(PRACTICE, Entity::Appointment).await.unwrap())
}

/// The first time on a page of open times that begins after another.
pub fn first_time(page: &str, after: DateTime<Utc>) -> String {
    page.split("name=\"at\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .find(|at| at.split('.').next().unwrap().parse::<i64>().unwrap() > after.timestamp())
        .expect("an open time")
}
