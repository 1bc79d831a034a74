//! Backup and restore, by Postgres' own tools. A restore begins a new epoch, so that devices notice and send again
//! what the backup did not have.

use crate::cli::Restore;
use crate::config::Config;
use crate::error::{Result, ServerError};
use crate::postgres::{self, Database};
use crate::terminal::say;
use db::Actor;
use sqlx::Connection;
use std::path::Path;
use tokio::process::Command;

/// Writes the whole database to a file, checks that it can be read, and notes how far it reaches.
pub async fn backup(config: &Config, file: &Path) -> Result<()> {
    let database = postgres::ready(config).await?;
    database.migrate().await?;
    let db = database.connect().await?;
    let heads = db.heads().await?;
    let partial = file.with_extension("partial");
    let target = partial.display().to_string();
    run(
        &database,
        "pg_dump",
        &["--format=custom", "--file", &target, &database.admin_url],
    )
    .await?;
    run(&database, "pg_restore", &["--list", &target]).await?;
    std::fs::rename(&partial, file).map_err(ServerError::file(file))?;
    say(&format!(
        "Wrote {}. Keep it off this machine, and the keys folder with it.",
        file.display()
    ));
    verify(&database, file).await?;
    // Only what was seen to restore counts as safe: devices may now forget it.
    for (practice, _, rev) in heads {
        db.set_durable_rev(practice, rev).await?;
    }
    Ok(())
}

/// Restores a file into the database, which must be empty; or only checks that it restores.
pub async fn restore(config: &Config, args: &Restore) -> Result<()> {
    let database = postgres::ready(config).await?;
    if args.verify {
        return verify(&database, &args.file).await;
    }
    let mut connection = sqlx::PgConnection::connect(&database.admin_url).await?;
    let taken: bool = sqlx::query_scalar("select to_regnamespace('app') is not null")
        .fetch_one(&mut connection)
        .await?;
    connection.close().await?;
    if taken {
        return Err(ServerError::Refused(
            "the database is not empty. Restore into a fresh one: set ANTEROOM_DATA or DATABASE_URL to a new place."
                .to_owned(),
        ));
    }
    // Roles belong to the cluster and are not in the file: an empty migration makes them.
    db::ensure_roles(&database.admin_url).await?;
    let file = args.file.display().to_string();
    run(
        &database,
        "pg_restore",
        &[
            "--exit-on-error",
            "--single-transaction",
            "--dbname",
            &database.admin_url,
            &file,
        ],
    )
    .await?;
    database.migrate().await?;
    let db = database.connect().await?;
    for (practice, name) in db.practices().await? {
        db.new_epoch(practice, &Actor::system(), "restored from a backup")
            .await?;
        say(&format!(
            "{name}: restored. Devices will send again what the backup did not have."
        ));
    }
    Ok(())
}

/// Restores into a scratch database, counts, and drops it.
async fn verify(database: &Database, file: &Path) -> Result<()> {
    // Roles belong to the cluster and are not in the file.
    db::ensure_roles(&database.admin_url).await?;
    let name = format!("anteroom_verify_{}", std::process::id());
    let admin = with_database(&database.admin_url, "postgres")?;
    let scratch = with_database(&database.admin_url, &name)?;
    let mut connection = sqlx::PgConnection::connect(&admin).await?;
    sqlx::query(sqlx::AssertSqlSafe(format!("create database {name}")))
        .execute(&mut connection)
        .await?;
    let path = file.display().to_string();
    let restored = run(
        database,
        "pg_restore",
        &["--exit-on-error", "--dbname", &scratch, &path],
    )
    .await;
    let counted: Result<i64> = match &restored {
        Ok(_) => {
            let mut scratch = sqlx::PgConnection::connect(&scratch).await?;
            let count = sqlx::query_scalar("select count(*) from app.receipt")
                .fetch_one(&mut scratch)
                .await?;
            scratch.close().await?;
            Ok(count)
        }
        Err(_) => Ok(0),
    };
    sqlx::query(sqlx::AssertSqlSafe(format!("drop database if exists {name}")))
        .execute(&mut connection)
        .await?;
    restored?;
    say(&format!(
        "Verified: {} restores, with {} entries.",
        file.display(),
        counted?
    ));
    Ok(())
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> Result<String> {
    let (head, query) = url
        .split_once('?')
        .map_or((url, None), |(head, query)| (head, Some(query)));
    let (server, _) = head
        .rsplit_once('/')
        .ok_or_else(|| ServerError::Setting("DATABASE_ADMIN_URL must name a database".to_owned()))?;
    Ok(match query {
        Some(query) => format!("{server}/{name}?{query}"),
        None => format!("{server}/{name}"),
    })
}

async fn run(database: &Database, program: &str, args: &[&str]) -> Result<()> {
    let path = database.binaries()?.join(program);
    let output = Command::new(&path)
        .args(args)
        .output()
        .await
        .map_err(ServerError::file(&path))?;
    if output.status.success() {
        return Ok(());
    }
    Err(ServerError::Program {
        program: program.to_owned(),
        output: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
    })
}
