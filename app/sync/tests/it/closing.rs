//! What closes by itself, what is erased, what is carried by hand, and what does not fit.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Duration, Utc};
use domain::access::Role;
use domain::command::Command;
use domain::decide::RefusalCode;
use domain::id::*;
use domain::practice::WorkforceMember;
use domain::row::{Compartment, Entity};
use std::rc::Rc;
use sync::device::{Actor, DISK, Device, LoadError, QUEUE_MOST, QUEUE_WARN, demands_wipe};
use sync::lease::{Lease, lease};
use sync::rescue::{RescueError, SealedPhoto, parse_rescue};
use sync::sim::disk::Mishap;
use sync::sim::made::at;
use sync::sim::node::{Done, Node};
use sync::sim::rng::Rng;
use sync::sim::server::Server;
use sync::sim::work::{SITES, assign, intake, photo, register, uuid};
use sync::snapshot::plan;
use sync::store::Store;
use sync::wire::Directive;

struct Desk {
    server: Server,
    rng: Rc<Rng>,
    node: Node,
}

fn desk(role: Role) -> Desk {
    let rng = Rc::new(Rng::new(77));
    let mut server = Server::new(rng.as_ref(), None);
    let member = WorkforceMemberId(uuid(&rng));
    server.hire(WorkforceMember {
        id: member,
        login: "maria".into(),
        display_name: "Maria".into(),
        role,
        site_ids: Vec::new(),
        practitioner_id: None,
        active: true,
    });
    let people = vec![Actor {
        member: Some(member),
        name: "Maria".into(),
        role,
    }];
    let mut node = Node::new(&mut server, 1, people, Some(SITES[0]), rng.clone());
    node.unlock(0);
    Desk { server, rng, node }
}

impl Desk {
    fn enter(&mut self, command: &Command) -> CommandId {
        let (id, now) = (CommandId(uuid(&self.rng)), self.server.now);
        assert_eq!(
            self.node.enter(id, command, &[], now, Mishap::Nothing),
            Ok(Done::Yes)
        );
        id
    }

    fn register(&mut self) -> PatientId {
        let command = register(&self.rng);
        self.enter(&command);
        match command {
            Command::RegisterPatient(args) => args.patient.id,
            _ => panic!("it registers"),
        }
    }

    fn sync(&mut self) {
        self.node.sync(&mut self.server);
    }
}

#[test]
fn a_device_closes_step_by_step_and_a_slow_clock_closes_nothing() {
    let heard: DateTime<Utc> = at("2026-03-10T15:00:00Z");
    let after = |hours: i64| lease(Some(heard), heard + Duration::hours(hours));
    assert_eq!([after(0), after(24)], [Lease::Open; 2]);
    assert_eq!([after(25), after(7 * 24)], [Lease::NoClinical; 2]);
    assert_eq!([after(7 * 24 + 1), after(180 * 24)], [Lease::Closed; 2]);
    assert_eq!(after(180 * 24 + 1), Lease::Erase);
    assert_eq!(after(-24 * 3650), Lease::Open, "a clock that runs behind");
    assert_eq!(lease(None, heard), Lease::Open);
}

#[test]
fn a_newer_schema_is_refused_before_anything_is_written() {
    let mut desk = desk(Role::FrontDesk);
    desk.register();
    desk.node.mark_schema(DISK + 1);
    let before = desk.node.disk.clone();
    let mut device = Device::new(desk.node.device.identity.clone(), desk.rng.clone());
    assert_eq!(
        device.load_locked(&desk.node.disk.stored()),
        Err(LoadError::Newer(DISK + 1))
    );
    assert!(device.pending.is_empty() && desk.node.disk == before);
}

#[test]
fn a_wipe_erases_what_can_be_read_and_loses_nothing() {
    let mut desk = desk(Role::FrontDesk);
    desk.register();
    desk.sync();
    desk.node.look();
    let waiting = register(&desk.rng);
    let id = desk.enter(&waiting);
    desk.server.place(desk.node.id(), None, false, true);
    let answer = desk.server.push(&desk.node.device.next_push().unwrap());
    assert!(demands_wipe(&answer.directives) && !demands_wipe(&[Directive::Unknown]));
    assert_eq!(desk.node.wipe(Mishap::Nothing), Done::Yes);
    for store in [Store::Rows, Store::Drafts, Store::Reads, Store::Blobs] {
        assert!(desk.node.disk.all(store).is_empty(), "{store:?}");
    }
    assert_eq!(desk.node.disk.all(Store::Outbox).len(), 1);
    desk.sync();
    let [receipt] = desk.server.judgements(id)[..] else {
        panic!("it arrived, once")
    };
    assert!(
        receipt.tray_id.is_some(),
        "what a device shut out sends is looked at"
    );
    assert!(desk.node.device.pending.is_empty() && desk.node.device.meta.wiped);
}

#[test]
fn a_full_queue_is_said_before_and_refuses_without_dropping() {
    let mut desk = desk(Role::FrontDesk);
    desk.register();
    let one = desk.node.device.pending.values().next().unwrap().clone();
    for seq in 2..=QUEUE_MOST as u64 {
        let mut more = one.clone();
        more.sealed.seq = seq;
        // Small, so that it is the number that counts.
        more.sealed.sealed.0.truncate(50);
        desk.node.device.pending.insert(seq, more);
        if seq == QUEUE_WARN as u64 {
            assert!(desk.node.device.queue().is_long() && !desk.node.device.queue().is_full());
        }
    }
    let refused = desk.node.device.enter(
        CommandId(uuid(&desk.rng)),
        &register(&desk.rng),
        &[],
        desk.server.now,
    );
    assert_eq!(refused.err().map(|r| r.code), Some(RefusalCode::QueueFull));
    assert_eq!(desk.node.device.pending.len(), QUEUE_MOST);
}

#[test]
fn a_rescue_file_carries_what_waits_and_what_no_backup_has() {
    let mut desk = desk(Role::FrontDesk);
    desk.register();
    desk.sync();
    desk.register();
    let sealed = SealedPhoto {
        hash: "ab".repeat(32),
        sealed: sync::b64::Bytes(vec![1, 2, 3]),
    };
    let now = desk.server.now;
    let mut file = desk.node.device.rescue_file(now, vec![sealed.clone()]);
    let rescue = parse_rescue(&file).unwrap();
    let seqs: Vec<u64> = rescue.commands.iter().map(|command| command.seq).collect();
    assert_eq!(
        (seqs, rescue.photos, rescue.unreadable),
        (vec![1, 2], vec![sealed], 0)
    );
    assert_eq!((rescue.device, rescue.made_at), (desk.node.id(), now));
    assert!(!sync::sim::disk::has_canary(&file));
    file.truncate(file.len() - 10);
    let torn = parse_rescue(&file).unwrap();
    assert_eq!((torn.commands.len(), torn.unreadable), (2, 1));
    assert_eq!(parse_rescue(b"hello"), Err(RescueError::Heading));
    let newer = String::from_utf8(file).unwrap().replacen(":1,", ":2,", 1);
    assert_eq!(parse_rescue(newer.as_bytes()), Err(RescueError::Newer(2)));
}

#[test]
fn a_snapshot_goes_on_where_it_was_at_every_part_and_a_damaged_one_is_refused() {
    let mut desk = desk(Role::Nurse);
    for _ in 0..60 {
        desk.register();
    }
    desk.node.old_build = true;
    desk.sync();
    desk.server.compact(desk.server.live.rev);
    desk.node.disk.entries.clear();
    desk.node.boot();
    desk.node.unlock(0);
    let member = desk.node.member().unwrap();
    let answer = desk.server.pull(&desk.node.device.next_pull(), member).unwrap();
    let parts = answer.snapshot.as_ref().unwrap().chunks.len();
    assert!(parts > 3);
    desk.node.take_pull(&answer, Mishap::Nothing);
    for index in 0..parts {
        let request = desk.node.device.next_chunk().unwrap();
        assert_eq!(request.index as usize, index);
        let body = desk.server.chunk(&request, member).unwrap();
        let mut damaged = body.to_vec();
        damaged[3] ^= 1;
        let refused = desk
            .node
            .take_chunk(request.snapshot, request.index, &damaged, Mishap::Nothing);
        assert_eq!(refused, Done::Nothing);
        let progress = desk.node.device.progress().unwrap();
        assert!(progress.rows < progress.of_rows && progress.bytes < progress.of_bytes);
        let mishap = [Mishap::CrashAfter, Mishap::CrashBefore, Mishap::Full][index % 3];
        desk.node
            .take_chunk(request.snapshot, request.index, &body, mishap);
        desk.node.unlock(0);
        if mishap != Mishap::CrashAfter {
            // Entering goes on meanwhile.
            desk.register();
            desk.node
                .take_chunk(request.snapshot, request.index, &body, Mishap::Nothing);
        }
    }
    assert!(desk.node.device.progress().is_none() && desk.node.device.next_chunk().is_none());
    assert_eq!(
        desk.node.device.meta.cursor.as_ref().map(|c| c.rev),
        Some(answer.to)
    );
    assert!(desk.node.device.confirmed.all(Entity::Patient).count() >= 60);
    desk.sync();
    assert!(desk.node.device.pending.is_empty());
}

#[test]
fn a_snapshot_has_what_is_of_use_first() {
    let mut desk = desk(Role::FrontDesk);
    for _ in 0..20 {
        desk.register();
    }
    let said = intake(&desk.rng, &photo(&desk.rng), Some(SITES[0]));
    desk.sync();
    let mut kiosk = Node::new(&mut desk.server, 7, Vec::new(), Some(SITES[0]), desk.rng.clone());
    let now = desk.server.now;
    kiosk
        .enter(CommandId(uuid(&desk.rng)), &said, &[], now, Mishap::Nothing)
        .unwrap();
    kiosk.push(&mut desk.server);
    let rows: Vec<_> = desk.server.live.rows.iter().cloned().collect();
    let (_, scope) = desk
        .server
        .held_by(desk.node.member().unwrap(), desk.node.id())
        .unwrap();
    let holds = |entity: Entity| Role::FrontDesk.may_hold(entity);
    let chunks = plan(&rows, &scope, holds, 4_000);
    let lines: Vec<String> = chunks
        .iter()
        .flat_map(|chunk| chunk.body.split(|byte| *byte == b'\n'))
        .filter(|line| !line.is_empty())
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect();
    let first = |entity: &str| {
        let tag = format!("\"entity\":\"{entity}\"");
        lines.iter().position(|line| line.contains(&tag)).unwrap()
    };
    assert!(first("workforce_member") < first("intake") && first("intake") < first("patient"));
    assert!(
        chunks
            .iter()
            .all(|chunk| chunk.body.len() <= 4_000 || chunk.info.rows == 1)
    );
    assert!(!lines.iter().any(|line| line.contains("questionnaire_response")));
    assert_eq!(plan(&[], &scope, holds, 10).len(), 1, "nothing is a part, too");
}

#[test]
fn a_photo_is_kept_until_a_backup_has_it_and_sent_again_after_a_restore() {
    let mut desk = desk(Role::FrontDesk);
    let mut kiosk = Node::new(&mut desk.server, 7, Vec::new(), Some(SITES[0]), desk.rng.clone());
    desk.server.backup();
    let picture = photo(&desk.rng);
    let said = intake(&desk.rng, &picture, None);
    let (id, now) = (CommandId(uuid(&desk.rng)), desk.server.now);
    kiosk
        .enter(id, &said, std::slice::from_ref(&picture), now, Mishap::Nothing)
        .unwrap();
    kiosk.sync(&mut desk.server);
    assert!(kiosk.device.photos.is_empty() && desk.server.live.photos.len() == 1);
    assert_eq!(kiosk.disk.all(Store::Blobs).len(), 1, "kept");
    desk.server.restore(0);
    assert!(desk.server.live.photos.is_empty());
    kiosk.sync(&mut desk.server);
    assert_eq!(desk.server.live.photos.len(), 1, "sent again");
    // The next revision, and a verified backup that reaches it.
    desk.server.place(kiosk.id(), None, true, false);
    desk.server.backup();
    desk.server.verify(desk.server.backups.len() - 1);
    kiosk.sync(&mut desk.server);
    assert_eq!(kiosk.disk.all(Store::Blobs).len(), 0, "the backup has it");
}

#[test]
fn a_patient_who_leaves_is_gone_in_one_pull_and_what_was_entered_meanwhile_is_parked() {
    let mut desk = desk(Role::FrontDesk);
    let patient = desk.register();
    desk.sync();
    let mut elsewhere = assign(patient, &desk.rng);
    if let Command::AssignPatient(args) = &mut elsewhere {
        (args.add_sites, args.remove_sites) = (vec![SITES[1]], vec![]);
        (args.add_practitioners, args.remove_practitioners) = (vec![], vec![]);
    }
    let cover = |n: u128| {
        Command::RecordCoverage(domain::coverage::RecordCoverage {
            coverage: sync::sim::made::coverage(CoverageId(uuid::Uuid::from_u128(n)), patient, "M1"),
            replaces_from: None,
        })
    };
    desk.enter(&cover(1));
    desk.sync();
    assert_eq!(desk.node.device.confirmed.all(Entity::Coverage).count(), 1);
    desk.enter(&elsewhere);
    let late = desk.enter(&cover(2));
    desk.sync();
    assert_eq!(desk.node.device.confirmed.all(Entity::Coverage).count(), 0);
    assert!(
        desk.node
            .device
            .confirmed
            .row(Entity::Patient, patient.0)
            .is_some()
    );
    let judged: Vec<_> = desk.server.judgements(late).into_iter().cloned().collect();
    let [receipt] = judged.as_slice() else {
        panic!("it was judged")
    };
    assert_eq!(receipt.status, sync::wire::ReceiptStatus::Parked);
    assert_eq!(desk.node.device.counts(), (0, 0, 1), "the device is told");
    let back = match elsewhere {
        Command::AssignPatient(args) => Command::AssignPatient(domain::patients::AssignPatient {
            add_sites: vec![SITES[0]],
            remove_sites: vec![],
            ..args
        }),
        other => other,
    };
    desk.enter(&back);
    desk.sync();
    assert_eq!(
        desk.node.device.confirmed.all(Entity::Coverage).count(),
        1,
        "it comes back whole"
    );
    let item = domain::tray::ResolveTrayItem {
        tray_item_id: receipt.tray_id.unwrap(),
        choice: domain::tray::TrayChoice::Drop,
    };
    desk.enter(&Command::ResolveTrayItem(item));
    desk.sync();
    assert_eq!(desk.node.device.counts(), (0, 0, 0), "decided, and asked no more");
    assert!(desk.node.device.meta.covers.contains(&Compartment::Index));
}

#[test]
fn whoever_is_sent_less_is_shown_less_on_a_shared_device() {
    let mut desk = desk(Role::Biller);
    let other = WorkforceMemberId(uuid(&desk.rng));
    desk.server.hire(WorkforceMember {
        id: other,
        login: "ada".into(),
        display_name: "Ada".into(),
        role: Role::FrontDesk,
        site_ids: Vec::new(),
        practitioner_id: None,
        active: true,
    });
    desk.node.people.push(Actor {
        member: Some(other),
        name: "Ada".into(),
        role: Role::FrontDesk,
    });
    desk.node.unlock(1);
    let patient = desk.register();
    let cover = Command::RecordCoverage(domain::coverage::RecordCoverage {
        coverage: sync::sim::made::coverage(CoverageId(uuid(&desk.rng)), patient, "M1"),
        replaces_from: None,
    });
    desk.enter(&cover);
    let Command::AssignPatient(args) = assign(patient, &desk.rng) else {
        panic!("it assigns")
    };
    let elsewhere = domain::patients::AssignPatient {
        add_sites: vec![SITES[1]],
        remove_sites: vec![],
        ..args
    };
    desk.enter(&Command::AssignPatient(elsewhere));
    desk.sync();
    desk.node.unlock(0);
    desk.sync();
    let covers = |desk: &Desk| desk.node.device.confirmed.all(Entity::Coverage).count();
    assert_eq!(covers(&desk), 1, "the biller works for all sites");
    desk.node.unlock(1);
    assert_eq!(covers(&desk), 0, "before anything is fetched");
    desk.sync();
    assert_eq!(covers(&desk), 0);
}
