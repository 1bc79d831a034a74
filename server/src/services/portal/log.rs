//! What patients' own pages leave in the audit (45 CFR 164.312(b)): that somebody asked for a code, was let in or not,
//! what was shown to them, and what was kept from them. Each line says whose record it was; no line has a name, a number
//! or a code.

use super::{NAME, Portal, Visitor};
use crate::error::Result;
use db::{Actor, AuditEvent, AuditOutcome, PATIENTS, service_device};
use domain::access::Role;
use domain::id::{AppointmentId, PatientId, PracticeId};
use serde_json::Value;

/// Something that is noted.
pub struct Noted {
    action: &'static str,
    outcome: AuditOutcome,
    detail: Option<Value>,
}

impl Noted {
    /// It was done.
    pub fn done(action: &'static str) -> Noted {
        Noted {
            action,
            outcome: AuditOutcome::Ok,
            detail: None,
        }
    }

    /// It was not.
    pub fn refused(action: &'static str) -> Noted {
        Noted {
            outcome: AuditOutcome::Refused,
            ..Noted::done(action)
        }
    }

    /// With ids, codes and counts.
    pub fn with(self, detail: Value) -> Noted {
        Noted {
            detail: Some(detail),
            ..self
        }
    }
}

impl Portal {
    /// Notes that somebody asked for a visit that is not shown to them.
    pub async fn withheld(&self, visitor: &Visitor, visit: AppointmentId) -> Result<()> {
        let noted = Noted::refused("portal.visit").with(serde_json::json!({"appointment": visit}));
        self.note(visitor.practice, &visitor.patients, noted).await
    }

    /// Notes something about each of some patients, or about nobody whom we know.
    pub async fn note(&self, practice: PracticeId, patients: &[PatientId], noted: Noted) -> Result<()> {
        let actor = Actor::in_role(Role::Patient, None, NAME, service_device(practice, PATIENTS));
        let event = |patient: Option<PatientId>| {
            let event = AuditEvent::new(&actor, noted.action)
                .about(patient)
                .ended(noted.outcome);
            match &noted.detail {
                Some(detail) => event.with(detail.clone()),
                None => event,
            }
        };
        let events: Vec<AuditEvent> = match patients {
            [] => vec![event(None)],
            _ => patients.iter().map(|patient| event(Some(*patient))).collect(),
        };
        Ok(self.db.append_audit(practice, &events).await?)
    }
}
