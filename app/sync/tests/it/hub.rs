//! The server's half: who is admitted, and what a batch comes to.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::access::Role;
use domain::command::Command;
use domain::decide::{Ctx, NumberKind, Numbers, RefusalCode};
use domain::id::*;
use domain::patients::{HumanNumber, Membership};
use domain::row::{Entity, Key, Row, Rows};
use domain::scope::Scope;
use std::collections::BTreeMap;
use sync::b64::Bytes;
use sync::hub::*;
use sync::sim::made::at;
use sync::sim::rng::Rng;
use sync::sim::work::{correct, register, uuid};
use sync::wire::*;

fn sealed(seq: u64, content: u8) -> SealedCommand {
    let bytes = vec![content; 40];
    let id = CommandId(uuid::Uuid::from_u128(u128::from(seq)));
    SealedCommand {
        id,
        seq,
        args_hash: sync::sha256_hex(&bytes),
        sealed: Bytes(bytes),
    }
}

fn known(command: &SealedCommand) -> Known {
    let receipt = Receipt {
        id: command.id,
        seq: command.seq,
        status: ReceiptStatus::Applied,
        rev: 9,
        refusal: None,
        conflicts: 0,
        duplicate: false,
        tray_id: None,
    };
    Known {
        receipt,
        args_hash: command.args_hash.clone(),
    }
}

#[test]
fn the_next_number_is_fresh_and_a_later_one_is_a_gap() {
    assert_eq!(admit(0, &sealed(1, 1), None), Admission::Fresh);
    assert_eq!(admit(4, &sealed(5, 1), None), Admission::Fresh);
    assert_eq!(admit(4, &sealed(6, 1), None), Admission::Gap);
    assert_eq!(admit(0, &sealed(2, 1), None), Admission::Gap);
}

#[test]
fn what_is_known_gets_its_receipt_again() {
    let command = sealed(3, 1);
    let Admission::Known(receipt) = admit(4, &command, Some(&known(&command))) else {
        panic!("it is known")
    };
    assert_eq!(
        receipt,
        Receipt {
            duplicate: true,
            ..known(&command).receipt
        }
    );
}

#[test]
fn a_known_number_with_other_content_or_another_id_is_refused_and_seen() {
    let command = sealed(3, 1);
    let other_id = SealedCommand {
        id: CommandId(uuid::Uuid::from_u128(99)),
        ..command.clone()
    };
    for other in [sealed(3, 2), other_id] {
        for before in [Some(known(&command)), None] {
            let Admission::Known(receipt) = admit(4, &other, before.as_ref()) else {
                panic!("its number is used")
            };
            assert_eq!(receipt.status, ReceiptStatus::Rejected);
            assert_eq!(
                receipt.refusal.map(|r| r.code),
                Some(RefusalCode::DifferentContent)
            );
        }
    }
    assert!(
        matches!(admit(4, &sealed(0, 1), None), Admission::Known(r) if r.status == ReceiptStatus::Rejected)
    );
}

#[test]
fn a_push_from_before_a_restore_is_not_judged() {
    let [old, new] = [1, 2].map(uuid::Uuid::from_u128);
    let mut request = PushRequest {
        proto: PROTO,
        schema: SCHEMA,
        practice: PracticeId(old),
        device: DeviceId(old),
        epoch: None,
        commands: Vec::new(),
    };
    assert!(
        same_history(&request, new),
        "a device that never heard of an epoch"
    );
    request.epoch = Some(old);
    assert!(!same_history(&request, new) && same_history(&request, old));
}

fn opened(seq: u64, role: Role, command: Command) -> Opened {
    let sealed = sealed(seq, 1);
    let envelope = domain::command::Envelope {
        id: sealed.id,
        seq,
        name: command.name().as_str().to_owned(),
        version: 1,
        args: command.args().unwrap(),
        base_rev: 0,
        actor: None,
        device_time: at("2026-03-10T15:00:00Z"),
    };
    let ctx = Ctx {
        command_id: sealed.id,
        role,
        actor_name: "Maria".into(),
        device_id: DeviceId(uuid::Uuid::from_u128(1)),
        now: envelope.device_time,
        device_time: envelope.device_time,
        today: envelope.device_time.date_naive(),
        numbers: Numbers::Provisional,
        member_id: None,
        site_id: None,
        scope: None,
        device_revoked: false,
        unseen_entries: false,
    };
    Opened {
        sealed,
        content: Ok((envelope, command)),
        ctx,
    }
}

#[test]
fn a_batch_makes_one_revision_each_and_a_refusal_takes_no_number_and_stops_nothing() {
    let rng = Rng::new(5);
    let first = register(&rng);
    let Command::RegisterPatient(args) = &first else {
        panic!("it registers")
    };
    let batch = vec![
        opened(1, Role::FrontDesk, first.clone()),
        opened(2, Role::FrontDesk, first.clone()),
        opened(3, Role::Kiosk, register(&rng)),
        opened(4, Role::FrontDesk, correct(&args.patient, &rng)),
        opened(5, Role::FrontDesk, register(&rng)),
    ];
    assert!(keys(&batch).len() >= 3);
    let done = decide_batch(
        &Rows::default(),
        batch,
        BTreeMap::from([(NumberKind::Mrn, 7)]),
        41,
    );
    let revs: Vec<u64> = done.judged.iter().map(|judged| judged.receipt.rev).collect();
    assert_eq!(revs, [42, 43, 44, 45, 46]);
    assert_eq!(done.head, 46);
    let refused: Vec<_> = done
        .judged
        .iter()
        .map(|j| j.receipt.refusal.as_ref().map(|r| r.code))
        .collect();
    use RefusalCode::*;
    assert_eq!(
        refused,
        [None, Some(AlreadyExists), Some(NotAllowed), None, None],
        "the fourth sees the first's row"
    );
    for judged in &done.judged[1..3] {
        assert!(
            matches!(&judged.facts[..], [Row::TrayItem(item)] if Some(item.id) == judged.receipt.tray_id),
            "what is refused waits for a person"
        );
    }
    let mut numbers: Vec<HumanNumber> = (done.rows.all(Entity::Patient))
        .filter_map(|row| {
            if let Row::Patient(patient) = row {
                Some(patient.mrn.clone())
            } else {
                None
            }
        })
        .collect();
    numbers.sort_by_key(|number| format!("{number:?}"));
    assert_eq!(numbers, [HumanNumber::Assigned(7), HumanNumber::Assigned(8)]);
    assert_eq!(done.numbers, BTreeMap::from([(NumberKind::Mrn, 9)]));
}

#[test]
fn what_is_inside_must_be_what_is_outside() {
    let opened = opened(3, Role::FrontDesk, register(&Rng::new(1)));
    let (envelope, _) = opened.content.unwrap();
    let plain = serde_json::to_vec(&envelope).unwrap();
    assert!(open_envelope(&opened.sealed, &plain).is_ok());
    let renumbered = SealedCommand {
        seq: 4,
        ..opened.sealed.clone()
    };
    let renamed = SealedCommand {
        id: CommandId(uuid(&Rng::new(2))),
        ..opened.sealed.clone()
    };
    for (outside, inside) in [
        (renumbered, plain.as_slice()),
        (renamed, &plain),
        (opened.sealed, b"{}"),
    ] {
        assert_eq!(
            open_envelope(&outside, inside).err().map(|r| r.code),
            Some(RefusalCode::Unreadable)
        );
    }
}

/// Someone of one site gives a command about a patient who belongs to another.
fn from_elsewhere(role: Role, command: Command) -> (Rows, Opened) {
    let patient = command.patient_id().unwrap();
    let [here, there] = [1, 2].map(|n| SiteId(uuid::Uuid::from_u128(n)));
    let mut rows = Rows::default();
    let known = sync::sim::made::named(patient, "A", "B");
    rows.put(Row::Patient(known));
    rows.put(Row::Membership(Membership::new(patient).with_site(there)));
    let mut opened = opened(1, role, command);
    opened.ctx.scope = Some(Scope {
        sites: Some([here].into()),
        practitioner: None,
    });
    (rows, opened)
}

fn correction() -> Command {
    let patient = sync::sim::made::named(PatientId(uuid(&Rng::new(9))), "A", "B");
    correct(&patient, &Rng::new(3))
}

#[test]
fn what_is_about_a_patient_out_of_scope_is_parked_and_told() {
    let (rows, opened) = from_elsewhere(Role::FrontDesk, correction());
    let patient = correction().patient_id().unwrap();
    assert!(keys(std::slice::from_ref(&opened)).contains(&Key::Row(Entity::Membership, patient.0)));
    let done = decide_batch(&rows, vec![opened], BTreeMap::new(), 0);
    let receipt = &done.judged[0].receipt;
    assert_eq!(receipt.status, ReceiptStatus::Parked);
    assert_eq!(
        receipt.refusal.as_ref().map(|r| r.code),
        Some(RefusalCode::OutOfScope)
    );
    let [Row::TrayItem(item)] = done.judged[0].facts.as_slice() else {
        panic!("it waits for a person")
    };
    assert_eq!((Some(item.id), item.patient_id), (receipt.tray_id, Some(patient)));
}

#[test]
fn jobs_are_never_parked_and_bringing_a_patient_here_is_not_either() {
    let (rows, opened) = from_elsewhere(Role::Service, correction());
    let done = decide_batch(&rows, vec![opened], BTreeMap::new(), 0);
    assert_eq!(done.judged[0].receipt.status, ReceiptStatus::Applied);
    let assign = sync::sim::work::assign(correction().patient_id().unwrap(), &Rng::new(1));
    let (rows, opened) = from_elsewhere(Role::FrontDesk, assign);
    let done = decide_batch(&rows, vec![opened], BTreeMap::new(), 0);
    assert_eq!(done.judged[0].receipt.status, ReceiptStatus::Applied);
}

#[test]
fn a_device_that_was_shut_out_is_parked_whatever_it_sends() {
    let mut opened = opened(1, Role::FrontDesk, register(&Rng::new(1)));
    opened.ctx.device_revoked = true;
    let done = decide_batch(&Rows::default(), vec![opened], BTreeMap::new(), 0);
    assert_eq!(done.judged[0].receipt.status, ReceiptStatus::Parked);
    assert!(done.rows.all(Entity::Patient).next().is_none());
}

#[test]
fn two_that_came_under_one_id_do_not_hide_each_other_in_the_tray() {
    let first = opened(1, Role::Kiosk, register(&Rng::new(1)));
    let mut second = first.clone();
    second.sealed.seq = 2;
    second.content = Err(domain::decide::Refusal::new(RefusalCode::DifferentContent));
    let done = decide_batch(&Rows::default(), vec![first, second], BTreeMap::new(), 0);
    let items: Vec<_> = done.rows.all(Entity::TrayItem).map(Row::id).collect();
    assert_eq!(items.len(), 2);
}
