//! # db: the practice's rows in Postgres
//!
//! The database adapter of the hub: it loads and locks what a batch of commands must see, lets [`sync::hub`] decide in
//! memory, and writes what comes out, set-wise, the practice's revision last. No rule of the practice is here; no
//! statement is anywhere else.
//!
//! - [`schema`](migrate): migrations, roles, and refusing a database that does not fit.
//! - [`PracticeTx`]: the one way into a practice; row-level security does the rest.
//! - [`Db::accept_batch`] takes a device's commands, [`Db::commit_as_service`] those of importers and jobs.
//! - [`Db::pull`] gives a device what changed, in whole revisions and only what its role may hold.
//! - Audit, attachments, sessions, logins, devices and enrolment codes have a file each.
//!
//! Two schemas: `directory` says which practice someone belongs to and holds nothing about patients; `app` holds all
//! else under forced row-level security. The owner's login migrates, the runtime login is a member of `app_rw`.

mod admission;
mod agenda;
mod attachment;
mod audit;
mod device;
mod error;
mod jobs;
mod login;
mod membership;
mod notices;
mod notify;
mod portal;
mod portal_device;
mod practice;
mod pull;
mod pull_together;
mod push;
mod record;
mod retention;
mod schema;
mod service;
mod session;
mod snapshot;
mod table;
mod together;
mod tx;
mod window;

pub use attachment::Attachment;
pub use audit::{Actor, ActorKind, AuditEvent, AuditLine, AuditOutcome};
pub use device::{DeviceCredential, NewEnrolmentCode, Redeemed};
pub use error::{DbError, Result};
pub use jobs::{JOBS_SCHEMA, migrate_jobs};
pub use login::Login;
pub use notices::{CalendarFeed, NoticeLink};
pub use portal::{MOST_TRIES, NewPortalCode, PortalEntry, PortalLimits, PortalSession, PortalTry};
pub use portal_device::PortalDevice;
pub use practice::{DeviceStatus, Head};
pub use pull::Puller;
pub use push::PushOutcome;
pub use retention::{Compacted, compact};
pub use schema::{SERVER_LEVEL, ensure_login, ensure_roles, migrate};
pub use service::{PATIENTS, ServiceCommand, service_device};
pub use session::{NewSession, Session, SignedIn};
pub use tx::PracticeTx;

use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// The database, as the server serves it. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    pool: PgPool,
    /// Whose turn it is to build a snapshot.
    building: Arc<Mutex<()>>,
    /// Who asks for what changed, by practice.
    pulls: Arc<pull_together::Lines>,
    /// Who asks who they are.
    sessions: Arc<session::Line>,
}

impl Db {
    /// Connects as the runtime login. Refuses a login that row-level security does not bind, a database that is not
    /// set up, and one that needs a newer program.
    pub async fn connect(url: &str, most_connections: u32) -> Result<Db> {
        let pool = PgPoolOptions::new()
            .max_connections(most_connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(schema::options(url)?)
            .await?;
        schema::check(&mut *pool.acquire().await?).await?;
        Ok(Db {
            pool,
            building: Arc::default(),
            pulls: Arc::default(),
            sessions: Arc::default(),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Waits until every connection is given back, and closes them.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
