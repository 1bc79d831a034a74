//! Every server function × everyone who may ask: what has no row in the permission table is refused, and a new
//! function without a line here fails.

use super::*;
use crate::access::cookies;
use crate::services::push::now;
use axum::http::Method;
use db::{NewSession, ServiceCommand};
use domain::access::{Query, Role, may_query};
use domain::command::Command;
use domain::id::{CommandId, DeviceId, WorkforceMemberId};
use domain::practice::{Device, DeviceKind, Practice, WorkforceMember};
use serde_json::{Value, json};
use sqlx::Connection;
use tower::ServiceExt;
use uuid::Uuid;

/// Who may call a function.
enum Open {
    /// Anyone: it checks what it is given.
    ToAll,
    /// By the permission table.
    To(Query),
}

/// Every function, with a body that it can read.
fn functions(practice: PracticeId, device: DeviceId) -> Vec<(&'static str, Open, Value)> {
    let push = json!({"request": {"proto": 1, "schema": 1, "practice": practice, "device": device, "epoch": null, "commands": []}});
    let pull = json!({"request": {"proto": 1, "schema": 1, "practice": practice, "device": device, "cursor": null, "max_changes": 10}});
    vec![
        ("/api/push", Open::To(Query::Push), push),
        ("/api/pull", Open::To(Query::Pull), pull),
        (
            "/api/push_reads",
            Open::To(Query::PushReads),
            json!({"reads": []}),
        ),
        (
            "/api/put_attachment",
            Open::To(Query::PutAttachment),
            json!({"photo": {"hash": "00", "sealed": ""}}),
        ),
        (
            "/api/get_attachment",
            Open::To(Query::GetAttachment),
            json!({"hash": "00"}),
        ),
        (
            "/api/create_enrolment_code",
            Open::To(Query::CreateEnrolmentCode),
            json!({"wanted": {"label": "Kiosk 9", "site": null}}),
        ),
        ("/api/kiosk_settings", Open::To(Query::KioskSettings), json!({})),
        (
            "/api/sign_in",
            Open::ToAll,
            json!({"who": {"login": "x", "passphrase": "y", "device": null, "device_label": ""}}),
        ),
        (
            "/api/change_passphrase",
            Open::To(Query::ChangePassphrase),
            json!({"wanted": {"old": "x", "new": "y"}}),
        ),
        (
            "/api/create_calendar_feed",
            Open::To(Query::CreateCalendarFeed),
            json!({"practitioner": Uuid::from_u128(5)}),
        ),
        ("/api/sign_out", Open::ToAll, json!({})),
        ("/api/enrol_kiosk", Open::ToAll, json!({"code": "WRONG"})),
        ("/api/renew_device", Open::ToAll, json!({"renewal": "nothing"})),
    ]
}

struct World {
    app: Router,
    practice: PracticeId,
    device: DeviceId,
    cookies: Vec<(Role, String)>,
    admin: String,
    name: String,
    folder: std::path::PathBuf,
}

async fn world() -> World {
    let admin = std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL must name a Postgres as superuser; `.make/postgres.sh start` makes one");
    let name = format!(
        "walk_{}",
        Uuid::from_bytes(crate::keys::OsRandomness.bytes_16()).simple()
    );
    let url = format!("{}/{name}", admin.rsplit_once('/').unwrap().0);
    let mut connection = sqlx::PgConnection::connect(&admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    db::migrate(&url).await.unwrap();
    db::ensure_login(&url, "walker", "").await.unwrap();
    let served = url.replacen("postgres://postgres@", "postgres://walker@", 1);
    let folder = std::env::temp_dir().join(&name);
    std::fs::create_dir_all(folder.join("site")).unwrap();
    std::fs::write(folder.join("site/build.json"), "{}").unwrap();
    let config = Config {
        bind: "127.0.0.1:0".parse().unwrap(),
        data: Some(folder.clone()),
        site: folder.join("site"),
        database_url: None,
        database_admin_url: None,
        master_key: None,
        proxy: Vec::new(),
        notices: crate::config::NoticeConfig::default(),
    };
    let state = State::new(&config, db::Db::connect(&served, 4).await.unwrap(), false).unwrap();
    let practice = PracticeId(Uuid::from_u128(77));
    let device = DeviceId(Uuid::from_u128(78));
    state.db.create_practice(practice, "Walk").await.unwrap();
    state.keys.make_intake(practice).unwrap();
    let kiosk = DeviceId(Uuid::from_u128(79));
    let row = |id, kind| Device {
        id,
        kind,
        label: "d".into(),
        site_id: None,
        enrolled_at: now(),
        revoked_at: None,
    };
    let mut commands = vec![
        Command::RecordPractice(Practice {
            id: practice,
            name: "Walk".into(),
            demo: false,
        }),
        Command::EnrolDevice(row(device, DeviceKind::Staff)),
        Command::EnrolDevice(row(kiosk, DeviceKind::Kiosk)),
    ];
    let staff: Vec<Role> = Role::ALL
        .into_iter()
        .filter(|r| !matches!(r, Role::Kiosk | Role::Service | Role::Patient))
        .collect();
    let member = |role: Role| WorkforceMemberId(Uuid::new_v5(&practice.0, role.name().as_bytes()));
    for role in &staff {
        commands.push(Command::RecordWorkforceMember(WorkforceMember {
            id: member(*role),
            login: role.name().into(),
            display_name: role.name().into(),
            role: *role,
            site_ids: vec![],
            practitioner_id: None,
            active: true,
        }));
    }
    let commands = (0u128..)
        .zip(commands)
        .map(|(n, command)| ServiceCommand::new(CommandId(Uuid::from_u128(1000 + n)), command, now()))
        .collect();
    state
        .db
        .commit_as_service(practice, commands, "test")
        .await
        .unwrap();
    let mut cookies_of = Vec::new();
    for role in staff {
        let token = cookies::new_token();
        let session = NewSession {
            token_hash: cookies::token_hash(&token),
            practice,
            member: Some(member(role)),
            device,
            role,
            expires_at: now() + chrono::Duration::hours(1),
        };
        state.db.create_session(&session).await.unwrap();
        cookies_of.push((role, format!("{}={token}", cookies::SESSION)));
    }
    let token = cookies::new_token();
    state
        .db
        .create_device_credential(&cookies::token_hash(&token), practice, kiosk)
        .await
        .unwrap();
    cookies_of.push((Role::Kiosk, format!("{}={token}", cookies::DEVICE)));
    let app = router(state, &config).unwrap();
    World {
        app,
        practice,
        device,
        cookies: cookies_of,
        admin,
        name,
        folder,
    }
}

impl World {
    async fn ask(&self, path: &str, body: &Value, cookie: Option<&str>, origin: Option<&str>) -> StatusCode {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "clinic.test")
            .header("content-type", "application/json")
            .header("accept", "application/json");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        self.app.clone().oneshot(request).await.unwrap().status()
    }

    async fn end(self) {
        drop(self.app);
        let _ = std::fs::remove_dir_all(&self.folder);
        let mut connection = sqlx::PgConnection::connect(&self.admin).await.unwrap();
        let drop = format!("drop database if exists {} with (force)", self.name);
        sqlx::query(sqlx::AssertSqlSafe(drop))
            .execute(&mut connection)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_function_answers_whom_the_table_lets_in_and_nobody_else() {
    let world = world().await;
    let functions = functions(world.practice, world.device);
    let mut registered: Vec<&str> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path)
        .collect();
    let mut listed: Vec<&str> = functions.iter().map(|(path, ..)| *path).collect();
    registered.sort_unstable();
    listed.sort_unstable();
    assert_eq!(
        registered, listed,
        "every server function needs a line in this test, and a row in the table"
    );

    let shut = |status: StatusCode| matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
    for (path, open, body) in &functions {
        let Open::To(query) = open else { continue };
        assert_eq!(
            world.ask(path, body, None, None).await,
            StatusCode::UNAUTHORIZED,
            "nobody at {path}"
        );
        for (role, cookie) in &world.cookies {
            // A kiosk pushes as its own device, so the body of a staff device is refused even where it may push.
            let other_device = *role == Role::Kiosk && *query == Query::Push;
            let status = world.ask(path, body, Some(cookie), None).await;
            let expected = may_query(*role, *query) && !other_device;
            assert_eq!(!shut(status), expected, "{role:?} at {path} got {status}");
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_snapshot_are_given_to_those_who_may_pull_and_to_nobody_else() {
    let world = world().await;
    let path = format!("/api/snapshot/{}/0", Uuid::nil());
    let ask = |cookie: Option<String>| {
        let mut request = Request::builder()
            .uri(path.as_str())
            .header("host", "clinic.test");
        if let Some(cookie) = cookie {
            request = request.header("cookie", cookie);
        }
        let app = world.app.clone();
        async move {
            app.oneshot(request.body(Body::empty()).unwrap())
                .await
                .unwrap()
                .status()
        }
    };
    assert_eq!(ask(None).await, StatusCode::UNAUTHORIZED);
    for (role, cookie) in &world.cookies {
        let expected = match role {
            Role::Kiosk => StatusCode::UNAUTHORIZED,
            role if may_query(*role, Query::Pull) => StatusCode::NOT_FOUND,
            _ => StatusCode::FORBIDDEN,
        };
        assert_eq!(ask(Some(cookie.clone())).await, expected, "{role:?}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_hangs_up_half_way_leaves_no_transaction_open_for_the_next() {
    let world = world().await;
    let functions = functions(world.practice, world.device);
    let (path, _, body) = functions.iter().find(|(path, ..)| *path == "/api/pull").unwrap();
    let (_, cookie) = world
        .cookies
        .iter()
        .find(|(role, _)| *role == Role::FrontDesk)
        .unwrap();
    for n in 0..300 {
        let patience = Duration::from_micros(40 * n);
        let _hung_up = tokio::time::timeout(patience, world.ask(path, body, Some(cookie), None)).await;
    }
    for _ in 0..8 {
        assert_eq!(world.ask(path, body, Some(cookie), None).await, StatusCode::OK);
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_is_refused_everywhere() {
    let world = world().await;
    for (path, _, body) in functions(world.practice, world.device) {
        for (_, cookie) in &world.cookies {
            let status = world
                .ask(path, &body, Some(cookie), Some("https://evil.test"))
                .await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_step_back_to_an_older_build_reaches_devices_that_have_a_newer_one() {
    let world = world().await;
    let request = Request::builder()
        .uri("/build.json")
        .header("host", "clinic.test")
        .header("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT");
    let answer = world
        .app
        .clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(!answer.headers().contains_key("last-modified"));
    world.end().await;
}

/// What the page reads is written by hand, what the server writes is derived: they have to say the same.
#[test]
fn every_error_arrives_as_it_was_sent() {
    use app::error::AppError;
    let all = [
        AppError::Unreachable,
        AppError::SignedOut,
        AppError::WrongPassphrase,
        AppError::TooMany(7),
        AppError::NotAllowed,
        AppError::WrongCode,
        AppError::Revoked,
        AppError::Version,
        AppError::BadRequest("no".to_owned()),
        AppError::NotFound,
        AppError::Internal("4711".to_owned()),
    ];
    for error in all {
        let bytes = serde_json::to_vec(&error).unwrap_or_default();
        assert_eq!(domain::json::read::<AppError>(&bytes).ok(), Some(error));
    }
    assert!(domain::json::read::<AppError>(br#"{"error":"too_many"}"#).is_err());
}
