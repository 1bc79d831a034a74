//! What patients do by themselves, on devices of their own: see, confirm, move and call off their visits, and book.
//!
//! Nobody has an account here. Whoever says a date of birth and a number or an address that is in the record is sent a
//! code there, and is in for half an hour. Somebody of whom nothing is known is answered the same, so that the page tells
//! nobody who is a patient here.

pub mod codes;
pub mod device;
pub mod forms;
pub mod log;
pub mod newcomer;
pub mod offers;
pub mod reach;
#[cfg(test)]
mod tests;
mod who;

use crate::error::Result;
use crate::keys::OsRandomness;
use crate::services::notices::Notices;
use chrono::{DateTime, Utc};
use db::{Db, ServiceCommand};
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::{AppointmentId, CommandId, PatientId, PracticeId};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row, Rows};
use domain::schedule::{
    Appointment, AppointmentState, CancelAppointment, CancelledBy, ConfirmAppointment, SetAppointmentState,
    is_shown_online,
};
use domain::text::Lang;
use std::collections::BTreeSet;
use std::sync::Arc;

/// In whose name colleagues read that something was done. Whose record it was stands beside it.
pub const NAME: &str = "Patient, online";

/// See the module.
#[derive(Clone)]
pub struct Portal {
    db: Db,
    notices: Arc<Notices>,
    /// Made-up patients get no mail: their codes are said on the terminal.
    demo: bool,
}

/// Somebody who is in.
#[derive(Clone)]
pub struct Visitor {
    /// Where.
    pub practice: PracticeId,
    /// Whose records they act for: their own, or their children's.
    pub patients: Vec<PatientId>,
    /// In which language they read.
    pub language: Lang,
}

/// Everything that the pages of somebody who is in say.
pub struct Overview {
    /// Those whom they act for.
    pub patients: Vec<Patient>,
    /// Visits to come, and those that they may be here for; the first one first.
    pub ahead: Vec<Appointment>,
    /// Sites, their clocks, practitioners and kinds of visit.
    pub rows: Rows,
}

impl Overview {
    /// One of the visits, and whose it is. Nothing can be done with what is not shown.
    pub fn visit(&self, id: AppointmentId) -> Option<(&Appointment, &Patient)> {
        let visit = self.ahead.iter().find(|one| one.id == id)?;
        let whose = self.patients.iter().find(|one| one.id == visit.patient_id)?;
        Some((visit, whose))
    }
}

impl Portal {
    /// On a database, with ways out of the house.
    pub fn new(db: Db, notices: Arc<Notices>, demo: bool) -> Portal {
        Portal { db, notices, demo }
    }

    /// What there is to see.
    pub async fn overview(&self, visitor: &Visitor, now: DateTime<Utc>) -> Result<Overview> {
        let mut keys: BTreeSet<Key> = BTreeSet::new();
        for patient in &visitor.patients {
            keys.insert(Key::Row(Entity::Patient, patient.0));
            keys.insert(Key::OfPatient(Entity::Appointment, *patient));
        }
        let theirs = self.db.rows(visitor.practice, &keys).await?;
        let mut patients = Vec::new();
        let mut ahead: Vec<Appointment> = Vec::new();
        for row in theirs.iter() {
            match row {
                Row::Patient(patient) if patient.deceased_on.is_none() => patients.push(patient.clone()),
                Row::Appointment(one) if one.may_answer(now) => ahead.push(one.clone()),
                _ => {}
            }
        }
        ahead.sort_by_key(|one| (one.start_at, one.id));
        let keys = ahead
            .iter()
            .flat_map(|one| {
                let people = one
                    .practitioner_ids
                    .iter()
                    .map(|id| Key::Row(Entity::Practitioner, id.0));
                people.chain([
                    Key::Row(Entity::Site, one.site_id.0),
                    Key::Row(Entity::SiteClock, one.site_id.0),
                    Key::Row(Entity::VisitType, one.visit_type_id.0),
                ])
            })
            .collect();
        let rows = self.db.rows(visitor.practice, &keys).await?;
        ahead.retain(|one| {
            let kind = match rows.row(Entity::VisitType, one.visit_type_id.0) {
                Some(Row::VisitType(kind)) => Some(kind),
                _ => None,
            };
            let whose = patients.iter().find(|patient| patient.id == one.patient_id);
            whose.is_some_and(|whose| is_shown_online(whose, kind, now.date_naive()))
        });
        Ok(Overview {
            patients,
            ahead,
            rows,
        })
    }

    /// They will come.
    pub async fn confirm(
        &self,
        visitor: &Visitor,
        one: &Appointment,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let command = ConfirmAppointment {
            appointment_id: one.id,
            patient_id: one.patient_id,
        };
        self.give(visitor, Command::ConfirmAppointment(command), now)
            .await
    }

    /// They are here.
    pub async fn check_in(
        &self,
        visitor: &Visitor,
        one: &Appointment,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let command = SetAppointmentState {
            appointment_id: one.id,
            patient_id: one.patient_id,
            state: AppointmentState::Arrived,
            from: Some(one.state),
            note: Some("Checked in on their own telephone".to_owned()),
        };
        self.give(visitor, Command::SetAppointmentState(command), now)
            .await
    }

    /// They will not come.
    pub async fn cancel(
        &self,
        visitor: &Visitor,
        one: &Appointment,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let command = CancelAppointment {
            appointment_id: one.id,
            patient_id: one.patient_id,
            reason: "Called off by the patient, online".to_owned(),
            by: CancelledBy::Patient,
        };
        self.give(visitor, Command::CancelAppointment(command), now).await
    }

    /// Gives a command in the name of whoever is in. Whether what it is about is theirs was asked before, and is asked
    /// again by its rule, which knows the patient.
    pub(super) async fn give(
        &self,
        visitor: &Visitor,
        command: Command,
        now: DateTime<Utc>,
    ) -> Result<std::result::Result<(), Refusal>> {
        let id = CommandId(sync::new_id(now, &OsRandomness));
        let command = ServiceCommand::new(id, command, now);
        let outcome = self.db.commit_as_patient(visitor.practice, command, NAME).await?;
        Ok(outcome.map(drop))
    }
}
