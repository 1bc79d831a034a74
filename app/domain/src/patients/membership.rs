//! Where a patient belongs: the sites they come to and the practitioners on whose panel they are. It decides which
//! devices are sent what is known of them.

use crate::decide::{Decision, Refusal, RefusalCode};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use serde::{Deserialize, Serialize};

/// One patient's sites and panel. Without a row, or with an empty one, the patient belongs to the whole practice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Membership {
    /// The patient's own id: there is one for each.
    pub id: PatientId,
    /// Whose.
    pub patient_id: PatientId,
    /// Sites they come to; sorted, each once.
    pub site_ids: Vec<SiteId>,
    /// Whose panel they are on; sorted, each once.
    pub practitioner_ids: Vec<PractitionerId>,
    /// Nobody had to do with them for so long that devices hold no more than the index. Whoever does again brings the
    /// record back, for everyone.
    #[serde(default)]
    pub set_aside: bool,
}

/// Brings the record of someone who was set aside back to the devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BringBackPatient {
    /// Whom.
    pub patient_id: PatientId,
}

/// Takes a patient's record off the devices: the date window has moved past them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SetPatientAside {
    /// Whom.
    pub patient_id: PatientId,
}

/// Says where a patient belongs, beside what others say: adding and removing commute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssignPatient {
    /// Whom.
    pub patient_id: PatientId,
    /// Sites they come to from now on.
    #[serde(default)]
    pub add_sites: Vec<SiteId>,
    /// Sites they come to no more.
    #[serde(default)]
    pub remove_sites: Vec<SiteId>,
    /// Whose panel they are on from now on.
    #[serde(default)]
    pub add_practitioners: Vec<PractitionerId>,
    /// Whose panel they are on no more.
    #[serde(default)]
    pub remove_practitioners: Vec<PractitionerId>,
}

impl Membership {
    /// Of the whole practice, until something is added.
    pub fn new(patient_id: PatientId) -> Self {
        Membership {
            id: patient_id,
            patient_id,
            site_ids: Vec::new(),
            practitioner_ids: Vec::new(),
            set_aside: false,
        }
    }

    /// With one more site.
    pub fn with_site(mut self, site: SiteId) -> Self {
        add(&mut self.site_ids, &[site]);
        self
    }

    /// With everything of another one.
    pub fn with_all(mut self, other: &Membership) -> Self {
        add(&mut self.site_ids, &other.site_ids);
        add(&mut self.practitioner_ids, &other.practitioner_ids);
        self
    }

    /// Whether it names nobody, and so means the whole practice.
    pub fn is_open(&self) -> bool {
        self.site_ids.is_empty() && self.practitioner_ids.is_empty()
    }
}

/// What is recorded of where a patient belongs.
pub(crate) fn membership_of(view: &impl View, patient: PatientId) -> Option<Membership> {
    match view.one(&Key::Row(Entity::Membership, patient.0)) {
        Some(Row::Membership(membership)) => Some(membership),
        _ => None,
    }
}

fn add<T: Ord + Copy>(list: &mut Vec<T>, more: &[T]) {
    list.extend_from_slice(more);
    list.sort_unstable();
    list.dedup();
}

/// What is named on both sides stays: being sent one row too many harms less than missing one.
pub fn assign_patient(view: &impl View, args: &AssignPatient) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::Patient, args.patient_id.0)).is_none() {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    let known = membership_of(view, args.patient_id);
    let mut next = known.clone().unwrap_or_else(|| Membership::new(args.patient_id));
    next.site_ids.retain(|site| !args.remove_sites.contains(site));
    next.practitioner_ids
        .retain(|practitioner| !args.remove_practitioners.contains(practitioner));
    add(&mut next.site_ids, &args.add_sites);
    add(&mut next.practitioner_ids, &args.add_practitioners);
    if known.as_ref() == Some(&next) {
        return Ok(Decision::facts(Vec::new()));
    }
    Ok(Decision::put(Row::Membership(next)))
}

/// Says only that somebody needs the record: whatever is said of someone brings them back (see [`bring_back`]).
pub fn ask_back(view: &impl View, args: &BringBackPatient) -> Result<Decision, Refusal> {
    match view.one(&Key::Row(Entity::Patient, args.patient_id.0)) {
        Some(_) => Ok(Decision::facts(Vec::new())),
        None => Err(Refusal::new(RefusalCode::NotFound).with("what", "patient")),
    }
}

/// The date window has moved past someone.
pub fn set_aside(view: &impl View, args: &SetPatientAside) -> Result<Decision, Refusal> {
    if view.one(&Key::Row(Entity::Patient, args.patient_id.0)).is_none() {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "patient"));
    }
    let known = membership_of(view, args.patient_id).unwrap_or_else(|| Membership::new(args.patient_id));
    if known.set_aside {
        return Ok(Decision::facts(Vec::new()));
    }
    Ok(Decision::put(Row::Membership(Membership {
        set_aside: true,
        ..known
    })))
}

/// Whoever has to do with a patient who was set aside brings their record back to the devices.
pub(crate) fn bring_back(view: &impl View, patient: PatientId, decision: &mut Decision) {
    let decided = decision.facts.iter_mut().find_map(|row| match row {
        Row::Membership(membership) if membership.patient_id == patient => Some(membership),
        _ => None,
    });
    match (decided, membership_of(view, patient)) {
        (Some(decided), _) => decided.set_aside = false,
        (None, Some(known)) if known.set_aside => decision.facts.push(Row::Membership(Membership {
            set_aside: false,
            ..known
        })),
        _ => {}
    }
}

/// A membership that gains a site, when it does not have it yet.
pub(crate) fn joins(known: Option<Membership>, patient: PatientId, site: SiteId) -> Option<Row> {
    let known = known.unwrap_or_else(|| Membership::new(patient));
    if known.site_ids.contains(&site) {
        return None;
    }
    Some(Row::Membership(known.with_site(site)))
}

/// The site joins those where the patient belongs, unless they belong to all.
pub(crate) fn belongs(view: &impl View, patient: PatientId, site: SiteId) -> Option<Row> {
    let known = membership_of(view, patient).filter(|known| !known.is_open())?;
    joins(Some(known), patient, site)
}

/// Reads of whoever changes where a patient belongs.
pub(crate) fn key(patient: PatientId) -> Key {
    Key::Row(Entity::Membership, patient.0)
}

impl SetPatientAside {
    /// What setting aside looks at.
    pub fn reads(&self) -> Vec<Key> {
        vec![Key::Row(Entity::Patient, self.patient_id.0), key(self.patient_id)]
    }
}

impl AssignPatient {
    /// Changes nothing of where they belong.
    pub fn nothing(patient_id: PatientId) -> Self {
        AssignPatient {
            patient_id,
            add_sites: Vec::new(),
            remove_sites: Vec::new(),
            add_practitioners: Vec::new(),
            remove_practitioners: Vec::new(),
        }
    }

    /// What assigning looks at.
    pub fn reads(&self) -> Vec<Key> {
        vec![Key::Row(Entity::Patient, self.patient_id.0), key(self.patient_id)]
    }
}
