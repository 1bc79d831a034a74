//! The one place that says which practice a transaction is about.

use crate::Db;
use crate::error::Result;
use domain::id::PracticeId;
use sqlx::{PgConnection, Postgres, Transaction};

/// A transaction that sees one practice and no other. It ends undone unless it is committed.
pub struct PracticeTx {
    tx: Transaction<'static, Postgres>,
    practice: PracticeId,
}

impl PracticeTx {
    /// Whose.
    pub fn practice(&self) -> PracticeId {
        self.practice
    }

    /// For statements.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Keeps what was done.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    /// Undoes it, and waits until it is undone.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}

impl Db {
    /// Begins a transaction in one practice.
    pub async fn in_practice(&self, practice: PracticeId) -> Result<PracticeTx> {
        enter(self.pool.begin().await?, practice).await
    }

    /// Begins a transaction that only reads, all of it at one moment.
    pub async fn at_one_moment(&self, practice: PracticeId) -> Result<PracticeTx> {
        enter(
            self.pool
                .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .await?,
            practice,
        )
        .await
    }
}

/// The setting ends with the transaction (`true`), so a connection that goes back to the pool belongs to nobody.
async fn enter(mut tx: Transaction<'static, Postgres>, practice: PracticeId) -> Result<PracticeTx> {
    sqlx::query("SELECT set_config('app.practice', $1, true)")
        .bind(practice.0.to_string())
        .execute(&mut *tx)
        .await?;
    Ok(PracticeTx { tx, practice })
}
