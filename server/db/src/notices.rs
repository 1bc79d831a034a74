//! Notices as the server that sends them asks for them: what is due, what belongs to a message, whose a link is. Writing
//! a notice goes by commands, like everything else.

use crate::Db;
use crate::error::Result;
use crate::table::{Text, read_row};
use chrono::{DateTime, Utc};
use domain::id::{NoticeId, PracticeId, PractitionerId};
use domain::notices::Notice;
use domain::row::{Entity, Row};
use domain::schedule::Appointment;
use uuid::Uuid;

/// Whose a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeLink {
    /// Where.
    pub practice: PracticeId,
    /// The message that it stood in.
    pub message: Uuid,
}

/// Whose a calendar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CalendarFeed {
    /// Where.
    pub practice: PracticeId,
    /// Of whom.
    pub practitioner: PractitionerId,
}

fn notices(found: Vec<Text>) -> Result<Vec<Notice>> {
    found
        .iter()
        .filter_map(|body| match read_row(Entity::Notice, body) {
            Ok(Row::Notice(notice)) => Some(Ok(notice)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

fn appointments(found: Vec<Text>) -> Result<Vec<Appointment>> {
    found
        .iter()
        .filter_map(|body| match read_row(Entity::Appointment, body) {
            Ok(Row::Appointment(appointment)) => Some(Ok(appointment)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        })
        .collect()
}

impl Db {
    /// Appointments that begin from one instant until before another, at every site.
    pub async fn appointments_between(
        &self,
        practice: PracticeId,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Appointment>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.appointment t
             WHERE practice_id = $1 AND start_at >= $2 AND start_at < $3 ORDER BY id",
        )
        .bind(practice.0)
        .bind(from)
        .bind(until)
        .fetch_all(tx.connection())
        .await?;
        appointments(found)
    }

    /// Which of some notices are there.
    pub async fn known_notices(&self, practice: PracticeId, ids: &[NoticeId]) -> Result<Vec<NoticeId>> {
        let mut tx = self.at_one_moment(practice).await?;
        let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
        let found: Vec<Uuid> =
            // What was called off before anything was sent may come back.
            sqlx::query_scalar(
                "SELECT id FROM app.notice
                 WHERE practice_id = $1 AND id = ANY($2)
                   AND NOT (attempts = 0 AND state IN ('void:moved', 'void:not_wanted', 'void:rule_changed'))",
            )
                .bind(practice.0)
                .bind(ids)
                .fetch_all(tx.connection())
                .await?;
        Ok(found.into_iter().map(NoticeId).collect())
    }

    /// Messages with a notice that waits and whose time has come.
    pub async fn due_messages(&self, practice: PracticeId, now: DateTime<Utc>) -> Result<Vec<Uuid>> {
        let mut tx = self.at_one_moment(practice).await?;
        Ok(sqlx::query_scalar(
            "SELECT DISTINCT message_id FROM app.notice
             WHERE practice_id = $1 AND state = 'planned' AND due_at <= $2 ORDER BY message_id",
        )
        .bind(practice.0)
        .bind(now)
        .fetch_all(tx.connection())
        .await?)
    }

    /// Everything that still waits, or is in hand.
    pub async fn waiting_notices(&self, practice: PracticeId) -> Result<Vec<Notice>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.notice t
             WHERE practice_id = $1 AND state IN ('planned', 'queued') ORDER BY id",
        )
        .bind(practice.0)
        .fetch_all(tx.connection())
        .await?;
        notices(found)
    }

    /// The notices that one message says.
    pub async fn message_notices(&self, practice: PracticeId, message: Uuid) -> Result<Vec<Notice>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.notice t WHERE practice_id = $1 AND message_id = $2 ORDER BY id",
        )
        .bind(practice.0)
        .bind(message)
        .fetch_all(tx.connection())
        .await?;
        notices(found)
    }

    /// What went out under a name that the network gave it.
    pub async fn notices_by_ref(&self, practice: PracticeId, network_ref: &str) -> Result<Vec<Notice>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.notice t WHERE practice_id = $1 AND network_ref = $2 ORDER BY id",
        )
        .bind(practice.0)
        .bind(network_ref)
        .fetch_all(tx.connection())
        .await?;
        notices(found)
    }

    /// What was last said to a number, of what is still to come: the message whose answer a text from there is.
    pub async fn last_said_to(
        &self,
        practice: PracticeId,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Notice>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.notice t
             WHERE practice_id = $1 AND channel = 'sms' AND message_id = (
               SELECT message_id FROM app.notice
               WHERE practice_id = $1 AND channel = 'sms' AND address = $2 AND start_at > $3
                 AND state IN ('sent', 'delivered')
               ORDER BY sent_at DESC NULLS LAST, id LIMIT 1)
             ORDER BY id",
        )
        .bind(practice.0)
        .bind(address)
        .bind(now)
        .fetch_all(tx.connection())
        .await?;
        notices(found)
    }

    /// Keeps the hash of a link.
    pub async fn create_notice_link(
        &self,
        token_hash: &[u8],
        link: NoticeLink,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO directory.notice_link (token_hash, practice_id, message_id, expires_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(token_hash)
        .bind(link.practice.0)
        .bind(link.message)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Whose a link is, while it counts.
    pub async fn notice_link(&self, token_hash: &[u8], now: DateTime<Utc>) -> Result<Option<NoticeLink>> {
        let found: Option<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT practice_id, message_id FROM directory.notice_link WHERE token_hash = $1 AND expires_at > $2",
        )
        .bind(token_hash)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(practice, message)| NoticeLink {
            practice: PracticeId(practice),
            message,
        }))
    }

    /// Forgets links that count no more.
    pub async fn sweep_notice_links(&self, now: DateTime<Utc>) -> Result<()> {
        sqlx::query("DELETE FROM directory.notice_link WHERE expires_at <= $1")
            .bind(now)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Makes a practitioner's calendar anew: one address for each, and whoever has the old one sees nothing more.
    pub async fn create_calendar_feed(&self, token_hash: &[u8], feed: CalendarFeed) -> Result<()> {
        let mut tx = self.pool.begin().await?;
        sqlx::query(
            "UPDATE directory.calendar_feed SET revoked_at = now()
             WHERE practice_id = $1 AND practitioner_id = $2 AND revoked_at IS NULL",
        )
        .bind(feed.practice.0)
        .bind(feed.practitioner.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO directory.calendar_feed (token_hash, practice_id, practitioner_id) VALUES ($1, $2, $3)",
        )
        .bind(token_hash)
        .bind(feed.practice.0)
        .bind(feed.practitioner.0)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Whose a calendar is.
    pub async fn calendar_feed(&self, token_hash: &[u8]) -> Result<Option<CalendarFeed>> {
        let found: Option<(Uuid, Uuid)> = sqlx::query_as(
            "SELECT practice_id, practitioner_id FROM directory.calendar_feed
             WHERE token_hash = $1 AND revoked_at IS NULL",
        )
        .bind(token_hash)
        .fetch_optional(&self.pool)
        .await?;
        Ok(found.map(|(practice, practitioner)| CalendarFeed {
            practice: PracticeId(practice),
            practitioner: PractitionerId(practitioner),
        }))
    }

    /// A practitioner's appointments that begin from one instant until before another.
    pub async fn practitioner_appointments(
        &self,
        feed: CalendarFeed,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Vec<Appointment>> {
        let all = self.appointments_between(feed.practice, from, until).await?;
        let own = |one: &Appointment| one.practitioner_ids.contains(&feed.practitioner);
        Ok(all.into_iter().filter(own).collect())
    }
}
