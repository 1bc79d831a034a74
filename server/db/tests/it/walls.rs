//! Between practices, around the runtime login, and around what may only be added to.

use crate::stand::*;
use db::{Db, DbError};
use domain::id::*;
use domain::row::Entity;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row};

/// What the catalogue checks find about a role.
async fn findings(admin: &mut PgConnection, role: &str) -> Vec<String> {
    let text: String = include_str!("../security-checks.sql")
        .lines()
        .filter(|line| !line.starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n")
        .replace(":'schema'", "'app'")
        .replace(":'app_role'", &format!("'{role}'"))
        .replace(":'tenant_col'", "'practice_id'");
    let mut found = Vec::new();
    let mut checks = 0;
    for check in text.split(';').map(str::trim).filter(|check| !check.is_empty()) {
        checks += 1;
        for row in admin.fetch_all(AssertSqlSafe(check.to_owned())).await.unwrap() {
            found.push(row.get::<String, _>(0));
        }
    }
    assert!(checks >= 9, "only {checks} checks were read");
    found
}

#[tokio::test]
async fn the_catalogue_shows_no_hole() {
    let stand = Stand::new().await;
    assert_eq!(
        findings(&mut stand.superuser().await, "app_rw").await,
        Vec::<String>::new()
    );
    stand.end().await;
}

#[tokio::test]
async fn the_catalogue_checks_find_every_kind_of_hole() {
    let stand = Stand::new().await;
    let mut admin = stand.superuser().await;
    admin
        .execute(
            "CREATE TABLE app.bad (id uuid PRIMARY KEY, mrn text UNIQUE, practice_id uuid, a uuid REFERENCES app.bad);
             CREATE TABLE app.owned (practice_id uuid); ALTER TABLE app.owned OWNER TO app_rw;
             GRANT TRUNCATE ON app.bad TO app_rw;
             CREATE VIEW app.leak AS SELECT * FROM app.patient;
             CREATE FUNCTION app.door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'select 1';
             GRANT UPDATE (detail) ON app.audit_event TO app_rw;",
        )
        .await
        .unwrap();
    let mut found = findings(&mut admin, "app_rw").await;
    // The role with too much power is the one for backups, which may read everything.
    found.extend(findings(&mut admin, "app_backup").await);
    for check in [
        "SEC-11", "SEC-12a", "SEC-12b", "SEC-12c", "SEC-13a", "SEC-13b", "SEC-14a", "SEC-14b", "SEC-40",
    ] {
        assert!(
            found.iter().any(|finding| finding == check),
            "{check} found nothing: {found:?}"
        );
    }
    stand.end().await;
}

#[tokio::test]
async fn migrations_run_twice_and_at_once() {
    let (url, name) = Stand::bare().await;
    // Roles first, as a restore does it.
    db::ensure_roles(&url).await.unwrap();
    let together = futures::future::join_all((0..4).map(|_| db::migrate(&url))).await;
    assert!(together.iter().all(|outcome| outcome.is_ok()), "{together:?}");
    db::migrate(&url).await.unwrap();
    let mut admin = PgConnection::connect(&superuser_url()).await.unwrap();
    admin
        .execute(AssertSqlSafe(format!("DROP DATABASE {name}")))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_newer_schema_a_bare_database_and_a_superuser_are_refused() {
    let stand = Stand::new().await;
    assert!(matches!(
        Db::connect(&stand.admin_url, 1).await,
        Err(DbError::UnsafeLogin(_))
    ));
    stand
        .superuser()
        .await
        .execute("UPDATE directory.schema_info SET min_server = 99")
        .await
        .unwrap();
    let refused = Db::connect(&stand.url, 1).await.err().unwrap();
    assert_eq!(
        refused,
        DbError::TooOld {
            needs: 99,
            has: db::SERVER_LEVEL
        }
    );
    assert_eq!(db::migrate(&stand.admin_url).await, Err(refused));
    let (bare, name) = Stand::bare().await;
    assert_eq!(
        Db::connect(&runtime_url(&bare), 1).await.err().unwrap(),
        DbError::NotMigrated
    );
    let mut admin = PgConnection::connect(&superuser_url()).await.unwrap();
    admin
        .execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)")))
        .await
        .unwrap();
    stand.end().await;
}

#[tokio::test]
async fn two_practices_never_see_each_other_on_one_connection() {
    let stand = Stand::new().await;
    let other = PracticeId(id(2));
    stand.db.create_practice(other, "Elsewhere").await.unwrap();
    let mut pen = desk(1);
    stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(10))])
        .await
        .unwrap();

    // One connection for everyone: nothing may stay on it from the one before.
    let narrow = Db::connect(&stand.url, 1).await.unwrap();
    assert_eq!(
        narrow.all_rows(practice(), Entity::Patient).await.unwrap().len(),
        1
    );
    assert_eq!(narrow.all_rows(other, Entity::Patient).await.unwrap().len(), 0);
    let mut tx = narrow.in_practice(other).await.unwrap();
    for (table, sql) in [
        ("patient", "SELECT count(*) FROM app.patient"),
        ("change", "SELECT count(*) FROM app.change"),
        ("receipt", "SELECT count(*) FROM app.receipt"),
    ] {
        let seen: i64 = sqlx::query_scalar(sql).fetch_one(tx.connection()).await.unwrap();
        assert_eq!(seen, 0, "{table}");
    }
    let foreign = sqlx::query(
        "INSERT INTO app.change (practice_id, rev, ord, entity, entity_id, body, command_id)
         VALUES ($1, 99, 0, 'patient', gen_random_uuid(), '{}', gen_random_uuid())",
    )
    .bind(practice().0)
    .execute(tx.connection())
    .await;
    assert!(foreign.unwrap_err().to_string().contains("row-level security"));
    tx.rollback().await.unwrap();
    narrow.close().await;

    // And nobody's connection sees nothing.
    let mut nobody = PgConnection::connect(&stand.url).await.unwrap();
    let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM app.patient")
        .fetch_one(&mut nobody)
        .await
        .unwrap();
    assert_eq!(seen, 0);
    nobody
        .execute("BEGIN; SELECT set_config('app.practice', gen_random_uuid()::text, true); COMMIT")
        .await
        .unwrap();
    let seen: i64 = sqlx::query_scalar("SELECT count(*) FROM app.patient")
        .fetch_one(&mut nobody)
        .await
        .unwrap();
    assert_eq!(seen, 0);
    nobody.close().await.unwrap();

    // The same ids in two practices are two rows.
    let mut there = desk(1);
    let outcome = stand
        .db
        .accept_batch(other, there.device, vec![there.write(register(10))])
        .await
        .unwrap();
    assert!(outcome.results[0].refusal.is_none());
    assert_eq!(stand.count("SELECT count(*) FROM app.patient").await, 2);
    stand.end().await;
}

#[tokio::test]
async fn what_happened_can_only_be_added_to() {
    let stand = Stand::new().await;
    let mut pen = desk(1);
    stand
        .db
        .accept_batch(practice(), pen.device, vec![pen.write(register(10))])
        .await
        .unwrap();
    for sql in [
        "UPDATE app.receipt SET rev = 0",
        "DELETE FROM app.receipt",
        "TRUNCATE app.receipt",
        "UPDATE app.disputed_command SET seq = 0",
        "DELETE FROM app.disputed_command",
        "TRUNCATE app.disputed_command",
        "UPDATE app.change SET rev = 0",
        "DELETE FROM app.change",
        "TRUNCATE app.change",
        "UPDATE app.audit_event SET actor_name = 'nobody'",
        "DELETE FROM app.audit_event",
        "TRUNCATE app.audit_event",
        "UPDATE app.attachment SET size = 0",
        "DELETE FROM app.attachment",
        "TRUNCATE app.attachment",
        "DELETE FROM app.patient",
        "TRUNCATE app.patient CASCADE",
        "ALTER TABLE app.patient DISABLE ROW LEVEL SECURITY",
        "SET ROLE anteroom_owner",
        "DELETE FROM directory.practice",
    ] {
        let mut tx = stand.db.in_practice(practice()).await.unwrap();
        let error = sqlx::query(sql)
            .execute(tx.connection())
            .await
            .expect_err(sql)
            .to_string();
        assert!(
            error.contains("permission denied") || error.contains("must be owner"),
            "{sql}: {error}"
        );
        tx.rollback().await.unwrap();
    }
    stand.end().await;
}

#[tokio::test]
async fn an_undone_transaction_leaves_no_line_in_the_audit() {
    let stand = Stand::new().await;
    let before = stand.count("SELECT count(*) FROM app.audit_event").await;
    let mut tx = stand.db.in_practice(practice()).await.unwrap();
    tx.audit(&[db::AuditEvent::new(&db::Actor::system(), "read")])
        .await
        .unwrap();
    drop(tx);
    let mut tx = stand.db.in_practice(practice()).await.unwrap();
    tx.audit(&[db::AuditEvent::new(&db::Actor::system(), "read")])
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(stand.count("SELECT count(*) FROM app.audit_event").await, before);
    stand.end().await;
}

#[tokio::test]
async fn an_error_never_says_what_a_row_says() {
    let stand = Stand::new().await;
    let mut tx = stand.db.in_practice(practice()).await.unwrap();
    for sql in [
        "SELECT 'Delgado'::date",
        "SELECT 'Delgado'::uuid",
        "SELECT 'Delgado'::int",
    ] {
        let error = DbError::from(sqlx::query(sql).execute(tx.connection()).await.unwrap_err());
        assert!(!format!("{error} {error:?}").contains("Delgado"), "{error:?}");
        tx.rollback().await.unwrap();
        tx = stand.db.in_practice(practice()).await.unwrap();
    }
    tx.rollback().await.unwrap();
    stand.end().await;
}
