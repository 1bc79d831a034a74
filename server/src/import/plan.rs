//! What a chunk becomes: commands for what is new, and counts for everything else. No I/O: the rows that are there
//! already are handed in.

use super::about::{about_claim, entity, kind_of, patient_reference, remember};
use super::files::Chunk;
use super::ids::Ids;
use super::mapping::{self, MappingFault, Unmapped};
use super::places::Places;
use super::report::{Place, Report};
use chrono::NaiveDate;
use domain::command::Command;
use domain::decide::Refusal;
use domain::encounters::RecordHistory;
use domain::id::*;
use domain::patients::Patient;
use domain::row::{Entity, Key, Row, Rows};
use domain::text::Lang;
use fhir::{Reference, Resource, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Rows in one history command.
const MOST_ROWS: usize = 200;

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
            report.refuse(
                kind,
                &self.place,
                &MappingFault {
                    field: (*kind).to_owned(),
                    problem: problem.clone(),
                },
                *count,
            );
        }
    }
}

/// What is remembered from chunk to chunk: names of payers and places, specialties, and who is known; never whole records.
pub struct Planner {
    pub(super) ids: Ids,
    pub(super) today: NaiveDate,
    pub(super) payers: HashMap<String, String>,
    pub(super) taxonomies: HashMap<String, String>,
    pub(super) locations: HashMap<String, String>,
    /// Those whom the practice has under another id, known by their national number.
    pub(super) same: HashMap<String, PractitionerId>,
    pub(super) places: Places,
    pub(super) known: HashSet<PatientId>,
    pub(super) refused: HashSet<PatientId>,
}

/// One chunk in the making.
pub(super) struct Making<'a> {
    pub(super) chunk_file: std::sync::Arc<str>,
    pub(super) aliases: std::sync::Arc<HashMap<String, String>>,
    pub(super) here: &'a Rows,
    pub(super) report: &'a mut Report,
    pub(super) commands: Vec<Planned>,
    pub(super) histories: BTreeMap<PatientId, Vec<(Place, Row)>>,
    pub(super) patients: HashMap<PatientId, Patient>,
}

impl Planner {
    /// Knows nobody yet.
    pub fn new(ids: Ids, today: NaiveDate, places: Places) -> Self {
        Planner {
            ids,
            today,
            payers: HashMap::new(),
            taxonomies: HashMap::new(),
            locations: HashMap::new(),
            same: HashMap::new(),
            places,
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
            let patient =
                patient_reference(&entry.resource).and_then(|to| self.patient_id(to, &chunk.aliases));
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

    pub(super) fn patient_id(&self, to: &Reference, aliases: &HashMap<String, String>) -> Option<PatientId> {
        if to.resource_type.as_deref().is_some_and(|kind| kind != "Patient") {
            return None;
        }
        let id = to.id.as_ref()?;
        Some(PatientId(self.ids.row("Patient", aliases.get(id).unwrap_or(id))))
    }

    pub(super) fn holder(
        &self,
        coverage: &fhir::Coverage,
        aliases: &HashMap<String, String>,
    ) -> Option<PatientId> {
        let holder = coverage.subscriber.as_ref().or(coverage.policy_holder.as_ref())?;
        self.patient_id(holder, aliases)
            .filter(|_| !mapping::is_own(coverage))
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
            let place = Place {
                file: chunk.file.clone(),
                at: fault.at,
            };
            let told = MappingFault {
                field: fault.field.unwrap_or_else(|| kind.clone()),
                problem: fault.problem,
            };
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
            let place = Place {
                file: making.chunk_file.clone(),
                at: entry.at,
            };
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

    fn resource(
        &mut self,
        resource: &Resource,
        place: &Place,
        making: &mut Making<'_>,
    ) -> Result<(), Unmapped> {
        match resource {
            Resource::Organization(organisation) => {
                if let Some(name) = &organisation.name {
                    remember(
                        &mut self.payers,
                        &organisation.id,
                        &organisation.identifiers,
                        name,
                    );
                }
                Err(Unmapped::Skipped("only used for the names of payers"))
            }
            Resource::Location(location) => {
                if let Some(name) = &location.name {
                    remember(&mut self.locations, &location.id, &location.identifiers, name);
                }
                Err(Unmapped::Skipped("only used for the names of places"))
            }
            Resource::Claim(claim) => Err(Unmapped::Skipped(about_claim(claim))),
            Resource::PractitionerRole(role) => {
                if let (Some(who), Some(code)) = (&role.practitioner, role.taxonomy.first()) {
                    let id = who
                        .id
                        .as_ref()
                        .map(|id| making.aliases.get(id).unwrap_or(id).as_str());
                    remember(
                        &mut self.taxonomies,
                        id.unwrap_or_default(),
                        who.identifier.as_slice(),
                        code,
                    );
                }
                Err(Unmapped::Skipped(
                    "only used for the specialty of its practitioner",
                ))
            }
            Resource::Practitioner(practitioner) => self.practitioner(practitioner, place, making),
            Resource::Patient(patient) => self.patient(patient, place, making),
            Resource::Coverage(coverage) => self.coverage(coverage, place, making),
            Resource::Appointment(appointment) => self.appointment(appointment, place, making),
            other => self.history(other, place, making),
        }
    }

    /// One command per patient, and more when there is much.
    fn histories(&self, making: &mut Making<'_>) {
        for (patient_id, rows) in std::mem::take(&mut making.histories) {
            let mut rows = rows.into_iter().peekable();
            while let Some((place, _)) = rows.peek() {
                let place = place.clone();
                let mut made_of = BTreeMap::new();
                let mut args = RecordHistory {
                    patient_id,
                    encounters: Vec::new(),
                    items: Vec::new(),
                };
                for (_, row) in rows.by_ref().take(MOST_ROWS) {
                    *made_of.entry(kind_of(&row)).or_default() += 1;
                    match row {
                        Row::Encounter(encounter) => args.encounters.push(encounter),
                        Row::HistoryItem(item) => args.items.push(item),
                        _ => {}
                    }
                }
                if let Err(Unmapped::Refused(fault)) =
                    self.push(making, Command::RecordHistory(args), made_of, &place)
                {
                    making.report.refuse("(unreadable)", &place, &fault, 1);
                }
            }
        }
    }

    pub(super) fn push(
        &self,
        making: &mut Making<'_>,
        command: Command,
        made_of: BTreeMap<&'static str, u64>,
        place: &Place,
    ) -> Result<(), Unmapped> {
        let id = self.ids.command(&command);
        let id = id.map_err(|_| {
            MappingFault::new(command.name().as_str(), "This cannot be written as a command.")
        })?;
        making.commands.push(Planned {
            id,
            command,
            made_of,
            place: place.clone(),
        });
        Ok(())
    }
}

impl Making<'_> {
    /// Counts something that is recorded already.
    pub(super) fn already(&mut self, kind: &str, same: bool) {
        let counts = self.report.kind(kind);
        if same {
            counts.here += 1;
        } else {
            counts.differs += 1;
        }
    }

    /// A patient of this chunk, or of before.
    pub(super) fn patient(&self, id: PatientId) -> Option<&Patient> {
        let here = self.here.row(Entity::Patient, id.0).and_then(|row| match row {
            Row::Patient(patient) => Some(patient),
            _ => None,
        });
        self.patients.get(&id).or(here)
    }
}
