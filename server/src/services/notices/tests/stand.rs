//! A practice on a Postgres of its own, with appointments, and servers that send its notices.

use super::smtp::Smtp;
use crate::config::{Config, NoticeConfig};
use crate::http::State;
use crate::keys::OsRandomness;
use crate::services::clocks::clock_of;
use crate::services::notices::{Notices, new_id};
use crate::services::push::now;
use chrono::{DateTime, Duration, Utc};
use db::{Db, ServiceCommand};
use domain::command::Command;
use domain::id::*;
use domain::notices::*;
use domain::patients::*;
use domain::practice::{BillingEntity, Practice, Practitioner, Site};
use domain::row::{Entity, Row};
use domain::schedule::*;
use domain::text::Wording;
use sqlx::Connection;
use std::sync::Arc;
use uuid::Uuid;

pub const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(0x77));
pub const SITE: SiteId = SiteId(Uuid::from_u128(0x78));
pub const DOCTOR: PractitionerId = PractitionerId(Uuid::from_u128(0x79));
pub const VISIT: VisitTypeId = VisitTypeId(Uuid::from_u128(0x7a));
const RULE: NoticeRuleId = NoticeRuleId(Uuid::from_u128(0x7b));

pub struct Stand {
    pub db: Db,
    pub smtp: Smtp,
    /// Whole seconds: what is compared with what Postgres keeps.
    pub now: DateTime<Utc>,
    pub url: String,
    admin: String,
    name: String,
    folder: std::path::PathBuf,
}

pub fn rule(channel: Channel) -> NoticeRule {
    NoticeRule {
        id: RULE,
        name: "Two days before".into(),
        kind: NoticeKind::Reminder,
        offset_minutes: 2 * 24 * 60,
        channel,
        audience: Audience::Everyone,
        language: None,
        visit_type_ids: Vec::new(),
        site_ids: Vec::new(),
        from_minute: 480,
        until_minute: 1260,
        subject: Wording::new("Your appointment on {date}", "Su cita del {date}"),
        body: Wording::new(
            "{practice}: appointment for {first_name} on {date} at {time}, {site}. {link}",
            "{practice}: cita para {first_name} el {date} a las {time}, {site}. {link}",
        ),
        active: true,
    }
}

pub fn patient(n: u128, given: &str) -> Patient {
    let point = |system, value: &str| ContactPoint {
        system,
        usage: TelecomUse::Mobile,
        value: value.into(),
        may_text: true,
    };
    Patient {
        id: PatientId(Uuid::from_u128(n)),
        mrn: HumanNumber::Provisional("4C21".into()),
        family_name: "Delgado".into(),
        given_name: given.into(),
        middle_name: None,
        suffix: None,
        preferred_name: None,
        previous_names: Vec::new(),
        payer_name: None,
        birth_on: "1984-03-09".parse().unwrap(),
        multiple_birth: false,
        sex: Sex::Female,
        gender_identity: None,
        pronouns: None,
        identifiers: Vec::new(),
        telecoms: vec![
            point(TelecomSystem::Phone, "414 555 0134"),
            point(TelecomSystem::Email, "elena@example.org"),
        ],
        addresses: Vec::new(),
        no_fixed_address: false,
        language: "en".into(),
        interpreter_needed: false,
        race_codes: Vec::new(),
        ethnicity_code: None,
        marital_status: None,
        deceased_on: None,
        identity: IdentityStatus::StaffVerified,
        preferred_channel: None,
        registered_at: now(),
    }
}

impl Stand {
    /// Elena is booked; her reminder was due an hour ago.
    pub async fn new(channel: Channel) -> Stand {
        let admin = std::env::var("TEST_DATABASE_URL").expect(
            "TEST_DATABASE_URL must name a Postgres as superuser; `.make/postgres.sh start` makes one",
        );
        let name = format!("notices_{}", Uuid::from_bytes(OsRandomness.bytes_16()).simple());
        let url = format!("{}/{name}", admin.rsplit_once('/').unwrap().0);
        let mut connection = sqlx::PgConnection::connect(&admin).await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
            .execute(&mut connection)
            .await
            .unwrap();
        db::migrate(&url).await.unwrap();
        db::migrate_jobs(&url).await.unwrap();
        db::ensure_login(&url, "notifier", "").await.unwrap();
        let url = url.replacen("postgres://postgres@", "postgres://notifier@", 1);
        let folder = std::env::temp_dir().join(&name);
        std::fs::create_dir_all(folder.join("site")).unwrap();
        std::fs::write(folder.join("site/build.json"), "{}").unwrap();
        let stand = Stand {
            db: Db::connect(&url, 6).await.unwrap(),
            smtp: Smtp::start().await,
            now: DateTime::from_timestamp(now().timestamp(), 0).unwrap(),
            url,
            admin,
            name,
            folder,
        };
        stand.settle_in(channel).await;
        stand
    }

    async fn settle_in(&self, channel: Channel) {
        self.db.create_practice(PRACTICE, "Lakeside").await.unwrap();
        let billing = BillingEntityId(Uuid::from_u128(1));
        let mut rule = rule(channel);
        if channel == Channel::Email {
            // Tests run at any time of day.
            (rule.from_minute, rule.until_minute) = (0, 1440);
        }
        let mut clock = clock_of(SITE, "America/Chicago", self.now).unwrap();
        if channel.rings() {
            // The same, where telephones sleep: the site lies where it is noon.
            let noon = 12 * 3600 - i32::try_from(self.now.timestamp().rem_euclid(86_400)).unwrap();
            (clock.offset_seconds, clock.changes) = (noon, Vec::new());
        }
        self.give(vec![
            Command::RecordPractice(Practice {
                id: PRACTICE,
                name: "Lakeside".into(),
                demo: false,
            }),
            Command::RecordBillingEntity(BillingEntity {
                id: billing,
                legal_name: "Lakeside".into(),
                tin: "000000000".into(),
                npi: "1467560003".into(),
                taxonomy_code: "261QP2300X".into(),
                pay_to_address: None,
            }),
            Command::RecordSite(Site {
                id: SITE,
                billing_entity_id: billing,
                name: "Harbor Point".into(),
                time_zone: "America/Chicago".into(),
                address: "88 Pier Road".into(),
                place_of_service: "11".into(),
            }),
            Command::SetSiteClock(clock),
            Command::RecordPractitioner(Practitioner {
                id: DOCTOR,
                family_name: "Okafor".into(),
                given_name: "Samuel".into(),
                credentials: None,
                npi: None,
                taxonomy_code: None,
                site_ids: vec![SITE],
                active: true,
            }),
            Command::DefineVisitType(visit()),
            Command::SetNoticeRule(rule),
        ])
        .await;
        self.book(0x310, patient(0x10, "Elena"), self.now + Duration::hours(47))
            .await;
    }

    /// Registers someone and books them, five days ago.
    pub async fn book(&self, n: u128, patient: Patient, start_at: DateTime<Utc>) {
        let book = BookAppointment {
            appointment_id: AppointmentId(Uuid::from_u128(n)),
            patient_id: patient.id,
            visit_type_id: VISIT,
            place: place(start_at),
            scenario: Scenario::Insurance,
            reason: Some("Chemotherapy".into()),
            referral: None,
            overbook_reason: Some("a test at any hour".into()),
            hold_minutes: None,
            series_id: None,
        };
        let register = RegisterPatient {
            patient,
            site_id: None,
        };
        self.give(vec![
            Command::RegisterPatient(register),
            Command::BookAppointment(book),
        ])
        .await;
    }

    pub async fn move_to(&self, n: u128, patient: u128, from_at: DateTime<Utc>, start_at: DateTime<Utc>) {
        self.give(vec![Command::MoveAppointment(MoveAppointment {
            appointment_id: AppointmentId(Uuid::from_u128(n)),
            patient_id: PatientId(Uuid::from_u128(patient)),
            visit_type_id: VISIT,
            from_at,
            place: place(start_at),
            overbook_reason: Some("a test at any hour".into()),
        })])
        .await;
    }

    /// Gives commands that must be taken, as of five days ago.
    pub async fn give(&self, commands: Vec<Command>) {
        let at = self.now - Duration::days(5);
        let commands = commands
            .into_iter()
            .map(|command| ServiceCommand::new(new_id(at), command, at))
            .collect();
        let outcome = self
            .db
            .commit_as_service(PRACTICE, commands, "test")
            .await
            .unwrap();
        for receipt in outcome.results {
            assert_eq!(receipt.refusal, None);
        }
    }

    /// A server of its own, with connections of its own, as set up by `change`.
    pub async fn server_with(&self, change: impl FnOnce(&mut NoticeConfig)) -> Arc<Notices> {
        let mut config = NoticeConfig {
            public_url: Some("https://visits.example".into()),
            smtp_url: Some(format!("smtp://{}", self.smtp.address).parse().unwrap()),
            mail_from: Some("Lakeside <visits@lakeside.example>".into()),
            ..NoticeConfig::default()
        };
        change(&mut config);
        let db = Db::connect(&self.url, 4).await.unwrap();
        Notices::new(db, &config, String::new()).unwrap()
    }

    pub async fn server(&self) -> Arc<Notices> {
        self.server_with(|_| {}).await
    }

    /// The whole server, for its routes.
    pub async fn http(&self, notices: NoticeConfig) -> (axum::Router, Arc<State>) {
        let config = Config {
            bind: "127.0.0.1:0".parse().unwrap(),
            data: Some(self.folder.clone()),
            site: self.folder.join("site"),
            database_url: None,
            database_admin_url: None,
            master_key: None,
            proxy: Vec::new(),
            notices,
        };
        let state = State::new(&config, self.db.clone(), false).unwrap();
        let router = crate::http::router(state.clone(), &config).unwrap();
        (router, state)
    }

    pub async fn notices(&self) -> Vec<Notice> {
        let rows = self.db.all_rows(PRACTICE, Entity::Notice).await.unwrap();
        let notice = |row| match row {
            Row::Notice(notice) => Some(notice),
            _ => None,
        };
        rows.into_iter().filter_map(notice).collect()
    }

    /// The one notice there is.
    pub async fn notice(&self) -> Notice {
        let all = self.notices().await;
        assert_eq!(all.len(), 1);
        all.into_iter().next().unwrap()
    }

    pub async fn appointment(&self, n: u128) -> Appointment {
        match self
            .db
            .row(PRACTICE, Entity::Appointment, Uuid::from_u128(n))
            .await
            .unwrap()
        {
            Some(Row::Appointment(appointment)) => appointment,
            _ => panic!("no such appointment"),
        }
    }

    /// What one server does in one minute, without its queue.
    pub async fn minute(&self, server: &Notices, now: DateTime<Utc>) {
        server.plan(PRACTICE, now).await.unwrap();
        server.sweep(PRACTICE, now).await.unwrap();
        for message in self.db.due_messages(PRACTICE, now).await.unwrap() {
            server.send(PRACTICE, message, now).await.unwrap();
        }
    }

    pub async fn end(self) {
        self.db.close().await;
        let mut connection = sqlx::PgConnection::connect(&self.admin).await.unwrap();
        let drop = format!("drop database {} with (force)", self.name);
        sqlx::query(sqlx::AssertSqlSafe(drop))
            .execute(&mut connection)
            .await
            .unwrap();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

pub fn place(start_at: DateTime<Utc>) -> Place {
    Place {
        site_id: SITE,
        practitioner_ids: vec![DOCTOR],
        resource_ids: Vec::new(),
        start_at,
        minutes: 30,
        mode: Mode::InPerson,
    }
}

pub fn visit() -> VisitType {
    VisitType {
        id: VISIT,
        name: "Oncology".into(),
        minutes: 30,
        grid_minutes: 15,
        before_minutes: 0,
        after_minutes: 0,
        capacity: 4,
        resource_kinds: Vec::new(),
        for_whom: ForWhom::Anyone,
        min_age: None,
        max_age: None,
        referral_needed: false,
        price_amount: None,
        color: ColorToken::Teal,
        online: true,
        lead_minutes: 0,
        horizon_days: 365,
        daily_cap: None,
        instructions: None,
        questionnaire_ids: Vec::new(),
        active: true,
    }
}
