//! The date window: patients with whom nobody had to do for long.

use crate::Db;
use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::command::CommandName;
use domain::id::{PatientId, PracticeId};
use uuid::Uuid;

impl Db {
    /// Patients of a practice of whom nothing was written since a time, and who are not set aside yet; at most `most`.
    /// Reading counts too: whose record somebody looked up is of use. The audit knows both.
    pub async fn quiet_patients(
        &self,
        practice: PracticeId,
        since: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<PatientId>> {
        let mut tx = self.in_practice(practice).await?;
        let quiet: Vec<Uuid> = sqlx::query_scalar(
            "SELECT p.id FROM app.patient p
             LEFT JOIN app.membership m ON m.practice_id = p.practice_id AND m.id = p.id
             WHERE p.practice_id = $1 AND NOT coalesce(m.set_aside, false) AND p.registered_at < $2
                AND NOT EXISTS (SELECT 1 FROM app.audit_event a
                    WHERE a.practice_id = p.practice_id AND a.patient_id = p.id AND a.at >= $2)
             ORDER BY p.id LIMIT $3",
        )
        .bind(practice.0)
        .bind(since)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(tx.connection())
        .await?;
        tx.commit().await?;
        Ok(quiet.into_iter().map(PatientId).collect())
    }

    /// Of patients who were just set aside, those of whom somebody wrote or read since a time all the same: between the
    /// look for who is quiet and the moment they were set aside. Whoever comes later finds them set aside, and brings
    /// them back by what they write.
    pub async fn heard_of(
        &self,
        practice: PracticeId,
        aside: &[PatientId],
        since: DateTime<Utc>,
    ) -> Result<Vec<PatientId>> {
        let mut tx = self.in_practice(practice).await?;
        let heard: Vec<Uuid> = sqlx::query_scalar(
            "SELECT DISTINCT patient_id FROM app.audit_event
             WHERE practice_id = $1 AND patient_id = ANY($2) AND at >= $3 AND action <> $4",
        )
        .bind(practice.0)
        .bind(aside.iter().map(|patient| patient.0).collect::<Vec<_>>())
        .bind(since)
        .bind(CommandName::SetPatientAside.as_str())
        .fetch_all(tx.connection())
        .await?;
        tx.commit().await?;
        Ok(heard.into_iter().map(PatientId).collect())
    }
}
