//! How rows lie on a device's disk: in blocks, above them what came since, and nothing of who left.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::access::Role;
use domain::id::*;
use domain::row::{Compartment, EDITION, Entity, Row};
use std::rc::Rc;
use sync::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use sync::device::{Actor, DISK, Device, Identity, LoadError, is_block, read_entry};
use sync::keyring::Keys;
use sync::seal::PublicKey;
use sync::sim::disk::Disk;
use sync::sim::made::{at, coverage, named};
use sync::sim::rng::Rng;
use sync::sim::server::bytes;
use sync::store::{Store, Tx};
use sync::wire::{Change, PROTO, PullResponse};
use uuid::Uuid;

const PRACTICE: PracticeId = PracticeId(Uuid::from_u128(1));
const EPOCH: Uuid = Uuid::from_u128(2);

fn patient(n: u128) -> PatientId {
    PatientId(Uuid::from_u128(1000 + n))
}

fn person(n: u128, family: &str) -> Row {
    Row::Patient(named(patient(n), "Ada", family))
}

fn insurance(n: u128, of: u128) -> Row {
    Row::Coverage(coverage(
        CoverageId(Uuid::from_u128(900_000 + n)),
        patient(of),
        "M1",
    ))
}

/// A device and its disk.
struct Desk {
    device: Device,
    disk: Disk,
}

fn keys() -> Keys {
    let role = Role::FrontDesk;
    let of = |one: &Compartment| (*one, DataKey([*one as u8 + 1; 32]));
    role.compartments().iter().map(of).collect()
}

fn open(disk: &Disk) -> Device {
    let identity = Identity {
        practice: PRACTICE,
        device: DeviceId(Uuid::from_u128(3)),
        intake_key: PublicKey([9; 32]),
    };
    let mut device = Device::new(identity, Rc::new(Rng::new(disk.entries.len() as u64)));
    let stored = disk.stored();
    device.load_locked(&stored).unwrap();
    let actor = Actor {
        member: None,
        name: "Maria".to_owned(),
        role: Role::FrontDesk,
    };
    device.unlock(actor, keys(), &stored).unwrap();
    device
}

impl Desk {
    fn new() -> Desk {
        let disk = Disk::default();
        Desk {
            device: open(&disk),
            disk,
        }
    }

    fn pull(&mut self, rows: Vec<Row>, evict: Vec<PatientId>) {
        let cursor = self.device.meta.cursor.as_ref().map_or(0, |cursor| cursor.rev);
        let change = |(ord, row): (u32, Row)| Change {
            rev: cursor + 1,
            ord,
            command_id: CommandId(Uuid::from_u128(5)),
            row,
        };
        let answer = PullResponse {
            proto: PROTO,
            epoch: EPOCH,
            reset: false,
            from: cursor,
            to: cursor + 1,
            head: cursor + 1,
            changes: (0..).zip(rows).map(change).collect(),
            more: false,
            last_seq: 0,
            durable_rev: 0,
            server_time: at("2026-03-10T15:00:00Z"),
            evict,
            evict_rows: Vec::new(),
            gained: Vec::new(),
            scope: domain::scope::Scope::everything().key_in(EDITION),
            snapshot: None,
            directives: Vec::new(),
            min_schema: None,
        };
        let (pulled, tx) = self.device.on_pull(&answer).unwrap();
        self.disk.write(&tx);
        self.device.pulled(pulled);
        self.same_after_reload();
    }

    /// Folds until nothing is left to fold; how many steps it took.
    fn fold(&mut self) -> usize {
        let mut steps = 0;
        while let Some((folded, tx)) = self.device.fold(1) {
            self.disk.write(&tx);
            self.device.folded(folded);
            self.same_after_reload();
            steps += 1;
        }
        steps
    }

    fn same_after_reload(&self) {
        assert_eq!(
            bytes(open(&self.disk).confirmed.iter()),
            bytes(self.device.confirmed.iter())
        );
    }

    /// Blocks and single rows.
    fn entries(&self) -> (usize, usize) {
        let all = self.disk.all(Store::Rows);
        let blocks = all.iter().filter(|(key, _)| is_block(key)).count();
        (blocks, all.len() - blocks)
    }

    /// All that the disk says, also of rows of which it says something newer elsewhere.
    fn said(&self) -> Vec<Row> {
        let rows = self.disk.all(Store::Rows).into_iter().flat_map(|(key, hidden)| {
            let compartment = Compartment::ALL
                .into_iter()
                .find(|one| key.starts_with(one.name()));
            let cipher = AesGcmCipher::new(keys()[&compartment.unwrap()].clone(), Rng::new(0));
            read_entry(&cipher, &PRACTICE.to_string(), &key, &hidden).unwrap()
        });
        rows.collect()
    }
}

fn everybody() -> Vec<Row> {
    (0..300).map(|n| person(n, "Before")).collect()
}

fn family(row: Option<&Row>) -> String {
    match row {
        Some(Row::Patient(patient)) => patient.family_name.clone(),
        _ => String::new(),
    }
}

#[test]
fn many_new_rows_lie_in_blocks_and_few_by_themselves() {
    let mut desk = Desk::new();
    desk.pull(everybody(), vec![]);
    assert_eq!(desk.entries(), (2, 0));
    desk.pull((300..305).map(|n| person(n, "Later")).collect(), vec![]);
    assert_eq!(desk.entries(), (2, 5));
    assert_eq!(desk.device.confirmed.len(), 305);
}

#[test]
fn a_row_that_comes_twice_in_an_answer_lies_there_once_as_it_came_last() {
    let mut desk = Desk::new();
    let mut rows = everybody();
    rows.push(person(7, "Last"));
    desk.pull(rows, vec![]);
    assert_eq!(desk.said().len(), 300);
    assert_eq!(
        family(open(&desk.disk).confirmed.row(Entity::Patient, patient(7).0)),
        "Last"
    );
}

#[test]
fn what_changed_counts_before_its_block_until_it_is_folded_in() {
    let mut desk = Desk::new();
    desk.pull(everybody(), vec![]);
    desk.pull((0..300).step_by(40).map(|n| person(n, "After")).collect(), vec![]);
    desk.pull((400..403).map(|n| person(n, "New")).collect(), vec![]);
    assert_eq!(desk.entries(), (2, 11));
    assert!(desk.device.fold(12).is_none(), "too few to be worth it");
    assert_eq!(desk.fold(), 3, "a step for each block, and one for what is new");
    assert_eq!(desk.entries(), (3, 0));
    assert_eq!(desk.said().len(), 303);
    assert_eq!(
        family(open(&desk.disk).confirmed.row(Entity::Patient, patient(40).0)),
        "After"
    );
}

#[test]
fn nothing_of_who_left_is_in_any_block() {
    let mut desk = Desk::new();
    let with_insurance = everybody().into_iter().chain((0..300).map(|n| insurance(n, n)));
    desk.pull(with_insurance.collect(), vec![]);
    desk.pull(vec![person(3, "Married")], vec![]);
    desk.pull(vec![], vec![patient(3), patient(4), patient(299)]);
    let gone = [patient(3), patient(4), patient(299)];
    let insured = |desk: &Desk| {
        let said = desk
            .said()
            .into_iter()
            .filter(|row| row.entity() == Entity::Coverage);
        said.filter_map(|row| row.patient_id()).collect::<Vec<_>>()
    };
    assert_eq!(insured(&desk).len(), 297);
    assert!(insured(&desk).iter().all(|id| !gone.contains(id)));
    assert_eq!(desk.device.confirmed.len(), 597, "the index of everybody stays");
    desk.pull(vec![], insured(&desk));
    assert_eq!(desk.entries(), (2, 1), "of insurance no block is left");
}

#[test]
fn what_was_about_somebody_else_is_in_no_block_either() {
    let mut desk = Desk::new();
    desk.pull((0..40).map(|n| insurance(n, n)).collect(), vec![]);
    desk.pull(vec![insurance(7, 8)], vec![]);
    assert!(desk.said().iter().all(|row| row.patient_id() != Some(patient(7))));
    desk.pull(vec![], vec![patient(7)]);
    assert_eq!(desk.device.confirmed.len(), 40);
}

#[test]
fn a_disk_of_the_build_before_blocks_is_read_and_folded() {
    let mut desk = Desk::new();
    desk.pull(vec![], vec![]);
    let cipher = AesGcmCipher::new(keys()[&Entity::Patient.compartment()].clone(), Rng::new(1));
    let mut tx = Tx::default();
    for row in everybody() {
        let name = cipher.name(Store::Rows.name(), &format!("patient:{}", row.id()));
        let key = format!("{}/{name}", Entity::Patient.compartment().name());
        let place = Place {
            practice: &PRACTICE.to_string(),
            store: Store::Rows.name(),
            key: &key,
        };
        let hidden = cipher.hide(&place, &serde_json::to_vec(&row).unwrap());
        tx.put(Store::Rows, key, hidden);
    }
    desk.disk.write(&tx);
    desk.device = open(&desk.disk);
    assert_eq!(desk.device.confirmed.len(), 300);
    assert_eq!(desk.fold(), 2);
    assert_eq!(desk.entries(), (2, 0));
}

#[test]
fn a_build_before_blocks_refuses_their_disk() {
    let mut desk = Desk::new();
    desk.pull(everybody(), vec![]);
    let meta = desk.disk.stored().meta.unwrap();
    let told: serde_json::Value = serde_json::from_slice(&meta).unwrap();
    assert_eq!((told["schema"].as_u64(), DISK), (Some(2), 2));
    let mut newer = desk.disk.stored();
    newer.meta = Some(serde_json::to_vec(&serde_json::json!({ "schema": 3 })).unwrap());
    assert_eq!(
        open(&Disk::default()).load_locked(&newer),
        Err(LoadError::Newer(3))
    );
}

/// A block as the first build that had them wrote it, and where it lay: never edited.
const FIRST: &str = include_str!("first-block.txt");

#[test]
fn the_first_blocks_stay_readable() {
    let (key, hidden) = FIRST.trim().split_once(' ').unwrap();
    let digits = hidden.as_bytes().chunks(2);
    let hidden: Vec<u8> = digits
        .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
        .collect();
    let cipher = AesGcmCipher::new(keys()[&Entity::Patient.compartment()].clone(), Rng::new(1));
    let read = |key: &str| read_entry(&cipher, &PRACTICE.to_string(), key, &hidden);
    let expected: Vec<Row> = (0..40).map(|n| person(n, "First")).collect();
    assert_eq!(bytes(read(key).unwrap().iter()), bytes(expected.iter()));
    assert!(read("index/-elsewhere").is_none());
}
