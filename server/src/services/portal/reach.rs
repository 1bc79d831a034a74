//! By which way a patient wants to be told, said by themselves: only by ways that are in their record and open.

use super::log::Noted;
use super::{Portal, Visitor};
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};
use domain::command::Command;
use domain::decide::{Refusal, RefusalCode};
use domain::id::PatientId;
use domain::notices::Channel;
use domain::notices::reach::{open_ways, open_ways_reads};
use domain::patients::{CorrectPatient, FieldChange, Patient, PatientField};
use domain::row::{Entity, Key, Row};
use domain::schedule::is_shown_online;
use serde_json::{Value, json};

/// What it is called in the audit.
const ACTION: &str = "portal.reach";

/// Somebody, and how they can be told.
pub struct Reachable {
    /// Who.
    pub patient: Patient,
    /// By which ways.
    pub ways: Vec<Channel>,
}

impl Portal {
    /// Those of whom whoever is in may say how they are told. Not an adolescent: a number of their own may be in their
    /// record, and whoever has the telephone need not know of it. They say it at the desk.
    pub async fn reachable(&self, visitor: &Visitor, today: NaiveDate) -> Result<Vec<Reachable>> {
        let keys = visitor
            .patients
            .iter()
            .map(|patient| Key::Row(Entity::Patient, patient.0))
            .collect();
        let rows = self.db.rows(visitor.practice, &keys).await?;
        let may = |patient: &Patient| {
            patient.deceased_on.is_none()
                && !patient.has_confidential_address()
                && is_shown_online(patient, None, today)
        };
        let patient = |row: &Row| match row {
            Row::Patient(patient) if may(patient) => Some(patient.clone()),
            _ => None,
        };
        let patients: Vec<Patient> = rows.iter().filter_map(patient).collect();
        let keys = patients.iter().flat_map(open_ways_reads).collect();
        let rows = self.db.rows(visitor.practice, &keys).await?;
        let reachable = |patient: Patient| Reachable {
            ways: open_ways(&rows, &patient),
            patient,
        };
        Ok(patients.into_iter().map(reachable).collect())
    }

    /// They want to be told by a way, or by whichever the practice takes.
    pub async fn prefer(
        &self,
        visitor: &Visitor,
        (whose, way): (PatientId, Option<Channel>),
        today: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let detail = json!({"way": way.map(Channel::name)});
        let known = self.reachable(visitor, today).await?;
        let is_open =
            |one: &Reachable| one.patient.id == whose && way.is_none_or(|way| one.ways.contains(&way));
        let Some(one) = known.into_iter().find(is_open) else {
            let noted = Noted::refused(ACTION).with(detail);
            self.note(visitor.practice, &visitor.patients, noted).await?;
            return Ok(Err(Refusal::new(RefusalCode::NotFound).with("what", "patient")));
        };
        let field = PatientField::PreferredChannel;
        let change = FieldChange {
            field,
            from: field.read(&one.patient),
            to: way.map_or(Value::Null, |way| Value::String(way.name().to_owned())),
        };
        let command = CorrectPatient {
            patient_id: whose,
            changes: vec![change],
        };
        let done = self.give(visitor, Command::CorrectPatient(command), now).await?;
        let noted = match &done {
            Ok(()) => Noted::done(ACTION),
            Err(_) => Noted::refused(ACTION),
        };
        self.note(visitor.practice, &[whose], noted.with(detail)).await?;
        Ok(done)
    }
}
