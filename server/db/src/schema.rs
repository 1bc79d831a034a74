//! Setting a database up, and refusing one that does not fit.

use crate::error::{DbError, Result};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use std::str::FromStr;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// What this program is, as `directory.schema_info.min_server` counts.
pub const SERVER_LEVEL: i32 = 1;

/// "anteroom", so that two servers that start at once migrate one after the other.
const MIGRATION_LOCK: i64 = 0x616e_7465_726f_6f6d;

/// Options that hold for every connection.
pub(crate) fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url).map_err(DbError::from)?;
    // Times inside JSON are printed in the session's zone. A slow statement would be logged with its text.
    Ok(options
        .application_name("anteroom")
        .options([("timezone", "UTC")])
        .disable_statement_logging())
}

/// Sets up the database, or brings it up to this version. Needs a login that may make roles, or in whose cluster
/// the roles already are. Runs any number of times, from any number of servers at once.
pub async fn migrate(admin_url: &str) -> Result<()> {
    let mut connection = PgConnection::connect_with(&options(admin_url)?).await?;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut connection)
        .await?;
    let outcome = migrate_locked(&mut connection).await;
    // The lock goes with the session.
    connection.close().await?;
    outcome
}

/// Makes the roles alone, which belong to the cluster and are in no dump: what a restore needs before it begins.
pub async fn ensure_roles(admin_url: &str) -> Result<()> {
    let mut connection = PgConnection::connect_with(&options(admin_url)?).await?;
    sqlx::raw_sql(include_str!("roles.sql"))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

async fn migrate_locked(connection: &mut PgConnection) -> Result<()> {
    refuse_newer(connection).await?;
    sqlx::raw_sql(include_str!("roles.sql"))
        .execute(&mut *connection)
        .await?;
    // Everything belongs to the owner role, whoever is signed in: the next administrator may be someone else.
    sqlx::raw_sql("SET ROLE anteroom_owner")
        .execute(&mut *connection)
        .await?;
    // Where the list of migrations done is kept.
    sqlx::raw_sql("CREATE SCHEMA IF NOT EXISTS directory; SET search_path = directory")
        .execute(&mut *connection)
        .await?;
    MIGRATIONS.run_direct(None, &mut *connection, false).await?;
    Ok(())
}

/// Makes the login that the server runs as, when it is missing: a member of `app_rw` and nothing more. With an empty
/// password, none is set.
pub async fn ensure_login(admin_url: &str, login: &str, password: &str) -> Result<()> {
    let mut connection = PgConnection::connect_with(&options(admin_url)?).await?;
    sqlx::query("SELECT set_config('anteroom.login', $1, false), set_config('anteroom.password', $2, false)")
        .bind(login)
        .bind(password)
        .execute(&mut connection)
        .await?;
    sqlx::raw_sql(include_str!("login.sql"))
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

/// Refuses a schema that asks for a newer program. A database without a schema passes.
async fn refuse_newer(connection: &mut PgConnection) -> Result<()> {
    let there: bool = sqlx::query_scalar("SELECT to_regclass('directory.schema_info') IS NOT NULL")
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        return Ok(());
    }
    let needs: i32 = sqlx::query_scalar("SELECT min_server FROM directory.schema_info")
        .fetch_one(connection)
        .await?;
    if needs > SERVER_LEVEL {
        return Err(DbError::TooOld {
            needs,
            has: SERVER_LEVEL,
        });
    }
    Ok(())
}

/// Refuses a database that this program must not serve: not set up, too new, or entered by the wrong door.
pub(crate) async fn check(connection: &mut PgConnection) -> Result<()> {
    let (login, unsafe_login): (String, bool) = sqlx::query_as(
        "SELECT current_user::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user",
    )
    .fetch_one(&mut *connection)
    .await?;
    if unsafe_login {
        return Err(DbError::UnsafeLogin(login));
    }
    // Asking for a table in a schema that one may not enter is an error, so the schema comes first.
    let there: bool = sqlx::query_scalar(
        "SELECT CASE WHEN has_schema_privilege(to_regnamespace('directory')::oid, 'usage')
            THEN to_regclass('directory.schema_info') IS NOT NULL ELSE false END",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !there {
        return Err(DbError::NotMigrated);
    }
    refuse_newer(connection).await?;
    let done: i64 = sqlx::query_scalar("SELECT count(*) FROM directory._sqlx_migrations WHERE success")
        .fetch_one(connection)
        .await?;
    if done < MIGRATIONS.iter().count() as i64 {
        return Err(DbError::NotMigrated);
    }
    Ok(())
}
