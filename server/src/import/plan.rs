//! What a chunk becomes: commands for what is new, and counts for everything else. No I/O: the rows that are there
//! already are handed in.

use super::files::Chunk;
use super::about::{about_claim, entity, kind_of, patient_reference, recall, remember, same_person, same_record};
use super::ids::Ids;
use super::mapping::{self, MappingFault, Unmapped, broken_rule};
use super::report::{Place, Report};
use chrono::{DateTime, NaiveDate, Utc};
use domain::command::Command;
use domain::coverage::{Coverage, RecordCoverage};
use domain::decide::Refusal;
use domain::encounters::RecordHistory;
use domain::id::*;
use domain::patients::{Patient, RegisterPatient};
use domain::row::{Entity, Key, Row, Rows};
use domain::text::Lang;
use domain::validate::Validate;
use fhir::{Reference, Resource, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Rows in one history command.
const MOST_ROWS: usize = 200;
/// Rows carry no instant of their own here: the server puts in the one at which they are recorded, and a second run
/// must make the same commands.
const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// A command, and which resources it is made of.
pub struct Planned {
    /// Follows from the content.
    pub id: CommandId,
    /// What to do.
    pub command: Command,
    made_of: BTreeMap<&'static str, u64>,
    place: Place,
}

impl Planned {
    /// Counts it as taken.
    pub fn taken(&self, report: &mut Report) {
        for (kind, count) in &self.made_of {
            report.kind(kind).taken += count;
        }
    }

    /// Counts it as refused.
    pub fn refused(&self, refusal: &Refusal, report: &mut Report) {
        let problem = refusal.sentence(Lang::En);
        for (kind, count) in &self.made_of {
            report.refuse(kind, &self.place, &MappingFault { field: (*kind).to_owned(), problem: problem.clone() }, *count);
        }
    }
}

/// What is remembered from chunk to chunk: names of payers, specialties, and who is known; never whole records.
pub struct Planner {
    ids: Ids,
    today: NaiveDate,
    payers: HashMap<String, String>,
    taxonomies: HashMap<String, String>,
    known: HashSet<PatientId>,
    refused: HashSet<PatientId>,
}

/// One chunk in the making.
struct Making<'a> {
    chunk_file: std::sync::Arc<str>,
    aliases: std::sync::Arc<HashMap<String, String>>,
    here: &'a Rows,
    report: &'a mut Report,
    commands: Vec<Planned>,
    histories: BTreeMap<PatientId, Vec<(Place, Row)>>,
    patients: HashMap<PatientId, Patient>,
}

impl Planner {
    /// Knows nobody yet.
    pub fn new(ids: Ids, today: NaiveDate) -> Self {
        Planner {
            ids,
            today,
            payers: HashMap::new(),
            taxonomies: HashMap::new(),
            known: HashSet::new(),
            refused: HashSet::new(),
        }
    }

    /// The rows to look up before a chunk is planned.
    pub fn wanted(&self, chunk: &Chunk) -> BTreeSet<Key> {
        let mut keys = BTreeSet::new();
        for entry in &chunk.entries {
            let (kind, id) = (entry.resource.resource_type(), entry.resource.id());
            if let Some(entity) = entity(&entry.resource) {
                keys.insert(Key::Row(entity, self.ids.row(kind, id)));
            }
            let patient = patient_reference(&entry.resource).and_then(|to| self.patient_id(to, &chunk.aliases));
            if let Some(patient) = patient.filter(|id| !self.known.contains(id)) {
                keys.insert(Key::Row(Entity::Patient, patient.0));
            }
            if let Resource::Coverage(coverage) = &entry.resource
                && let Some(holder) = self.holder(coverage, &chunk.aliases)
            {
                keys.insert(Key::Row(Entity::Patient, holder.0));
            }
        }
        keys
    }

    fn patient_id(&self, to: &Reference, aliases: &HashMap<String, String>) -> Option<PatientId> {
        if to.resource_type.as_deref().is_some_and(|kind| kind != "Patient") {
            return None;
        }
        let id = to.id.as_ref()?;
        Some(PatientId(self.ids.row("Patient", aliases.get(id).unwrap_or(id))))
    }

    fn holder(&self, coverage: &fhir::Coverage, aliases: &HashMap<String, String>) -> Option<PatientId> {
        let holder = coverage.subscriber.as_ref().or(coverage.policy_holder.as_ref())?;
        self.patient_id(holder, aliases).filter(|_| !mapping::is_own(coverage))
    }

    /// What a chunk becomes beside the rows that are `here`.
    pub fn plan(&mut self, chunk: Chunk, here: &Rows, report: &mut Report) -> Vec<Planned> {
        report.bytes += chunk.bytes;
        for (kind, count) in &chunk.passed_over {
            report.kind(kind).read += count;
            report.skip(kind, "this kind is not kept", *count);
        }
        for fault in chunk.faults {
            let kind = fault.resource_type.unwrap_or_else(|| "(unreadable)".to_owned());
            let place = Place { file: chunk.file.clone(), at: fault.at };
            let told = MappingFault { field: fault.field.unwrap_or_else(|| kind.clone()), problem: fault.problem };
            match fault.severity {
                Severity::Warning => report.warn(&place, told),
                Severity::Refused => {
                    report.kind(&kind).read += 1;
                    report.refuse(&kind, &place, &told, 1);
                }
            }
        }
        let mut making = Making {
            chunk_file: chunk.file,
            aliases: chunk.aliases,
            here,
            report,
            commands: Vec::new(),
            histories: BTreeMap::new(),
            patients: HashMap::new(),
        };
        for entry in chunk.entries {
            let kind = entry.resource.resource_type();
            let place = Place { file: making.chunk_file.clone(), at: entry.at };
            making.report.kind(kind).read += 1;
            match self.resource(&entry.resource, &place, &mut making) {
                Ok(()) => {}
                Err(Unmapped::Skipped(reason)) => making.report.skip(kind, reason, 1),
                Err(Unmapped::Refused(fault)) => making.report.refuse(kind, &place, &fault, 1),
            }
        }
        self.histories(&mut making);
        making.commands
    }

    /// A command that will not stand: nobody may refer to its patient.
    pub fn undo(&mut self, planned: &Planned) {
        if let Command::RegisterPatient(args) = &planned.command {
            self.known.remove(&args.patient.id);
            self.refused.insert(args.patient.id);
        }
    }

    fn resource(&mut self, resource: &Resource, place: &Place, making: &mut Making<'_>) -> Result<(), Unmapped> {
        match resource {
            Resource::Organization(organisation) => {
                if let Some(name) = &organisation.name {
                    remember(&mut self.payers, &organisation.id, &organisation.identifiers, name);
                }
                Err(Unmapped::Skipped("only used for the names of payers"))
            }
            Resource::Location(_) => Err(Unmapped::Skipped("places are set up by hand")),
            Resource::Claim(claim) => Err(Unmapped::Skipped(about_claim(claim))),
            Resource::PractitionerRole(role) => {
                if let (Some(who), Some(code)) = (&role.practitioner, role.taxonomy.first()) {
                    let id = who.id.as_ref().map(|id| making.aliases.get(id).unwrap_or(id).as_str());
                    remember(&mut self.taxonomies, id.unwrap_or_default(), who.identifier.as_slice(), code);
                }
                Err(Unmapped::Skipped("only used for the specialty of its practitioner"))
            }
            Resource::Practitioner(practitioner) => self.practitioner(practitioner, place, making),
            Resource::Patient(patient) => self.patient(patient, place, making),
            Resource::Coverage(coverage) => self.coverage(coverage, place, making),
            other => self.history(other, place, making),
        }
    }

    fn practitioner(&self, from: &fhir::Practitioner, place: &Place, making: &mut Making<'_>) -> Result<(), Unmapped> {
        let id = PractitionerId(self.ids.row("Practitioner", &from.id));
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
        self.push(making, Command::RecordPractitioner(row), [("Practitioner", 1)].into(), place)
    }

    fn patient(&mut self, from: &fhir::Patient, place: &Place, making: &mut Making<'_>) -> Result<(), Unmapped> {
        let id = PatientId(self.ids.row("Patient", &from.id));
        let row = mapping::patient_of(from, id, AT).and_then(|row| {
            broken_rule("Patient", &row.faults(self.today)).map_or(Ok(row), Err)
        });
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
        self.push(making, Command::RegisterPatient(RegisterPatient { patient: row }), [("Patient", 1)].into(), place)
    }

    fn coverage(&self, from: &fhir::Coverage, place: &Place, making: &mut Making<'_>) -> Result<(), Unmapped> {
        let patient = self.whose(&from.beneficiary, "Coverage.beneficiary", making)?;
        let id = CoverageId(self.ids.row("Coverage", &from.id));
        let payor = from.payors.first();
        let payer = payor.and_then(|to| {
            let id = to.id.as_ref().map(|id| making.aliases.get(id).unwrap_or(id).as_str());
            recall(&self.payers, id.unwrap_or_default(), to.identifier.as_slice())
        });
        let holder = self.holder(from, &making.aliases).and_then(|id| making.patient(id));
        let row = mapping::coverage_of(from, id, patient, payer.map(String::as_str), holder.map(mapping::subscriber_of), AT)?;
        if let Some(fault) = broken_rule("Coverage", &row.faults(self.today)) {
            return Err(fault.into());
        }
        if let Some(Row::Coverage(known)) = making.here.row(Entity::Coverage, id.0) {
            let same = Coverage { recorded_at: known.recorded_at, ..row } == *known;
            making.already("Coverage", same);
            return Ok(());
        }
        let args = RecordCoverage { coverage: row, replaces_from: None };
        self.push(making, Command::RecordCoverage(args), [("Coverage", 1)].into(), place)
    }

    fn history(&self, resource: &Resource, place: &Place, making: &mut Making<'_>) -> Result<(), Unmapped> {
        let (kind, Some(entity)) = (resource.resource_type(), entity(resource)) else { return Ok(()) };
        let field = if matches!(kind, "Immunization" | "AllergyIntolerance") { "patient" } else { "subject" };
        let Some(reference) = patient_reference(resource) else {
            return Err(Unmapped::Skipped("is about no single patient"));
        };
        let patient = self.whose(reference, &format!("{kind}.{field}"), making)?;
        let id = self.ids.row(kind, resource.id());
        let item = HistoryItemId(id);
        let row = match resource {
            Resource::Encounter(from) => Row::Encounter(mapping::encounter_of(from, EncounterId(id), patient)?),
            Resource::Condition(from) => Row::HistoryItem(mapping::condition_of(from, item, patient)?),
            Resource::MedicationRequest(from) => Row::HistoryItem(mapping::medication_of(from, item, patient)?),
            Resource::Immunization(from) => Row::HistoryItem(mapping::immunization_of(from, item, patient)?),
            Resource::AllergyIntolerance(from) => Row::HistoryItem(mapping::allergy_of(from, item, patient)?),
            _ => return Ok(()),
        };
        match making.here.row(entity, id) {
            Some(known) => {
                let same = *known == row;
                making.already(kind, same);
            }
            None => making.histories.entry(patient).or_default().push((place.clone(), row)),
        }
        Ok(())
    }

    /// The patient that a resource belongs to, when they are here or are being taken in.
    fn whose(&self, to: &Reference, field: &str, making: &Making<'_>) -> Result<PatientId, Unmapped> {
        let id = self.patient_id(to, &making.aliases);
        let problem = match id {
            Some(id) if self.refused.contains(&id) => "Its patient was refused.",
            Some(id) if self.known.contains(&id) || making.here.row(Entity::Patient, id.0).is_some() => return Ok(id),
            Some(_) => "Its patient is neither here nor in the files read before. Import the patients too.",
            None => "The reference names no patient by id. Export it with direct references.",
        };
        Err(MappingFault::new(field, problem).into())
    }

    /// One command per patient, and more when there is much.
    fn histories(&self, making: &mut Making<'_>) {
        for (patient_id, rows) in std::mem::take(&mut making.histories) {
            let mut rows = rows.into_iter().peekable();
            while let Some((place, _)) = rows.peek() {
                let place = place.clone();
                let mut made_of = BTreeMap::new();
                let mut args = RecordHistory { patient_id, encounters: Vec::new(), items: Vec::new() };
                for (_, row) in rows.by_ref().take(MOST_ROWS) {
                    *made_of.entry(kind_of(&row)).or_default() += 1;
                    match row {
                        Row::Encounter(encounter) => args.encounters.push(encounter),
                        Row::HistoryItem(item) => args.items.push(item),
                        _ => {}
                    }
                }
                if let Err(Unmapped::Refused(fault)) = self.push(making, Command::RecordHistory(args), made_of, &place) {
                    making.report.refuse("(unreadable)", &place, &fault, 1);
                }
            }
        }
    }

    fn push(
        &self,
        making: &mut Making<'_>,
        command: Command,
        made_of: BTreeMap<&'static str, u64>,
        place: &Place,
    ) -> Result<(), Unmapped> {
        let id = self.ids.command(&command);
        let id = id.map_err(|_| MappingFault::new(command.name().as_str(), "This cannot be written as a command."))?;
        making.commands.push(Planned { id, command, made_of, place: place.clone() });
        Ok(())
    }
}

impl Making<'_> {
    /// Counts something that is recorded already.
    fn already(&mut self, kind: &str, same: bool) {
        let counts = self.report.kind(kind);
        if same {
            counts.here += 1;
        } else {
            counts.differs += 1;
        }
    }

    /// A patient of this chunk, or of before.
    fn patient(&self, id: PatientId) -> Option<&Patient> {
        let here = self.here.row(Entity::Patient, id.0).and_then(|row| match row {
            Row::Patient(patient) => Some(patient),
            _ => None,
        });
        self.patients.get(&id).or(here)
    }
}
