//! What people enter: names that can be looked for, on records that others change too.

use super::disk::CANARY;
use super::made::{coverage, named, submission};
use super::node::Node;
use super::rng::Rng;
use crate::device::Photo;
use domain::access::{Role, may_apply, may_command};
use domain::command::{Command, CommandName};
use domain::coverage::RecordCoverage;
use domain::id::*;
use domain::intake::{AcceptIntake, Consent, ConsentDecision, IntakeStatus, RejectIntake, RevokeConsent};
use domain::patients::*;
use domain::row::{Entity, Row};
use domain::tray::{ResolveTrayItem, TrayChoice, TrayItem, TrayState};
use std::rc::Rc;
use uuid::Uuid;

/// The sites there are.
pub const SITES: [SiteId; 3] = [
    SiteId(Uuid::from_u128(0x51)),
    SiteId(Uuid::from_u128(0x52)),
    SiteId(Uuid::from_u128(0x53)),
];

/// Those who render care.
pub const PRACTITIONERS: [PractitionerId; 2] = [
    PractitionerId(Uuid::from_u128(0xb1)),
    PractitionerId(Uuid::from_u128(0xb2)),
];

/// A name that must never be seen on a disk.
pub fn name(n: u128) -> String {
    format!("C{}{n}", String::from_utf8_lossy(CANARY))
}

fn any_name(rng: &Rng) -> String {
    name(rng.below(900) as u128)
}

/// A new id.
pub fn uuid(rng: &Rng) -> Uuid {
    Uuid::from_u128((u128::from(rng.next()) << 64) | u128::from(rng.next()))
}

/// A new record.
pub fn register(rng: &Rng) -> Command {
    register_as(PatientId(uuid(rng)), None, rng)
}

/// A record, of a site or of none.
fn register_as(id: PatientId, site_id: Option<SiteId>, rng: &Rng) -> Command {
    Command::RegisterPatient(RegisterPatient {
        patient: named(id, &any_name(rng), &name(7)),
        site_id,
    })
}

/// A photo, with something in it to look for.
pub fn photo(rng: &Rng) -> Photo {
    let bytes = [b"JPEG ".as_slice(), CANARY, &rng.next().to_le_bytes()].concat();
    Photo {
        hash: crate::sha256_hex(&bytes),
        bytes: Rc::new(bytes),
    }
}

/// What a patient types at a kiosk.
pub fn intake(rng: &Rng, photo: &Photo, site_id: Option<SiteId>) -> Command {
    let id = IntakeId(uuid(rng));
    let mut said = submission(id, &any_name(rng), &name(8), &name(9), &photo.hash);
    said.site_id = site_id;
    Command::SubmitIntake(said)
}

/// What someone sees of a kind.
pub(super) fn seen(node: &Node, entity: Entity) -> Vec<&Row> {
    let (below, above) = (&node.device.confirmed, &node.device.overlay);
    let hidden = |row: &&Row| above.row(entity, row.id()).is_none();
    below
        .all(entity)
        .filter(hidden)
        .chain(above.all(entity))
        .collect()
}

/// Something that someone may do next on this device.
pub fn next(node: &Node, rng: &Rng) -> Option<(Command, Vec<Photo>)> {
    if node.is_kiosk() {
        let photo = photo(rng);
        return Some((intake(rng, &photo, node.site), vec![photo]));
    }
    // Not everything can be done here and now; something else may.
    let command = (0..8).find_map(|_| any(node, rng))?;
    Some((command, Vec::new()))
}

fn any(node: &Node, rng: &Rng) -> Option<Command> {
    let role = node.person()?.role;
    let patients: Vec<&Patient> = (seen(node, Entity::Patient).into_iter())
        .filter_map(|row| match row {
            Row::Patient(patient) => Some(patient),
            _ => None,
        })
        .collect();
    let some = rng.pick(&patients).copied();
    let may = |name| may_command(role, name);
    use CommandName::*;
    Some(match rng.below(29) {
        0 | 1 if may(RegisterPatient) => register_as(PatientId(uuid(rng)), site(node, rng), rng),
        // An id that another desk may use at the same time, for whatever reason: one of them is refused.
        2 if may(RegisterPatient) => {
            let id = PatientId(Uuid::from_u128(0x1000 + rng.below(4) as u128));
            register_as(id, site(node, rng), rng)
        }
        3..=6 if may(CorrectPatient) => correct(some?, rng),
        7 | 8 | 19..=21 if may(AcceptIntake) => review(node, some, rng)?,
        9 if may(MarkDistinct) => Command::MarkDistinct(domain::patients::MarkDistinct {
            a: some?.id,
            b: rng.pick(&patients)?.id,
        }),
        27 if may(MergePatients) => Command::MergePatients(domain::patients::MergePatients {
            keep: some?.id,
            other: rng.pick(&patients)?.id,
            take: vec![PatientField::MobilePhone],
        }),
        28 if may(UnmergePatients) => unmerge(node, rng)?,
        10 | 11 if may(RecordCoverage) => cover(node, some?.id, rng),
        12 | 13 if may(AssignPatient) => {
            assign(known_by_answers(node, rng).or(some.map(|some| some.id))?, rng)
        }
        22 if may(RecordRelatedPerson) => Command::RecordRelatedPerson(related(uuid(rng), some?.id, rng)),
        23 | 24 if may(CorrectRelatedPerson) => correct_related(node, rng)?,
        25 | 26 if may(RevokeConsent) => revoke(node, rng)?,
        14 | 15 if may(ResolveConflict) => choose(node, rng)?,
        16..=18 if may(ResolveTrayItem) => decide(node, role, rng)?,
        _ => return None,
    })
}

fn site(node: &Node, rng: &Rng) -> Option<SiteId> {
    node.site.filter(|_| rng.chance(800))
}

/// Changes a field that others change too.
pub fn correct(patient: &Patient, rng: &Rng) -> Command {
    let field = [
        PatientField::PreferredName,
        PatientField::MiddleName,
        PatientField::Pronouns,
    ][rng.below(3)];
    let changes = vec![FieldChange {
        field,
        from: field.read(patient),
        to: serde_json::Value::String(any_name(rng)),
    }];
    Command::CorrectPatient(CorrectPatient {
        patient_id: patient.id,
        changes,
    })
}

fn related(id: Uuid, patient_id: PatientId, rng: &Rng) -> RelatedPerson {
    RelatedPerson {
        id: RelatedPersonId(id),
        patient_id,
        roles: vec![RelatedRole::EmergencyContact],
        relationship: name(5),
        family_name: any_name(rng),
        given_name: name(4),
        birth_on: None,
        phone: Some("414 555 0177".into()),
        address: None,
        authority: None,
        ended_on: None,
        own_record_id: None,
    }
}

/// Changes someone around a patient in a way that others do, too.
fn correct_related(node: &Node, rng: &Rng) -> Option<Command> {
    let all = seen(node, Entity::RelatedPerson);
    let Row::RelatedPerson(person) = rng.pick(&all)? else {
        return None;
    };
    let (field, to) = match rng.below(3) {
        0 => (
            RelatedField::Phone,
            format!("414 555 {:04}", rng.below(30)).into(),
        ),
        1 => (RelatedField::FamilyName, any_name(rng).into()),
        _ => {
            let more = [RelatedRole::Guarantor, RelatedRole::Escort][rng.below(2)];
            let mut roles = person.roles.clone();
            roles.retain(|role| *role != more);
            if roles.len() == person.roles.len() {
                roles.push(more);
            }
            (RelatedField::Roles, serde_json::to_value(roles).ok()?)
        }
    };
    let from = field.read(person);
    Some(Command::CorrectRelatedPerson(CorrectRelatedPerson {
        related_person_id: person.id,
        patient_id: person.patient_id,
        changes: vec![Change { field, from, to }],
    }))
}

/// Takes back a consent, which another desk may take back, too.
fn revoke(node: &Node, rng: &Rng) -> Option<Command> {
    let agreed: Vec<&Consent> = (seen(node, Entity::Consent).into_iter())
        .filter_map(|row| match row {
            Row::Consent(consent) if consent.decision == ConsentDecision::Agreed => Some(consent),
            _ => None,
        })
        .collect();
    let consent = rng.pick(&agreed)?;
    Some(Command::RevokeConsent(RevokeConsent {
        consent_id: consent.id,
        patient_id: consent.patient_id,
    }))
}

/// Someone whose answers about health are known, where those are open.
fn known_by_answers(node: &Node, rng: &Rng) -> Option<PatientId> {
    let answers = node.device.confirmed.all(Entity::Intake);
    let of: Vec<PatientId> = answers.filter_map(Row::patient_id).collect();
    rng.pick(&of).copied().filter(|_| rng.chance(700))
}

/// Moves a patient between sites and panels.
pub fn assign(patient_id: PatientId, rng: &Rng) -> Command {
    let some_site = |per_mille| rng.pick(&SITES).copied().filter(|_| rng.chance(per_mille));
    let some_panel = |per_mille| {
        rng.pick(&PRACTITIONERS)
            .copied()
            .filter(|_| rng.chance(per_mille))
    };
    Command::AssignPatient(AssignPatient {
        patient_id,
        add_sites: some_site(700).into_iter().collect(),
        remove_sites: some_site(600).into_iter().collect(),
        add_practitioners: some_panel(300).into_iter().collect(),
        remove_practitioners: some_panel(300).into_iter().collect(),
    })
}

fn review(node: &Node, some: Option<&Patient>, rng: &Rng) -> Option<Command> {
    let waiting: Vec<IntakeId> = (seen(node, Entity::Intake).into_iter())
        .filter_map(|row| match row {
            Row::Intake(intake) if intake.status == IntakeStatus::Pending => Some(intake.id),
            _ => None,
        })
        .collect();
    let intake_id = *rng.pick(&waiting)?;
    if rng.chance(150) {
        return Some(Command::RejectIntake(RejectIntake {
            intake_id,
            reason: name(6),
        }));
    }
    let known = some.filter(|_| rng.chance(500));
    Some(Command::AcceptIntake(AcceptIntake {
        intake_id,
        patient_id: known.map_or_else(|| PatientId(uuid(rng)), |patient| patient.id),
        new_patient: known.is_none(),
        accepted: Vec::new(),
        coverages: Vec::new(),
        emergency_contact: true,
        guarantor: false,
    }))
}

/// A coverage, which may replace one that another desk replaces, too.
fn cover(node: &Node, patient: PatientId, rng: &Rng) -> Command {
    let known = node.device.confirmed.of_patient(Entity::Coverage, patient);
    let known: Vec<Uuid> = known.map(Row::id).collect();
    let mut new = coverage(CoverageId(uuid(rng)), patient, &name(3));
    new.replaces_id = rng.pick(&known).map(|id| CoverageId(*id));
    Command::RecordCoverage(RecordCoverage {
        coverage: new,
        replaces_from: None,
    })
}

fn choose(node: &Node, rng: &Rng) -> Option<Command> {
    let open: Vec<&Conflict> = (seen(node, Entity::Conflict).into_iter())
        .filter_map(|row| match row {
            Row::Conflict(conflict) if conflict.state == ConflictState::Open => Some(conflict),
            _ => None,
        })
        .collect();
    let conflict = rng.pick(&open)?;
    Some(Command::ResolveConflict(ResolveConflict {
        conflict_id: conflict.id,
        patient_id: conflict.patient_id,
        keep_mine: rng.chance(600),
        expects: rng.chance(700).then(|| conflict.theirs.clone()),
        value: rng.chance(200).then(|| serde_json::Value::String(any_name(rng))),
        related_person_id: conflict.field.related_person_id(),
        referral_id: conflict.field.referral_id(),
    }))
}

/// Two records that were joined, taken apart.
fn unmerge(node: &Node, rng: &Rng) -> Option<Command> {
    let joined: Vec<&domain::patients::PatientAlias> = (seen(node, Entity::PatientAlias).into_iter())
        .filter_map(|row| match row {
            Row::PatientAlias(alias) if alias.undone_at.is_none() => Some(alias),
            _ => None,
        })
        .collect();
    let alias = rng.pick(&joined)?;
    Some(Command::UnmergePatients(domain::patients::UnmergePatients {
        patient_id: alias.patient_id,
        other: alias.id,
    }))
}

fn decide(node: &Node, role: Role, rng: &Rng) -> Option<Command> {
    let open: Vec<&TrayItem> = (seen(node, Entity::TrayItem).into_iter())
        .filter_map(|row| match row {
            Row::TrayItem(item) if item.state == TrayState::Open => Some(item),
            _ => None,
        })
        .collect();
    let item = rng.pick(&open)?;
    let inner = CommandName::ALL
        .iter()
        .find(|name| item.command.as_deref() == Some(name.as_str()));
    let apply = inner.is_some_and(|name| may_apply(role, *name)) && rng.chance(600);
    let choice = match (&item.command, item.version, &item.args) {
        (Some(name), Some(version), Some(args)) if apply => TrayChoice::Apply {
            name: name.clone(),
            version,
            args: args.clone(),
            edited: false,
        },
        _ => TrayChoice::Drop,
    };
    Some(Command::ResolveTrayItem(ResolveTrayItem {
        tray_item_id: item.id,
        choice,
    }))
}
