//! The jobs: every minute somebody looks what is due, and every message is a job of its own. They lie in Postgres, so
//! that a server that is stopped loses none, and of several servers each job is one's.

use super::Notices;
use crate::error::{Result, ServerError};
use crate::http::State;
use crate::services::push::now;
use chrono::{DateTime, Utc};
use db::JOBS_SCHEMA;
use domain::id::PracticeId;
use graphile_worker::{
    IntoTaskHandlerResult, JobKeyMode, JobSpec, TaskHandler, Worker, WorkerContext, WorkerOptions,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// What jobs need: the notices, and whom to tell when something changed.
#[derive(Clone)]
pub struct Desk {
    notices: Arc<Notices>,
    state: Option<Arc<State>>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// Looks what is due, in every practice.
#[derive(Serialize, Deserialize)]
struct Look {}

/// Sends one message.
#[derive(Serialize, Deserialize)]
struct SendMessage {
    practice: PracticeId,
    message: Uuid,
}

impl TaskHandler for Look {
    const IDENTIFIER: &'static str = "look_for_notices";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(desk) = ctx.get_ext::<Desk>().cloned() else {
            return Err("the worker has no desk".to_owned());
        };
        let pool = ctx.pg_pool().clone();
        look(&desk, &pool, now()).await.map_err(|error| error.to_string())
    }
}

impl TaskHandler for SendMessage {
    const IDENTIFIER: &'static str = "send_message";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let Some(desk) = ctx.get_ext::<Desk>().cloned() else {
            return Err("the worker has no desk".to_owned());
        };
        let changed = desk.notices.send(self.practice, self.message, now()).await;
        desk.tell(self.practice, changed)
            .await
            .map_err(|error| error.to_string())
    }
}

impl Desk {
    /// For a server that is one of several, or the only one.
    pub fn new(notices: Arc<Notices>, state: Option<Arc<State>>) -> Desk {
        Desk { notices, state }
    }

    /// Tells who listens, when something changed.
    async fn tell(&self, practice: PracticeId, changed: Result<bool>) -> Result<()> {
        if changed? && let Some(state) = &self.state {
            state.tell(practice, state.db.head(practice).await?.rev);
        }
        Ok(())
    }
}

/// Plans, calls off, and makes a job of every message that is due. A practice in which that fails does not keep it from
/// the others.
pub async fn look(desk: &Desk, pool: &PgPool, now: DateTime<Utc>) -> Result<()> {
    let notices = &desk.notices;
    let utils = graphile_worker::WorkerUtils::new(pool.clone(), JOBS_SCHEMA.to_owned());
    for (practice, ..) in notices.db.heads().await? {
        let looked = async {
            desk.tell(practice, notices.plan(practice, now).await).await?;
            desk.tell(practice, notices.sweep(practice, now).await).await?;
            for message in notices.db.due_messages(practice, now).await? {
                // One job for a message, however often it is looked.
                let spec = JobSpec::builder()
                    .job_key(format!("{practice}:{message}"))
                    .job_key_mode(JobKeyMode::Replace)
                    .max_attempts(3)
                    .build();
                utils
                    .add_job(SendMessage { practice, message }, spec)
                    .await
                    .map_err(queue)?;
            }
            Ok::<(), ServerError>(())
        };
        if let Err(error) = looked.await {
            tracing::warn!(%practice, %error, "the notices of a practice were not looked at");
        }
    }
    notices.db.sweep_notice_links(now).await?;
    Ok(())
}

fn queue(error: impl std::fmt::Display) -> ServerError {
    ServerError::Other(format!("the queue of jobs: {error}"))
}

/// A worker on the queue.
pub async fn worker(desk: Desk, pool: PgPool) -> Result<Worker> {
    WorkerOptions::default()
        .pg_pool(pool)
        .schema(JOBS_SCHEMA)
        .concurrency(2)
        .poll_interval(Duration::from_secs(2))
        // The server has its own.
        .listen_os_shutdown_signals(false)
        .define_job::<Look>()
        .define_job::<SendMessage>()
        .add_extension(desk)
        .with_cron("* * * * * look_for_notices {}")
        .map_err(queue)?
        .init()
        .await
        .map_err(queue)
}

/// Works for ever. A queue that fails is tried again: patients are told late rather than never.
pub async fn run(desk: Desk, url: String) {
    loop {
        let outcome = async {
            let pool = db::Db::job_pool(&url).await?;
            // What fell due while no server ran goes out now, and not in a minute.
            look(&desk, &pool, now()).await?;
            worker(desk.clone(), pool).await?.run().await.map_err(queue)
        };
        if let Err(error) = outcome.await {
            tracing::warn!(%error, "notices are not sent at the moment");
        }
        tokio::time::sleep(Duration::from_secs(30)).await;
    }
}
