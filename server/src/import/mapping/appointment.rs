//! Times that were agreed on and are still to come.

use super::{Unmapped, refused, text};
use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use domain::id::{AppointmentId, PatientId, PractitionerId, SiteId};
use domain::schedule::{BookAppointment, Mode, Place, Scenario, VisitType};
use fhir::{Appointment, Concept};

/// Longest reason that is kept, in characters.
const MOST: usize = 400;
/// Why a time may lie beside another, or outside of the hours: it was promised already.
pub const AGREED: &str = "Agreed on in the system before";

/// What an appointment names and the practice has.
pub struct Named<'a> {
    /// Whose.
    pub patient: PatientId,
    /// Where.
    pub site: SiteId,
    /// With whom.
    pub practitioner: PractitionerId,
    /// For what.
    pub kind: &'a VisitType,
}

/// Passes over what nobody will come to: what is over or was called off, and what was never agreed on.
pub fn is_to_come(from: &Appointment, today: NaiveDate) -> Result<DateTime<Utc>, Unmapped> {
    match from.status.as_deref() {
        Some("booked" | "arrived" | "checked-in") => {}
        Some("fulfilled" | "noshow") => return Err(Unmapped::Skipped("is over")),
        Some("cancelled") => return Err(Unmapped::Skipped("was called off")),
        Some("entered-in-error") => return Err(Unmapped::Skipped("entered in error")),
        _ => return Err(Unmapped::Skipped("was not agreed on yet")),
    }
    let Some(start) = from.start.and_then(|start| start.instant) else {
        return refused(
            "Appointment.start",
            "There is no time with its zone at which it begins. Add it.",
        );
    };
    let start = start.with_timezone(&Utc).trunc_subsecs(0);
    match start.date_naive() < today {
        true => Err(Unmapped::Skipped("is over")),
        false => Ok(start),
    }
}

/// The booking.
pub fn booking_of(
    from: &Appointment,
    id: AppointmentId,
    start_at: DateTime<Utc>,
    named: &Named<'_>,
) -> BookAppointment {
    let end = from.end.and_then(|end| end.instant);
    let said = from
        .minutes
        .map(i64::from)
        .or_else(|| end.map(|end| (end.with_timezone(&Utc) - start_at).num_minutes()));
    let words = from.reasons.iter().find_map(Concept::words);
    let reason = text(words.or(from.description.as_deref()));
    BookAppointment {
        appointment_id: id,
        patient_id: named.patient,
        visit_type_id: named.kind.id,
        place: Place {
            site_id: named.site,
            practitioner_ids: vec![named.practitioner],
            resource_ids: Vec::new(),
            start_at,
            minutes: said
                .and_then(|minutes| u16::try_from(minutes).ok())
                .filter(|minutes| *minutes > 0)
                .unwrap_or(named.kind.minutes),
            mode: Mode::InPerson,
        },
        scenario: Scenario::Insurance,
        reason: reason.map(|line| line.chars().take(MOST).collect()),
        referral: None,
        overbook_reason: Some(AGREED.to_owned()),
        hold_minutes: None,
        series_id: None,
    }
}
