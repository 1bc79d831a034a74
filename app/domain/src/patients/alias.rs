//! Two records that are one person: joined, followed by everything that is said later, and taken apart again.
//!
//! Joining moves every row of one record to the other. The record that was joined stays where it is, under an alias
//! (FHIR Patient.link "replaced-by"), and whatever is said of it from then on, by a device that had not heard of the
//! joining, is said of the survivor. Taking apart moves the same rows back; what came since stays with the survivor,
//! where it was entered.

use super::*;
use crate::command::Command;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::json::Json;
use crate::row::{Entity, Key, Row, View};
use serde_json::Value;
use uuid::Uuid;

/// What a joined record became. One for each record that was ever joined to another.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientAlias {
    /// The joined record's own id.
    pub id: PatientId,
    /// The record that survives.
    pub patient_id: PatientId,
    /// Rows that were moved, and are moved back.
    pub moved: Vec<Moved>,
    /// Fields of the survivor that were taken from the joined record.
    pub took: Vec<Took>,
    /// Where the survivor belonged before; nothing for the whole practice.
    pub belonged: Option<Belonged>,
    /// Who joined them.
    pub merged_by: String,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// Who took them apart again.
    pub undone_by: Option<String>,
    /// When.
    pub undone_at: Option<DateTime<Utc>>,
}

/// A row that went from one record to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Of which kind.
    pub entity: Entity,
    /// Which.
    pub id: Uuid,
}

/// Where someone belonged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belonged {
    /// Sites they came to.
    pub site_ids: Vec<SiteId>,
    /// Whose panel they were on.
    pub practitioner_ids: Vec<PractitionerId>,
}

/// A field that the survivor has from the joined record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Took {
    /// Which.
    pub field: PatientField,
    /// What the survivor had before.
    pub before: Value,
    /// What it has since.
    pub after: Value,
}

/// Joins two records of one person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MergePatients {
    /// The record that survives.
    pub keep: PatientId,
    /// The one that becomes its alias.
    pub other: PatientId,
    /// Fields that are right in the other one.
    pub take: Vec<PatientField>,
}

/// Takes two records apart that were joined by mistake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnmergePatients {
    /// The survivor.
    pub patient_id: PatientId,
    /// The one that was joined to it.
    pub other: PatientId,
}
crate::redacted_debug!(PatientAlias, Took);

/// The kinds of rows that belong to a patient and move with them. Where a patient belongs is united instead, and what
/// was told apart stays told apart.
const MOVE: [Entity; 17] = [
    Entity::RelatedPerson,
    Entity::Conflict,
    Entity::Coverage,
    Entity::Intake,
    Entity::QuestionnaireResponse,
    Entity::Consent,
    Entity::Encounter,
    Entity::HistoryItem,
    Entity::TrayItem,
    Entity::AppointmentSeries,
    Entity::Appointment,
    Entity::WaitlistEntry,
    Entity::Task,
    Entity::Recall,
    Entity::Referral,
    Entity::Notice,
    Entity::PatientAlias,
];

/// Longest chain of records that were joined one to the other. Joining moves aliases, so that there is none.
const CHAIN: usize = 8;

/// Where the alias of a record is.
pub fn alias_key(patient: PatientId) -> Key {
    Key::Row(Entity::PatientAlias, patient.0)
}

fn both(keep: PatientId, other: PatientId, kinds: &[Entity]) -> Vec<Key> {
    let mut keys = Vec::new();
    for patient in [keep, other] {
        keys.push(Key::Row(Entity::Patient, patient.0));
        keys.push(membership::key(patient));
        keys.push(alias_key(patient));
        keys.extend(kinds.iter().map(|entity| Key::OfPatient(*entity, patient)));
    }
    keys
}

impl MergePatients {
    /// What joining looks at.
    pub fn reads(&self) -> Vec<Key> {
        let mut keys = both(self.keep, self.other, &MOVE);
        keys.push(Key::Row(Entity::PatientLink, link_id(self.keep, self.other).0));
        keys
    }
}

impl UnmergePatients {
    /// What taking apart looks at.
    pub fn reads(&self) -> Vec<Key> {
        both(self.patient_id, self.other, &MOVE)
    }
}

fn alias_of(view: &impl View, patient: PatientId) -> Option<PatientAlias> {
    match view.one(&alias_key(patient)) {
        Some(Row::PatientAlias(alias)) if alias.undone_at.is_none() => Some(alias),
        _ => None,
    }
}

/// The record that stands for a patient: their own, unless it was joined to another.
pub fn survivor(view: &impl View, patient: PatientId) -> PatientId {
    let mut now = patient;
    for _ in 0..CHAIN {
        match alias_of(view, now) {
            Some(alias) => now = alias.patient_id,
            None => break,
        }
    }
    now
}

/// The same words about another patient. Ids are unique in every text that holds one, so that nothing else is meant.
fn about(text: &str, from: PatientId, to: PatientId) -> String {
    text.replace(&from.0.to_string(), &to.0.to_string())
}

/// The command as it is meant, when it speaks of a record that was joined to another.
pub fn followed(view: &impl View, command: &Command) -> Option<Command> {
    // Those speak of the records themselves.
    if matches!(
        command,
        Command::MergePatients(_) | Command::UnmergePatients(_) | Command::MarkDistinct(_)
    ) {
        return None;
    }
    let patient = command.patient_id()?;
    let survivor = survivor(view, patient);
    if survivor == patient {
        return None;
    }
    let args = command.args().ok()?;
    let args: Json = serde_json::from_str(&about(args.text(), patient, survivor)).ok()?;
    let name = command.name();
    Command::from_wire(name.as_str(), name.version(), &args).ok()
}

/// A row, of another patient.
fn moved(row: &Row, from: PatientId, to: PatientId) -> Option<Row> {
    // Somebody around the patient may be the very patient whose record this becomes: who they are stays.
    if let Row::RelatedPerson(person) = row {
        let patient_id = if person.patient_id == from {
            to
        } else {
            person.patient_id
        };
        return Some(Row::RelatedPerson(RelatedPerson {
            patient_id,
            ..person.clone()
        }));
    }
    let text = Json::of(row).ok()?;
    crate::json::read(about(text.text(), from, to).as_bytes()).ok()
}

fn patient(view: &impl View, id: PatientId) -> Result<Patient, Refusal> {
    match view.one(&Key::Row(Entity::Patient, id.0)) {
        Some(Row::Patient(patient)) => Ok(patient),
        _ => Err(Refusal::new(RefusalCode::NotFound).with("what", "patient")),
    }
}

/// Joins two records. What was told apart, or joined elsewhere, is not joined.
pub fn merge_patients(view: &impl View, ctx: &Ctx, args: &MergePatients) -> Result<Decision, Refusal> {
    let MergePatients { keep, other, take } = args;
    if keep == other {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "patient"));
    }
    let (mut survivor, joined) = (patient(view, *keep)?, patient(view, *other)?);
    for (id, beside) in [(*other, *keep), (*keep, *other)] {
        match alias_of(view, id) {
            // Two desks that say the same say it once.
            Some(alias) if id == *other && alias.patient_id == beside => {
                return Ok(Decision::facts(Vec::new()));
            }
            Some(alias) => {
                return Err(Refusal::new(RefusalCode::AlreadyReviewed).with("by", alias.merged_by));
            }
            None => {}
        }
    }
    if let Some(Row::PatientLink(link)) = view.one(&Key::Row(Entity::PatientLink, link_id(*keep, *other).0)) {
        return Err(Refusal::new(RefusalCode::AlreadyReviewed).with("by", link.decided_by));
    }
    let mut took = Vec::new();
    for field in take {
        let (before, after) = (field.read(&survivor), field.read(&joined));
        if before != after && field.write(&mut survivor, after.clone()).is_ok() {
            took.push(Took {
                field: *field,
                before,
                after,
            });
        }
    }
    let mut facts = vec![Row::Patient(survivor)];
    let mut list = Vec::new();
    for entity in MOVE {
        for row in view.get(&Key::OfPatient(entity, *other)) {
            if let Some(there) = moved(&row, *other, *keep) {
                list.push(Moved { entity, id: row.id() });
                facts.push(there);
            }
        }
    }
    let before = membership::membership_of(view, *keep);
    let joined = united(before.as_ref(), *keep, membership::membership_of(view, *other));
    // Whoever belonged to the whole practice without a row still does.
    if before.as_ref() != Some(&joined) && !(before.is_none() && joined.is_open()) {
        facts.push(Row::Membership(joined));
    }
    facts.push(Row::PatientAlias(PatientAlias {
        id: *other,
        patient_id: *keep,
        moved: list,
        took,
        belonged: before.filter(|before| !before.is_open()).map(|before| Belonged {
            site_ids: before.site_ids,
            practitioner_ids: before.practitioner_ids,
        }),
        merged_by: ctx.actor_name.clone(),
        merged_at: ctx.now,
        undone_by: None,
        undone_at: None,
    }));
    Ok(Decision::facts(facts))
}

/// The survivor belongs wherever either belonged. Whoever belonged to the whole practice goes on to.
fn united(before: Option<&Membership>, keep: PatientId, other: Option<Membership>) -> Membership {
    let joins = other.filter(|joins| !joins.is_open());
    match (before.filter(|own| !own.is_open()), joins) {
        (Some(own), Some(joins)) => Membership {
            set_aside: false,
            ..own.clone().with_all(&joins)
        },
        _ => Membership::new(keep),
    }
}

/// Where the survivor belonged, again, unless somebody has said something else since.
fn parted(view: &impl View, alias: &PatientAlias) -> Option<Row> {
    let keep = alias.patient_id;
    let before = alias.belonged.clone().map_or_else(
        || Membership::new(keep),
        |belonged| Membership {
            site_ids: belonged.site_ids,
            practitioner_ids: belonged.practitioner_ids,
            ..Membership::new(keep)
        },
    );
    let made = united(Some(&before), keep, membership::membership_of(view, alias.id));
    let now = membership::membership_of(view, keep)?;
    (now != before && (now.site_ids, now.practitioner_ids) == (made.site_ids, made.practitioner_ids))
        .then_some(Row::Membership(before))
}

/// Takes two records apart: what was moved goes back, unless someone moved it on; what was taken is given back, unless
/// someone has corrected it since.
pub fn unmerge_patients(view: &impl View, ctx: &Ctx, args: &UnmergePatients) -> Result<Decision, Refusal> {
    let UnmergePatients { patient_id, other } = args;
    let mut survivor = patient(view, *patient_id)?;
    let Some(alias) = alias_of(view, *other).filter(|alias| alias.patient_id == *patient_id) else {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "merge"));
    };
    for took in &alias.took {
        if took.field.read(&survivor) == took.after {
            // What it had before was sound then.
            let _sound = took.field.write(&mut survivor, took.before.clone());
        }
    }
    let mut facts = vec![Row::Patient(survivor)];
    for entity in MOVE {
        for row in view.get(&Key::OfPatient(entity, *patient_id)) {
            let was_moved = alias
                .moved
                .iter()
                .any(|one| one.entity == entity && one.id == row.id());
            if was_moved && let Some(back) = moved(&row, *patient_id, *other) {
                facts.push(back);
            }
        }
    }
    facts.extend(parted(view, &alias));
    facts.push(Row::PatientAlias(PatientAlias {
        undone_by: Some(ctx.actor_name.clone()),
        undone_at: Some(ctx.now),
        ..alias
    }));
    Ok(Decision::facts(facts))
}
