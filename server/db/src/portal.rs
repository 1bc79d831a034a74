//! Patients on devices of their own: the codes that were sent to them, and who is in. Only hashes are kept: a copy of
//! these tables lets nobody in.

use crate::Db;
use crate::error::Result;
use crate::table::{Text, read_row};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::id::{PatientId, PracticeId};
use domain::notices::{Contact, ContactKind};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row};
use domain::schedule::Appointment;
use domain::text::Lang;
use serde_json::Value;
use uuid::Uuid;

/// How often one code may be guessed at.
pub const MOST_TRIES: i16 = 5;

/// How many codes may be sent.
#[derive(Clone, Copy)]
pub struct PortalLimits {
    /// For one thing that is asked for, in an hour.
    pub an_hour: i64,
    /// And in a day: so often may be guessed.
    pub a_day: i64,
    /// To those who have not been here before, in an hour and in all: anybody can say that they are somebody new, and
    /// that any number is theirs.
    pub newcomers_an_hour: i64,
}

/// A code that is being sent.
#[derive(Clone)]
pub struct NewPortalCode {
    /// Identity; it is in the address of the page that asks for the code.
    pub id: Uuid,
    /// Hash of where it goes, and what for: whoever asks for other things there keeps nobody from theirs.
    pub contact_hash: Vec<u8>,
    /// Where it goes.
    pub contact: Contact,
    /// Hash of what it says.
    pub code_hash: Vec<u8>,
    /// Whose; nobody's when nobody was found.
    pub patients: Vec<PatientId>,
    /// What somebody said of themselves who has not been here before, as JSON.
    pub newcomer: Option<Value>,
    /// In which language they read.
    pub language: Lang,
    /// When.
    pub now: DateTime<Utc>,
    /// Until when it counts.
    pub expires_at: DateTime<Utc>,
}

/// Whom a code let in.
#[derive(Clone)]
pub struct PortalEntry {
    /// Whose.
    pub patients: Vec<PatientId>,
    /// Who is new.
    pub newcomer: Option<Value>,
    /// Where it went.
    pub contact: Option<Contact>,
    /// In which language they read.
    pub language: Lang,
}

/// What became of a try.
pub enum PortalTry {
    /// It was the code, and it is used up.
    Right(PortalEntry),
    /// It was not; so many tries are left. Whose it is.
    Wrong(i16, Vec<PatientId>),
    /// It counts no more, or never did.
    Over,
}

/// Somebody who is in.
#[derive(Clone, Debug, PartialEq)]
pub struct PortalSession {
    /// Whose records they act for.
    pub patients: Vec<PatientId>,
    /// In which language they read.
    pub language: Lang,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

pub(crate) fn language(tag: &str) -> Lang {
    Lang::from_tag(tag)
}

/// A number or an address as it was kept.
pub(crate) fn contact_of(kind: Option<String>, address: Option<String>) -> Option<Contact> {
    let kind = match kind?.as_str() {
        "phone" => ContactKind::Phone,
        "email" => ContactKind::Email,
        _ => return None,
    };
    Some(Contact {
        kind,
        address: address?,
    })
}

pub(crate) fn ids(patients: &[PatientId]) -> Vec<Uuid> {
    patients.iter().map(|patient| patient.0).collect()
}

impl Db {
    /// Those who were born on a day.
    pub async fn born_on(&self, practice: PracticeId, day: NaiveDate) -> Result<Vec<Patient>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found = sqlx::query_scalar::<_, Text>(
            "SELECT to_json(t) FROM app.patient t WHERE practice_id = $1 AND birth_on = $2 ORDER BY id",
        )
        .bind(practice.0)
        .bind(day)
        .fetch_all(tx.connection())
        .await?;
        let read = |body: &Text| match read_row(Entity::Patient, body) {
            Ok(Row::Patient(patient)) => Some(Ok(patient)),
            Ok(_) => None,
            Err(error) => Some(Err(error)),
        };
        found.iter().filter_map(read).collect()
    }

    /// Everything that a patient has and had.
    pub async fn appointments_of(
        &self,
        practice: PracticeId,
        patient: PatientId,
    ) -> Result<Vec<Appointment>> {
        let rows = self
            .rows(practice, &[Key::OfPatient(Entity::Appointment, patient)].into())
            .await?;
        let appointment = |row: &Row| match row {
            Row::Appointment(row) => Some(row.clone()),
            _ => None,
        };
        Ok(rows.iter().filter_map(appointment).collect())
    }

    /// Keeps a code, unless as many as are allowed were sent. Whether it may be.
    pub async fn create_portal_code(
        &self,
        practice: PracticeId,
        code: &NewPortalCode,
        limits: PortalLimits,
    ) -> Result<bool> {
        let mut tx = self.in_practice(practice).await?;
        // Two at once for the same wait for each other.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended(encode($1, 'hex'), 0))")
            .bind(&code.contact_hash)
            .execute(tx.connection())
            .await?;
        let (hour, day) = (code.now - Duration::hours(1), code.now - Duration::days(1));
        let (lately, today): (i64, i64) = sqlx::query_as(
            "SELECT count(*) FILTER (WHERE created_at > $3), count(*) FROM app.portal_code
             WHERE practice_id = $1 AND contact_hash = $2 AND created_at > $4",
        )
        .bind(practice.0)
        .bind(&code.contact_hash)
        .bind(hour)
        .bind(day)
        .fetch_one(tx.connection())
        .await?;
        if lately >= limits.an_hour || today >= limits.a_day {
            return Ok(false);
        }
        if code.newcomer.is_some() {
            let new: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM app.portal_code
                 WHERE practice_id = $1 AND expires_at > $2 AND created_at > $2 AND newcomer IS NOT NULL",
            )
            .bind(practice.0)
            .bind(hour)
            .fetch_one(tx.connection())
            .await?;
            if new >= limits.newcomers_an_hour {
                return Ok(false);
            }
        }
        sqlx::query(
            "INSERT INTO app.portal_code (practice_id, id, contact_hash, code_hash, patient_ids, newcomer,
                language, created_at, expires_at, contact_kind, contact)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(practice.0)
        .bind(code.id)
        .bind(&code.contact_hash)
        .bind(&code.code_hash)
        .bind(ids(&code.patients))
        .bind(&code.newcomer)
        .bind(code.language.tag())
        .bind(code.now)
        .bind(code.expires_at)
        .bind(code.contact.kind.name())
        .bind(&code.contact.address)
        .execute(tx.connection())
        .await?;
        tx.commit().await?;
        Ok(true)
    }

    /// How often codes were tried in a practice, of those that counted since a moment.
    pub async fn portal_tries(&self, practice: PracticeId, since: DateTime<Utc>) -> Result<i64> {
        let mut tx = self.at_one_moment(practice).await?;
        let tries: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(tries) FILTER (WHERE used_at IS NULL), 0) FROM app.portal_code
             WHERE practice_id = $1 AND expires_at > $2",
        )
        .bind(practice.0)
        .bind(since)
        .fetch_one(tx.connection())
        .await?;
        Ok(tries)
    }

    /// Tries a code. Each try is counted before it is looked at, so that many at once are no more tries than that.
    pub async fn try_portal_code(
        &self,
        practice: PracticeId,
        id: Uuid,
        code_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<PortalTry> {
        type Found = (
            bool,
            Vec<Uuid>,
            Option<Value>,
            String,
            Option<String>,
            Option<String>,
            i16,
        );
        let mut tx = self.in_practice(practice).await?;
        let found: Option<Found> = sqlx::query_as(
            "UPDATE app.portal_code SET tries = tries + 1,
                used_at = CASE WHEN code_hash = $3 AND (patient_ids <> '{}' OR newcomer IS NOT NULL) THEN $4 END
             WHERE practice_id = $1 AND id = $2 AND used_at IS NULL AND expires_at > $4 AND tries < $5
             RETURNING used_at IS NOT NULL, patient_ids, newcomer, language, contact_kind, contact, tries",
        )
        .bind(practice.0)
        .bind(id)
        .bind(code_hash)
        .bind(now)
        .bind(MOST_TRIES)
        .fetch_optional(tx.connection())
        .await?;
        tx.commit().await?;
        Ok(match found {
            None => PortalTry::Over,
            Some((false, patients, .., tries)) => {
                PortalTry::Wrong(MOST_TRIES - tries, patients.into_iter().map(PatientId).collect())
            }
            Some((true, patients, newcomer, tag, kind, address, _)) => PortalTry::Right(PortalEntry {
                contact: contact_of(kind, address),
                patients: patients.into_iter().map(PatientId).collect(),
                newcomer,
                language: language(&tag),
            }),
        })
    }

    /// Lets somebody in.
    pub async fn create_portal_session(
        &self,
        practice: PracticeId,
        token_hash: &[u8],
        session: &PortalSession,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        sqlx::query(
            "INSERT INTO app.portal_session (practice_id, token_hash, patient_ids, language, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(practice.0)
        .bind(token_hash)
        .bind(ids(&session.patients))
        .bind(session.language.tag())
        .bind(now)
        .bind(session.expires_at)
        .execute(tx.connection())
        .await?;
        tx.commit().await
    }

    /// Who is in with a token.
    pub async fn portal_session(
        &self,
        practice: PracticeId,
        token_hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<Option<PortalSession>> {
        let mut tx = self.at_one_moment(practice).await?;
        let found: Option<(Vec<Uuid>, String, DateTime<Utc>)> = sqlx::query_as(
            "SELECT patient_ids, language, expires_at FROM app.portal_session
             WHERE practice_id = $1 AND token_hash = $2 AND expires_at > $3",
        )
        .bind(practice.0)
        .bind(token_hash)
        .bind(now)
        .fetch_optional(tx.connection())
        .await?;
        Ok(found.map(|(patients, tag, expires_at)| PortalSession {
            patients: patients.into_iter().map(PatientId).collect(),
            language: language(&tag),
            expires_at,
        }))
    }

    /// Lets somebody out.
    pub async fn end_portal_session(&self, practice: PracticeId, token_hash: &[u8]) -> Result<()> {
        let statement = "DELETE FROM app.portal_session WHERE practice_id = $1 AND token_hash = $2";
        self.forget_token(practice, statement, token_hash).await
    }

    pub(crate) async fn forget_token(
        &self,
        practice: PracticeId,
        statement: &'static str,
        token_hash: &[u8],
    ) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        sqlx::query(statement)
            .bind(practice.0)
            .bind(token_hash)
            .execute(tx.connection())
            .await?;
        tx.commit().await
    }

    /// Forgets codes and sessions that count no more. That there was a code is kept for a day, for counting; what
    /// somebody new said of themselves is not.
    pub async fn sweep_portal(&self, practice: PracticeId, now: DateTime<Utc>) -> Result<()> {
        let mut tx = self.in_practice(practice).await?;
        for (statement, before) in [
            (
                "DELETE FROM app.portal_session WHERE practice_id = $1 AND expires_at <= $2",
                now,
            ),
            (
                "DELETE FROM app.portal_device WHERE practice_id = $1 AND expires_at <= $2",
                now,
            ),
            (
                "UPDATE app.portal_code SET newcomer = NULL, contact = NULL
                 WHERE practice_id = $1 AND expires_at <= $2 AND contact IS NOT NULL",
                now - Duration::hours(1),
            ),
            (
                "DELETE FROM app.portal_code WHERE practice_id = $1 AND expires_at <= $2",
                now - Duration::days(1),
            ),
        ] {
            sqlx::query(statement)
                .bind(practice.0)
                .bind(before)
                .execute(tx.connection())
                .await?;
        }
        tx.commit().await
    }
}
