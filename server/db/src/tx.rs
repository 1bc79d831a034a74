//! The one place that says which practice a transaction is about.

use crate::Db;
use crate::error::Result;
use domain::id::PracticeId;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Transaction};

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
        self.enter("BEGIN", practice).await
    }

    /// Begins a transaction that only reads, all of it at one moment.
    pub async fn at_one_moment(&self, practice: PracticeId) -> Result<PracticeTx> {
        self.enter("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", practice)
            .await
    }

    /// The setting ends with the transaction (`LOCAL`), so a connection that goes back to the pool belongs to nobody.
    /// Both in one message, for every transaction begins here; an id is digits and dashes, whatever it came from.
    async fn enter(&self, begin: &'static str, practice: PracticeId) -> Result<PracticeTx> {
        let begin = format!("{begin}; SET LOCAL app.practice = '{}'", practice.0);
        let tx = self.pool.begin_with(AssertSqlSafe(begin)).await?;
        Ok(PracticeTx { tx, practice })
    }
}
