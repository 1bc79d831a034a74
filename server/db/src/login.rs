//! Sign-in names: which practice and member one belongs to, and the hash of its password.

use crate::Db;
use crate::error::Result;
use domain::id::{PracticeId, WorkforceMemberId};
use uuid::Uuid;

/// A sign-in name.
#[derive(Clone, PartialEq)]
pub struct Login {
    /// In lower case, unique over all practices.
    pub login: String,
    /// Whose.
    pub practice: PracticeId,
    /// Who.
    pub member: WorkforceMemberId,
    /// Argon2id, in PHC form.
    pub password_hash: String,
    /// Whether they may sign in.
    pub active: bool,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({}, {})", self.practice, self.member)
    }
}

impl Db {
    /// Sets a sign-in name. One that belongs to somebody else stays theirs: false.
    pub async fn upsert_login(&self, login: &Login) -> Result<bool> {
        let done = sqlx::query(
            "INSERT INTO directory.login AS l (login, practice_id, member_id, password_hash, active)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (login) DO UPDATE SET password_hash = excluded.password_hash, active = excluded.active
             WHERE l.practice_id = excluded.practice_id AND l.member_id = excluded.member_id",
        )
        .bind(login.login.trim().to_lowercase())
        .bind(login.practice.0)
        .bind(login.member.0)
        .bind(&login.password_hash)
        .bind(login.active)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Sets a new passphrase and signs its owner out everywhere, both or neither. How many sessions ended.
    pub async fn replace_passphrase(&self, login: &Login) -> Result<u64> {
        let mut tx = self.pool.begin().await?;
        sqlx::query("UPDATE directory.login SET password_hash = $2 WHERE login = $1")
            .bind(&login.login)
            .bind(&login.password_hash)
            .execute(&mut *tx)
            .await?;
        let ended = sqlx::query("DELETE FROM directory.session WHERE practice_id = $1 AND member_id = $2")
            .bind(login.practice.0)
            .bind(login.member.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(ended.rows_affected())
    }

    /// Who a sign-in name is, active or not, in whatever case it was typed.
    pub async fn find_login(&self, login: &str) -> Result<Option<Login>> {
        let found: Option<(String, Uuid, Uuid, String, bool)> = sqlx::query_as(
            "SELECT login, practice_id, member_id, password_hash, active FROM directory.login WHERE login = $1",
        )
        .bind(login.trim().to_lowercase())
        .fetch_optional(&self.pool)
        .await?;
        Ok(
            found.map(|(login, practice, member, password_hash, active)| Login {
                login,
                practice: PracticeId(practice),
                member: WorkforceMemberId(member),
                password_hash,
                active,
            }),
        )
    }
}
