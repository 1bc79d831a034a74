//! A database of its own for each test, entered as the runtime login; and people who give commands.

#[path = "../../../../app/domain/tests/common/people.rs"]
#[allow(dead_code)]
pub mod people;

use chrono::{DateTime, NaiveDate, Utc};
use db::{Actor, Db, Puller};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, Numbers};
use domain::id::*;
use domain::patients::*;
use domain::row::{Entity, Rows};
use domain::scope::Scope;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::time::{SystemTime, UNIX_EPOCH};
use sync::b64::Bytes;
use sync::hub::Opened;
use sync::wire::{Cursor, PROTO, PullRequest, PullResponse, SCHEMA, SealedCommand};
use uuid::Uuid;

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x0195_6f3a_0000_7000_8000_0000_0000_0000 + n)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The practice of the domain's golden files.
pub fn practice() -> PracticeId {
    "01956f3a-30ad-760e-8ecc-5d15bd21b7ad".parse().unwrap()
}

pub fn superuser_url() -> String {
    std::env::var("TEST_DATABASE_URL").expect(
        "TEST_DATABASE_URL is not set: these tests need a Postgres that they may fill; \
         run `eval \"$(.make/postgres.sh start)\"` first, or `make test`",
    )
}

fn with_database(url: &str, name: &str) -> String {
    format!(
        "{}/{name}",
        url.rsplit_once('/')
            .expect("TEST_DATABASE_URL ends in a database's name")
            .0
    )
}

/// The same database, entered as the server enters it.
pub fn runtime_url(admin_url: &str) -> String {
    let place = admin_url
        .rsplit_once('@')
        .expect("TEST_DATABASE_URL names a user")
        .1;
    format!("postgres://anteroom_test:made-up@{place}")
}

/// A question for what changed.
pub fn ask(cursor: Option<Cursor>, max_changes: u32, snapshots: bool) -> PullRequest {
    PullRequest {
        member: None,
        proto: PROTO,
        schema: SCHEMA,
        practice: practice(),
        device: DeviceId(id(900)),
        cursor,
        max_changes,
        snapshots,
        unsent: None,
        edition: domain::row::EDITION,
    }
}

/// A database, and the server's own view of it.
pub struct Stand {
    pub db: Db,
    pub name: String,
    pub admin_url: String,
    pub url: String,
}

impl Stand {
    /// An empty database.
    pub async fn bare() -> (String, String) {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
        let name = format!("anteroom_{}_{nanos}", std::process::id());
        let mut admin = PgConnection::connect(&superuser_url())
            .await
            .expect("TEST_DATABASE_URL answers");
        admin
            .execute(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await
            .unwrap();
        (with_database(&superuser_url(), &name), name)
    }

    /// A database that is set up, with a practice in it.
    pub async fn new() -> Stand {
        let (admin_url, name) = Stand::bare().await;
        db::migrate(&admin_url).await.unwrap();
        // Logins belong to the cluster: the tests that run beside this one make the same.
        let mut admin = PgConnection::connect(&superuser_url()).await.unwrap();
        admin.execute("SELECT pg_advisory_lock(7)").await.unwrap();
        db::ensure_login(&admin_url, "anteroom_test", "made-up")
            .await
            .unwrap();
        admin.close().await.unwrap();
        let url = runtime_url(&admin_url);
        let db = Db::connect(&url, 12).await.unwrap();
        assert!(db.create_practice(practice(), "Harbor Point").await.unwrap());
        Stand {
            db,
            name,
            admin_url,
            url,
        }
    }

    /// As superuser, outside row-level security.
    pub async fn superuser(&self) -> PgConnection {
        PgConnection::connect(&self.admin_url).await.unwrap()
    }

    /// What a reader of a role, who may see the whole practice, is told.
    pub async fn pull(&self, role: Role, cursor: Option<Cursor>, max: u32) -> PullResponse {
        let ask = ask(cursor, max, false);
        self.pull_in(role, &Scope::everything(), &ask).await
    }

    /// The same, for a scope.
    pub async fn pull_in(&self, role: Role, scope: &Scope, request: &PullRequest) -> PullResponse {
        let device = DeviceId(id(900));
        let actor = Actor::in_role(role, None, "Reader", device);
        let who = Puller {
            actor: &actor,
            device,
            scope,
            edition: request.edition,
        };
        self.db
            .pull(practice(), &who, request, at("2026-03-10T15:00:00Z"))
            .await
            .unwrap()
    }

    /// As superuser, one number.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(&mut self.superuser().await)
            .await
            .unwrap()
    }

    /// Every row of the practice.
    pub async fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for entity in Entity::ALL {
            for row in self.db.all_rows(practice(), *entity).await.unwrap() {
                rows.put(row);
            }
        }
        rows
    }

    /// Drops the database. A test that failed leaves it for a look.
    pub async fn end(self) {
        self.db.close().await;
        let mut admin = PgConnection::connect(&superuser_url()).await.unwrap();
        let drop = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        admin.execute(AssertSqlSafe(drop)).await.unwrap();
    }
}

/// Someone at a device, who numbers what they send.
#[derive(Clone)]
pub struct Pen {
    pub device: DeviceId,
    pub role: Role,
    pub name: &'static str,
    pub seq: u64,
    pub now: DateTime<Utc>,
}

impl Pen {
    pub fn new(device: u128, role: Role, name: &'static str) -> Pen {
        Pen {
            device: DeviceId(id(device)),
            role,
            name,
            seq: 0,
            now: at("2026-03-10T15:00:00.123456Z"),
        }
    }

    /// The next command, opened.
    pub fn write(&mut self, command: Command) -> Opened {
        self.seq += 1;
        let own = Uuid::new_v5(&self.device.0, &self.seq.to_be_bytes());
        self.write_as(CommandId(own), self.seq, command)
    }

    pub fn write_as(&self, id: CommandId, seq: u64, command: Command) -> Opened {
        let envelope = Envelope {
            id,
            seq,
            name: command.name().as_str().into(),
            version: command.name().version(),
            args: command.args().unwrap(),
            base_rev: 0,
            actor: Some(WorkforceMemberId(self.device.0)),
            device_time: self.now,
        };
        let sealed = serde_json::to_vec(&envelope).unwrap();
        Opened {
            sealed: SealedCommand {
                id,
                seq,
                args_hash: sync::sha256_hex(&sealed),
                sealed: Bytes(sealed),
            },
            ctx: Ctx {
                command_id: id,
                role: self.role,
                actor_name: self.name.into(),
                device_id: self.device,
                now: self.now,
                device_time: self.now,
                today: day("2026-03-10"),
                numbers: Numbers::Provisional,
                member_id: Some(WorkforceMemberId(self.device.0)),
                site_id: None,
                scope: None,
                device_revoked: false,
                unseen_entries: false,
            },
            content: Ok((envelope, command)),
        }
    }
}

pub fn desk(device: u128) -> Pen {
    Pen::new(device, Role::FrontDesk, "Maria Lindqvist")
}

pub fn service(device: u128) -> Pen {
    Pen::new(device, Role::Service, "Importer")
}

pub fn register(n: u128) -> Command {
    let patient = people::named(n, "Elena", "Delgado", "1984-03-09");
    Command::RegisterPatient(RegisterPatient {
        patient,
        site_id: None,
    })
}

pub fn correct(n: u128, changes: Vec<FieldChange>) -> Command {
    Command::CorrectPatient(CorrectPatient {
        patient_id: PatientId(id(n)),
        changes,
    })
}

/// Assigned record numbers, in order.
pub fn mrns(rows: &Rows) -> Vec<u64> {
    let mut numbers: Vec<u64> = rows
        .all(Entity::Patient)
        .map(|row| match row {
            domain::row::Row::Patient(Patient {
                mrn: HumanNumber::Assigned(number),
                ..
            }) => *number,
            _ => panic!("a record number is not assigned"),
        })
        .collect();
    numbers.sort_unstable();
    numbers
}
