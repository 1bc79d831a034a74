//! What people enter: names that can be looked for, on records that others change too.

use super::common::{coverage, elenas_submission, named, submit};
use super::disk::CANARY;
use super::node::Node;
use super::rng::Rng;
use domain::access::Role;
use domain::command::Command;
use domain::coverage::RecordCoverage;
use domain::id::*;
use domain::intake::{AcceptIntake, IntakeStatus};
use domain::patients::*;
use domain::row::{Entity, Row};
use std::rc::Rc;
use sync::device::Photo;
use uuid::Uuid;

/// A name that must never be seen on a disk.
pub fn name(n: u128) -> String {
    format!("C{}{n}", String::from_utf8_lossy(CANARY))
}

pub fn uuid(rng: &Rng) -> Uuid {
    Uuid::from_u128((u128::from(rng.next()) << 64) | u128::from(rng.next()))
}

/// A new record.
pub fn register(rng: &Rng) -> Command {
    register_as(PatientId(uuid(rng)), rng)
}

/// A record whose id another desk may have used at the same time, for whatever reason: one of them is refused.
fn register_again(rng: &Rng) -> Command {
    register_as(PatientId(Uuid::from_u128(0x1000 + rng.below(4) as u128)), rng)
}

fn register_as(id: PatientId, rng: &Rng) -> Command {
    let given = name(rng.below(900) as u128);
    Command::RegisterPatient(RegisterPatient {
        patient: Patient {
            id,
            ..named(1, &given, &name(7), "1980-05-17")
        },
        site_id: None,
    })
}

/// A photo, with something in it to look for.
pub fn photo(rng: &Rng) -> Photo {
    let bytes = [b"JPEG ".as_slice(), CANARY, &rng.next().to_le_bytes()].concat();
    Photo {
        hash: sync::sha256_hex(&bytes),
        bytes: Rc::new(bytes),
    }
}

/// What a patient types at a kiosk.
pub fn intake(rng: &Rng, photo: &Photo) -> Command {
    let mut said = elenas_submission();
    said.identity.family_name = name(rng.below(900) as u128);
    said.reason = name(8);
    if let domain::intake::InsuranceAnswer::Coverages { coverages } = &mut said.insurance {
        coverages[0].card_front = Some(photo.hash.clone());
        coverages[0].member_id = name(9);
    }
    let mut args = submit(1, said);
    args.intake_id = IntakeId(uuid(rng));
    Command::SubmitIntake(args)
}

fn seen(node: &Node, entity: Entity) -> Vec<Row> {
    let (below, above) = (&node.device.confirmed, &node.device.overlay);
    let hidden = |row: &&Row| above.row(entity, row.id()).is_none();
    below
        .all(entity)
        .filter(hidden)
        .chain(above.all(entity))
        .cloned()
        .collect()
}

fn patients(node: &Node) -> Vec<Patient> {
    let take = |row| {
        if let Row::Patient(patient) = row {
            Some(patient)
        } else {
            None
        }
    };
    seen(node, Entity::Patient).into_iter().filter_map(take).collect()
}

/// Something that someone may do next on this device.
pub fn next(node: &Node, rng: &Rng) -> Option<(Command, Vec<Photo>)> {
    if node.is_kiosk() {
        let photo = photo(rng);
        return Some((intake(rng, &photo), vec![photo]));
    }
    let role = node.person()?.role;
    let patients = patients(node);
    let some = rng.pick(&patients);
    let command = match rng.below(if role == Role::FrontDesk { 8 } else { 5 }) {
        0 => register(rng),
        1 => register_again(rng),
        2..=4 => correct(some?, rng),
        5 => accept(node, some, rng)?,
        6 => Command::MarkDistinct(MarkDistinct {
            a: some?.id,
            b: rng.pick(&patients)?.id,
        }),
        _ => cover(node, some?.id, rng),
    };
    Some((command, Vec::new()))
}

/// Changes a field that others change too.
pub fn correct(patient: &Patient, rng: &Rng) -> Command {
    let field = [
        PatientField::PreferredName,
        PatientField::MiddleName,
        PatientField::Pronouns,
    ][rng.below(3)];
    let to = serde_json::Value::String(name(rng.below(900) as u128));
    let changes = vec![FieldChange {
        field,
        from: field.read(patient),
        to,
    }];
    Command::CorrectPatient(CorrectPatient {
        patient_id: patient.id,
        changes,
    })
}

fn accept(node: &Node, some: Option<&Patient>, rng: &Rng) -> Option<Command> {
    let waiting: Vec<IntakeId> = (seen(node, Entity::Intake).into_iter())
        .filter_map(|row| match row {
            Row::Intake(intake) if intake.status == IntakeStatus::Pending => Some(intake.id),
            _ => None,
        })
        .collect();
    let known = some.filter(|_| rng.chance(500));
    Some(Command::AcceptIntake(AcceptIntake {
        intake_id: *rng.pick(&waiting)?,
        patient_id: known.map_or_else(|| PatientId(uuid(rng)), |patient| patient.id),
        new_patient: known.is_none(),
        accepted: Vec::new(),
        coverages: Vec::new(),
        emergency_contact: true,
        guarantor: false,
    }))
}

fn cover(node: &Node, patient: PatientId, rng: &Rng) -> Command {
    let known: Vec<_> = node
        .device
        .confirmed
        .of_patient(Entity::Coverage, patient)
        .map(Row::id)
        .collect();
    let mut new = coverage(1, patient, &name(3));
    new.id = CoverageId(uuid(rng));
    new.replaces_id = rng.pick(&known).map(|id| CoverageId(*id));
    Command::RecordCoverage(RecordCoverage {
        coverage: new,
        replaces_from: None,
    })
}
