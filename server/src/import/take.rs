//! What one resource becomes.

use super::about::{entity, patient_reference, recall, same_person, same_record};
use super::mapping::{self, MappingFault, Unmapped, broken_rule};
use super::plan::{Making, Planner};
use super::report::Place;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::coverage::{Coverage, RecordCoverage};
use domain::id::*;
use domain::patients::RegisterPatient;
use domain::row::{Entity, Row};
use domain::validate::Validate;
use fhir::{Reference, Resource};

/// Rows carry no instant of their own here: the server puts in the one at which they are recorded, and a second run
/// must make the same commands.
const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

impl Planner {
    /// A practitioner: recorded, or here already under this or another id.
    pub(super) fn practitioner(
        &mut self,
        from: &fhir::Practitioner,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        let id = PractitionerId(self.ids.row("Practitioner", &from.id));
        let by_number = from.npi.as_deref().and_then(|npi| self.places.by_npi(npi));
        if let Some(known) = by_number.map(|known| known.id).filter(|known| *known != id) {
            self.same.insert(from.id.clone(), known);
            making.already("Practitioner", true);
            return Ok(());
        }
        let taxonomy = recall(&self.taxonomies, &from.id, &from.identifiers).cloned();
        let row = mapping::practitioner_of(from, id, taxonomy)?;
        if let Some(fault) = mapping::practitioner_left_out(from) {
            making.report.warn(place, fault);
        }
        if let Some(known) = making.here.row(Entity::Practitioner, id.0) {
            let same = *known == Row::Practitioner(row);
            making.already("Practitioner", same);
            return Ok(());
        }
        self.push(
            making,
            Command::RecordPractitioner(row),
            [("Practitioner", 1)].into(),
            place,
        )
    }

    /// A patient: registered, here already, or refused with everything that is about them.
    pub(super) fn patient(
        &mut self,
        from: &fhir::Patient,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        let id = PatientId(self.ids.row("Patient", &from.id));
        let row = mapping::patient_of(from, id, AT)
            .and_then(|row| broken_rule("Patient", &row.faults(self.today)).map_or(Ok(row), Err));
        let row = row.inspect_err(|_| {
            if !self.known.contains(&id) && making.here.row(Entity::Patient, id.0).is_none() {
                self.refused.insert(id);
            }
        })?;
        if let Some(Row::Patient(known)) = making.here.row(Entity::Patient, id.0) {
            if !same_person(known, &row) {
                self.refused.insert(id);
                let problem = "Another person is recorded here under this id. If the file is from another system, name \
                               it with --source; else compare both by hand.";
                return Err(MappingFault::new("Patient.id", problem).into());
            }
            making.already("Patient", same_record(known, &row));
            self.known.insert(id);
            return Ok(());
        }
        if !self.known.insert(id) {
            making.already("Patient", true);
            return Ok(());
        }
        self.refused.remove(&id);
        for fault in mapping::patient_left_out(from) {
            making.report.warn(place, fault);
        }
        making.patients.insert(id, row.clone());
        self.push(
            making,
            Command::RegisterPatient(RegisterPatient {
                patient: row,
                site_id: None,
            }),
            [("Patient", 1)].into(),
            place,
        )
    }

    /// A coverage of someone who is here or being taken in.
    pub(super) fn coverage(
        &self,
        from: &fhir::Coverage,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        let patient = self.whose(&from.beneficiary, "Coverage.beneficiary", making)?;
        let id = CoverageId(self.ids.row("Coverage", &from.id));
        let payor = from.payors.first();
        let payer = payor.and_then(|to| {
            let id = to
                .id
                .as_ref()
                .map(|id| making.aliases.get(id).unwrap_or(id).as_str());
            recall(&self.payers, id.unwrap_or_default(), to.identifier.as_slice())
        });
        let holder = self
            .holder(from, &making.aliases)
            .and_then(|id| making.patient(id));
        let row = mapping::coverage_of(
            from,
            id,
            patient,
            payer.map(String::as_str),
            holder.map(mapping::subscriber_of),
            AT,
        )?;
        if let Some(fault) = broken_rule("Coverage", &row.faults(self.today)) {
            return Err(fault.into());
        }
        if let Some(Row::Coverage(known)) = making.here.row(Entity::Coverage, id.0) {
            let same = Coverage {
                recorded_at: known.recorded_at,
                ..row
            } == *known;
            making.already("Coverage", same);
            return Ok(());
        }
        let args = RecordCoverage {
            coverage: row,
            replaces_from: None,
        };
        self.push(
            making,
            Command::RecordCoverage(args),
            [("Coverage", 1)].into(),
            place,
        )
    }

    /// An item of history: waits for the others of its patient.
    pub(super) fn history(
        &self,
        resource: &Resource,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        let (kind, Some(entity)) = (resource.resource_type(), entity(resource)) else {
            return Ok(());
        };
        let field = if matches!(kind, "Immunization" | "AllergyIntolerance") {
            "patient"
        } else {
            "subject"
        };
        let Some(reference) = patient_reference(resource) else {
            return Err(Unmapped::Skipped("is about no single patient"));
        };
        let patient = self.whose(reference, &format!("{kind}.{field}"), making)?;
        let id = self.ids.row(kind, resource.id());
        let item = HistoryItemId(id);
        let row = match resource {
            Resource::Encounter(from) => {
                Row::Encounter(mapping::encounter_of(from, EncounterId(id), patient)?)
            }
            Resource::Condition(from) => Row::HistoryItem(mapping::condition_of(from, item, patient)?),
            Resource::MedicationRequest(from) => {
                Row::HistoryItem(mapping::medication_of(from, item, patient)?)
            }
            Resource::Immunization(from) => Row::HistoryItem(mapping::immunization_of(from, item, patient)?),
            Resource::AllergyIntolerance(from) => Row::HistoryItem(mapping::allergy_of(from, item, patient)?),
            _ => return Ok(()),
        };
        match making.here.row(entity, id) {
            Some(known) => {
                let same = *known == row;
                making.already(kind, same);
            }
            None => making
                .histories
                .entry(patient)
                .or_default()
                .push((place.clone(), row)),
        }
        Ok(())
    }

    /// The patient that a resource belongs to, when they are here or are being taken in.
    pub(super) fn whose(
        &self,
        to: &Reference,
        field: &str,
        making: &Making<'_>,
    ) -> Result<PatientId, Unmapped> {
        let id = self.patient_id(to, &making.aliases);
        let problem = match id {
            Some(id) if self.refused.contains(&id) => "Its patient was refused.",
            Some(id) if self.known.contains(&id) || making.here.row(Entity::Patient, id.0).is_some() => {
                return Ok(id);
            }
            Some(_) => "Its patient is neither here nor in the files read before. Import the patients too.",
            None => "The reference names no patient by id. Export it with direct references.",
        };
        Err(MappingFault::new(field, problem).into())
    }
}
