//! Appointments that are still to come, with whom and where the practice has them.

use super::mapping::{self, MappingFault, Named, Unmapped};
use super::plan::{Making, Planner};
use super::report::Place;
use domain::command::Command;
use domain::id::{AppointmentId, PractitionerId};
use domain::practice::Practitioner;
use domain::row::{Entity, Row};
use fhir::{Appointment, Concept, NPI_SYSTEM, Reference};

impl Planner {
    /// A time that was agreed on: booked, here already, or refused with what is to be entered first.
    pub(super) fn appointment(
        &self,
        from: &Appointment,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        let start_at = mapping::is_to_come(from, self.today)?;
        let Some(patient) = &from.patient else {
            return Err(Unmapped::Skipped("is about no single patient"));
        };
        let patient = self.whose(patient, "Appointment.participant", making)?;
        let id = AppointmentId(self.ids.row("Appointment", &from.id));
        if let Some(Row::Appointment(known)) = making.here.row(Entity::Appointment, id.0) {
            let same = known.patient_id == patient && known.start_at == start_at;
            making.already("Appointment", same);
            return Ok(());
        }
        let fault = |field: &str, problem: &str| Unmapped::from(MappingFault::new(field, problem));
        let kinds = from.kinds.iter().flat_map(names);
        let kind = self.places.kind(kinds).ok_or_else(|| {
            fault(
                "Appointment.serviceType",
                "No kind of visit here is called so. Enter one of that name under Hours, then import again.",
            )
        })?;
        let at = from.locations.iter().filter_map(|to| self.location(to, making));
        let site = self.places.site(at).ok_or_else(|| {
            fault(
                "Appointment.participant",
                "No site here is called like its place. Enter it under Practice, then import again.",
            )
        })?;
        let with = from.practitioners.iter().find_map(|to| self.with(to, making));
        let known = with.and_then(|id| self.places.by_id(id));
        let practitioner = known.filter(|known| known.site_ids.contains(&site)).ok_or_else(|| {
            fault(
                "Appointment.participant",
                "Who it is with does not work at that site here. Enter them under Practice, then import again.",
            )
        })?;
        let named = Named {
            patient,
            site,
            practitioner: practitioner.id,
            kind,
        };
        let booking = mapping::booking_of(from, id, start_at, &named);
        self.push(
            making,
            Command::BookAppointment(booking),
            [("Appointment", 1)].into(),
            place,
        )
    }

    /// What a place is called.
    fn location<'a>(&'a self, to: &'a Reference, making: &'a Making<'_>) -> Option<&'a str> {
        let told = self.told(to, making).and_then(|id| self.locations.get(id));
        told.map(String::as_str).or(to.display.as_deref())
    }

    /// Who somebody is here.
    fn with(&self, to: &Reference, making: &Making<'_>) -> Option<PractitionerId> {
        let number = to
            .identifier
            .as_ref()
            .filter(|one| one.system.as_deref() == Some(NPI_SYSTEM));
        let number = number.and_then(|one| one.value.as_deref());
        let by_number = || self.places.by_npi(number?);
        // Whoever is known by another number is another one of that name.
        let is_other = |known: &&Practitioner| matches!((number, known.npi.as_deref()), (Some(said), Some(npi)) if said != npi);
        let by_name = || {
            let known = self.places.by_name(to.display.as_deref()?);
            known.filter(|known| !is_other(known))
        };
        let told = self.told(to, making).map(|id| {
            let same = self.same.get(id).copied();
            same.unwrap_or_else(|| PractitionerId(self.ids.row("Practitioner", id)))
        });
        told.filter(|id| self.places.by_id(*id).is_some())
            .or_else(|| by_number().or_else(by_name).map(|known| known.id))
    }

    /// The id that a reference means.
    fn told<'a>(&self, to: &'a Reference, making: &'a Making<'_>) -> Option<&'a str> {
        let id = to.id.as_ref()?;
        Some(making.aliases.get(id).unwrap_or(id))
    }
}

/// Everything that a concept is called.
fn names(concept: &Concept) -> impl Iterator<Item = &str> {
    let displays = concept
        .codings
        .iter()
        .filter_map(|coding| coding.display.as_deref());
    concept.text.as_deref().into_iter().chain(displays)
}
