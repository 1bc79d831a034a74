//! The queue of jobs: graphile_worker's tables, in a schema of their own beside `app` and `directory`. What lies in them
//! names a practice and a message by id, and no patient.

use crate::Db;
use crate::error::{DbError, Result};
use crate::schema::options;
use graphile_worker::WorkerUtils;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;

/// Where the tables of jobs are.
pub const JOBS_SCHEMA: &str = "jobs";

/// Sets up the tables of jobs, or brings them up to this version. After [`crate::migrate`], by the same login.
pub async fn migrate_jobs(admin_url: &str) -> Result<()> {
    let pool = PgPoolOptions::new()
        .max_connections(1)
        .after_connect(|connection, _| {
            Box::pin(async move {
                sqlx::raw_sql("SET ROLE anteroom_owner; SELECT pg_advisory_lock(7021801)")
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .connect_with(options(admin_url)?)
        .await?;
    let outcome = prepare(&pool).await;
    // The lock goes with the session.
    pool.close().await;
    outcome
}

async fn prepare(pool: &PgPool) -> Result<()> {
    WorkerUtils::new(pool.clone(), JOBS_SCHEMA.to_owned())
        .migrate()
        .await
        .map_err(|error| DbError::Failed(error.to_string()))?;
    sqlx::raw_sql(include_str!("jobs.sql")).execute(pool).await?;
    Ok(())
}

impl Db {
    /// A few connections for the worker alone, which keeps one open to listen on.
    pub async fn job_pool(url: &str) -> Result<PgPool> {
        Ok(PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options(url)?)
            .await?)
    }
}
