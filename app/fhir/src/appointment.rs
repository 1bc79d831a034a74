//! Appointment (FHIR R4, 12.1): a time that was agreed on.

use serde::Deserialize;

use crate::date::Moment;
use crate::notes::{Notes, Wire};
use crate::{Concept, Reference};

/// An agreed time, with whom and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Appointment {
    pub id: String,
    /// proposed, pending, booked, arrived, fulfilled, cancelled, noshow, entered-in-error, checked-in, waitlist.
    pub status: Option<String>,
    /// What it is for: the services, then the kind of appointment.
    pub kinds: Vec<Concept>,
    pub reasons: Vec<Concept>,
    /// What lists show of it.
    pub description: Option<String>,
    pub start: Option<Moment>,
    pub end: Option<Moment>,
    pub minutes: Option<u32>,
    /// The first participant who is a patient.
    pub patient: Option<Reference>,
    pub practitioners: Vec<Reference>,
    pub locations: Vec<Reference>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AppointmentWire {
    id: Option<String>,
    status: Option<String>,
    service_type: Vec<Concept>,
    appointment_type: Option<Concept>,
    reason_code: Vec<Concept>,
    description: Option<String>,
    start: Option<String>,
    end: Option<String>,
    minutes_duration: Option<u32>,
    participant: Vec<ParticipantWire>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ParticipantWire {
    actor: Option<Reference>,
}

impl Wire<'_> for AppointmentWire {
    type Kept = Appointment;

    fn keep(self, notes: &mut Notes<'_>) -> Option<Appointment> {
        let actors: Vec<Reference> = self.participant.into_iter().filter_map(|who| who.actor).collect();
        let of = |kind: &str| {
            let kind = kind.to_owned();
            actors
                .iter()
                .filter(move |actor| actor.resource_type.as_deref() == Some(&*kind))
                .cloned()
        };
        Some(Appointment {
            id: notes.id(self.id)?,
            status: self.status,
            kinds: self
                .service_type
                .into_iter()
                .chain(self.appointment_type)
                .collect(),
            reasons: self.reason_code,
            description: self.description,
            start: notes.moment("start", self.start),
            end: notes.moment("end", self.end),
            minutes: self.minutes_duration,
            patient: of("Patient").next(),
            practitioners: of("Practitioner").collect(),
            locations: of("Location").collect(),
        })
    }
}
