//! The device's half, step by step: what it writes, what it sends, and what a person sees meanwhile.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::practice::WorkforceMember;
use domain::row::{Entity, Row};
use std::rc::Rc;
use sync::device::{Actor, EntryState};
use sync::sim::disk::Mishap;
use sync::sim::node::{Done, Node};
use sync::sim::rng::Rng;
use sync::sim::server::{Server, bytes};
use sync::sim::work::{correct, intake, photo, register, uuid};
use sync::store::{Store, Write};
use sync::wire::PullResponse;

struct Desk {
    server: Server,
    rng: Rc<Rng>,
    nodes: Vec<Node>,
}

/// A kiosk, and two desks with a receptionist and a nurse each.
fn desk() -> Desk {
    let rng = Rc::new(Rng::new(77));
    let mut server = Server::new(rng.as_ref(), None);
    let people = [("Maria", Role::FrontDesk), ("Noor", Role::Nurse)].map(|(name, role)| {
        let member = WorkforceMemberId(uuid(&rng));
        server.hire(WorkforceMember {
            id: member,
            login: name.to_owned(),
            display_name: name.to_owned(),
            role,
            site_ids: Vec::new(),
            practitioner_id: None,
            active: true,
        });
        Actor {
            member: Some(member),
            name: name.to_owned(),
            role,
        }
    });
    let mut nodes: Vec<Node> = [vec![], people.to_vec(), people.to_vec()]
        .into_iter()
        .zip(0..)
        .map(|(p, n)| Node::new(&mut server, n, p, None, rng.clone()))
        .collect();
    for node in &mut nodes {
        // Changes, one by one; snapshots have tests of their own.
        node.old_build = true;
        node.unlock(0);
    }
    Desk { server, rng, nodes }
}

impl Desk {
    fn enter(&mut self, at: usize, command: &Command) -> u64 {
        let (id, now) = (CommandId(uuid(&self.rng)), self.server.now);
        assert_eq!(
            self.nodes[at].enter(id, command, &[], now, Mishap::Nothing),
            Ok(Done::Yes)
        );
        *self.nodes[at].device.pending.keys().next_back().unwrap()
    }

    fn register(&mut self, at: usize) -> (u64, PatientId) {
        let command = register(&self.rng);
        let Command::RegisterPatient(args) = &command else {
            panic!("it registers")
        };
        (self.enter(at, &command), args.patient.id)
    }

    fn sees(&self, at: usize, patient: PatientId) -> bool {
        let device = &self.nodes[at].device;
        [&device.confirmed, &device.overlay]
            .iter()
            .any(|rows| rows.row(Entity::Patient, patient.0).is_some())
    }

    /// What the server answers to the device's next pull: changes, and no snapshot.
    fn ask(&mut self, at: usize) -> PullResponse {
        let mut request = self.nodes[at].device.next_pull();
        request.snapshots = false;
        let member = self.nodes[at].member().unwrap();
        self.server.pull(&request, member).unwrap()
    }

    fn sync(&mut self, at: usize) {
        self.nodes[at].sync(&mut self.server);
    }

    /// What a page that is loaded now would know is what this one knows.
    fn same_after_reload(&self) {
        for node in &self.nodes {
            let again = node.reloaded();
            assert!(again.meta == node.device.meta);
            assert_eq!(bytes(again.confirmed.iter()), bytes(node.device.confirmed.iter()));
            assert_eq!(bytes(again.overlay.iter()), bytes(node.device.overlay.iter()));
            let states = |d: &sync::device::Device| {
                d.pending
                    .values()
                    .map(|e| (e.sealed.seq, e.state(), e.receipt.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(states(&again), states(&node.device));
            assert_eq!(again.next_push(), node.device.next_push());
            assert_eq!(again.next_check(), node.device.next_check());
            assert_eq!(again.photos, node.device.photos);
        }
    }

    fn sent(&self, at: usize) -> usize {
        self.nodes[at].disk.all(Store::Sent).len()
    }

    /// Two desks make the same record; the second is refused.
    fn refused(&mut self) -> u64 {
        let command = register(&self.rng);
        self.enter(1, &command);
        let seq = self.enter(2, &command);
        self.sync(1);
        self.nodes[2].push(&mut self.server);
        assert_eq!(
            self.nodes[2].device.pending[&seq].state(),
            EntryState::NeedsDecision
        );
        seq
    }
}

#[test]
fn an_entry_is_one_strict_transaction_of_ciphertext_with_its_photo() {
    let mut desk = desk();
    let photo = photo(&desk.rng);
    let command = intake(&desk.rng, &photo, None);
    let (id, now) = (CommandId(uuid(&desk.rng)), desk.server.now);
    let (_, tx) = desk.nodes[0]
        .device
        .enter(id, &command, std::slice::from_ref(&photo), now)
        .unwrap();
    assert!(tx.strict);
    // The disk itself looks for names in the open.
    desk.nodes[0].disk.write(&tx);
    let stores: Vec<Store> = (tx.writes.iter())
        .map(|write| match write {
            Write::Put(store, ..)
            | Write::Delete(store, _)
            | Write::Clear(store)
            | Write::ClearPrefix(store, _) => *store,
        })
        .collect();
    assert_eq!(stores, [Store::Outbox, Store::Meta, Store::Blobs]);
    assert!(
        desk.nodes[0].device.pending.is_empty(),
        "memory waits for the disk"
    );
}

#[test]
fn whoever_enters_something_sees_it_at_every_step_and_it_leaves_with_its_row() {
    let mut desk = desk();
    let (seq, patient) = desk.register(1);
    assert!(desk.sees(1, patient));
    desk.same_after_reload();
    desk.nodes[1].push(&mut desk.server);
    assert!(desk.sees(1, patient));
    assert_eq!(desk.nodes[1].device.pending[&seq].state(), EntryState::Sent);
    desk.same_after_reload();
    let answer = desk.ask(1);
    let (pulled, tx) = desk.nodes[1].device.on_pull(&answer).unwrap();
    for store in [Store::Meta, Store::Rows, Store::Outbox, Store::Sent] {
        let there = tx
            .writes
            .iter()
            .any(|write| matches!(write, Write::Put(s, ..) | Write::Delete(s, _) if *s == store));
        assert!(there, "{store:?} is in the same transaction");
    }
    desk.nodes[1].disk.write(&tx);
    desk.nodes[1].device.pulled(pulled);
    assert!(desk.sees(1, patient) && desk.nodes[1].device.overlay.is_empty());
    assert_eq!((desk.nodes[1].device.pending.len(), desk.sent(1)), (0, 1));
    desk.same_after_reload();
}

#[test]
fn a_lost_reply_followed_by_a_pull_ends_the_waiting() {
    let mut desk = desk();
    let (_, patient) = desk.register(1);
    desk.server.push(&desk.nodes[1].device.next_push().unwrap());
    desk.nodes[1].pull(&mut desk.server);
    assert!(desk.nodes[1].device.pending.is_empty() && desk.sees(1, patient));
    desk.same_after_reload();
}

#[test]
fn what_was_refused_stays_until_it_is_dismissed_and_is_kept_after() {
    let mut desk = desk();
    let seq = desk.refused();
    desk.sync(2);
    assert_eq!(desk.nodes[2].device.counts(), (0, 0, 1));
    assert_eq!(desk.nodes[2].dismiss(seq, Mishap::Nothing), Done::Yes);
    assert_eq!((desk.nodes[2].device.counts(), desk.sent(2)), ((0, 0, 0), 1));
    desk.same_after_reload();
    let next = desk.register(2).0;
    assert_eq!(next, seq + 1, "its number is not given again");
}

#[test]
fn a_refusal_does_not_stop_the_entries_behind_it() {
    let mut desk = desk();
    desk.refused();
    let (_, patient) = desk.register(2);
    desk.sync(2);
    desk.sync(1);
    assert!(desk.sees(1, patient));
}

#[test]
fn a_late_reply_brings_nothing_back_that_the_server_has() {
    let mut desk = desk();
    desk.register(1);
    let first = desk.nodes[1].device.next_push().unwrap();
    let late = desk.server.push(&first);
    desk.register(1);
    desk.sync(1);
    assert_eq!((desk.nodes[1].device.pending.len(), desk.sent(1)), (0, 2));
    desk.nodes[1].take_push(&late, Mishap::Nothing);
    assert_eq!((desk.nodes[1].device.pending.len(), desk.sent(1)), (0, 2));
    assert!(desk.nodes[1].device.next_push().is_none());
}

#[test]
fn after_a_restore_the_same_bytes_are_sent_again() {
    let mut desk = desk();
    desk.register(1);
    desk.sync(1);
    desk.server.backup();
    let (seq, patient) = desk.register(1);
    let bytes = desk.nodes[1].device.next_push().unwrap().commands;
    desk.sync(1);
    assert!(desk.server.restore(0));
    desk.nodes[1].pull(&mut desk.server);
    assert!(
        desk.sees(1, patient),
        "it is seen while the server does not have it"
    );
    assert_eq!(desk.nodes[1].device.next_push().unwrap().commands, bytes);
    desk.same_after_reload();
    desk.sync(1);
    desk.sync(2);
    assert!(desk.sees(2, patient));
    assert_eq!(desk.nodes[1].device.pending.get(&seq).map(|e| e.state()), None);
}

#[test]
fn an_entry_that_was_told_and_not_yet_fetched_is_sent_again_after_a_restore() {
    let mut desk = desk();
    desk.server.backup();
    desk.register(1);
    desk.nodes[1].push(&mut desk.server);
    desk.server.restore(0);
    desk.register(1);
    desk.sync(1);
    let device = desk.nodes[1].id();
    assert_eq!(desk.server.live.last_seq[&device], 2, "both arrived");
}

#[test]
fn a_refusal_that_the_server_forgot_does_not_stop_the_queue() {
    let mut desk = desk();
    desk.server.backup();
    let seq = desk.refused();
    desk.server.restore(0);
    desk.register(2);
    desk.sync(2);
    assert!(
        !desk.nodes[2].device.pending.contains_key(&seq),
        "it was judged anew"
    );
    assert_eq!(desk.server.live.last_seq[&desk.nodes[2].id()], seq + 1);
}

#[test]
fn a_dismissed_refusal_is_sent_again_and_nobody_is_asked_twice() {
    let mut desk = desk();
    desk.server.backup();
    let seq = desk.refused();
    desk.nodes[2].dismiss(seq, Mishap::Nothing);
    desk.server.restore(0);
    desk.sync(1);
    desk.sync(2);
    assert_eq!(desk.nodes[2].device.counts(), (0, 0, 0));
    assert_eq!(desk.server.live.last_seq[&desk.nodes[2].id()], seq);
}

#[test]
fn a_kiosk_is_done_with_the_receipt_and_learns_of_a_restore_by_asking() {
    let mut desk = desk();
    desk.server.backup();
    let photo = photo(&desk.rng);
    let command = intake(&desk.rng, &photo, None);
    desk.enter(0, &command);
    desk.nodes[0].push(&mut desk.server);
    assert_eq!((desk.nodes[0].device.pending.len(), desk.sent(0)), (0, 1));
    desk.server.restore(0);
    assert!(desk.nodes[0].device.next_push().is_none());
    desk.sync(0);
    assert_eq!(desk.server.live.last_seq[&desk.nodes[0].id()], 1);
    desk.same_after_reload();
}

#[test]
fn a_locked_device_sends_what_waits_and_keeps_it_until_its_row_is_fetched() {
    let mut desk = desk();
    let (seq, patient) = desk.register(1);
    desk.nodes[1].boot();
    assert!(!desk.sees(1, patient), "locked");
    desk.nodes[1].push(&mut desk.server);
    assert_eq!(desk.nodes[1].device.pending[&seq].state(), EntryState::Sent);
    desk.nodes[1].unlock(0);
    assert!(desk.sees(1, patient));
    desk.sync(1);
    assert!(desk.sees(1, patient) && desk.nodes[1].device.pending.is_empty());
}

#[test]
fn someone_who_may_hold_more_fetches_what_the_one_before_was_not_sent() {
    let mut desk = desk();
    let photo = photo(&desk.rng);
    let command = intake(&desk.rng, &photo, None);
    desk.enter(0, &command);
    desk.sync(0);
    desk.sync(1);
    let answers = |node: &Node| node.device.confirmed.all(Entity::QuestionnaireResponse).count();
    assert_eq!(answers(&desk.nodes[1]), 0);
    desk.nodes[1].unlock(1);
    desk.sync(1);
    assert_eq!(answers(&desk.nodes[1]), 1);
}

#[test]
fn an_answer_with_a_hole_of_another_history_or_from_the_past_is_refused() {
    let mut desk = desk();
    desk.register(2);
    desk.sync(2);
    let first = desk.ask(1);
    desk.sync(1);
    assert!(desk.nodes[1].device.on_pull(&first).is_err(), "late");
    let good = desk.ask(1);
    assert!(desk.nodes[1].device.on_pull(&good).is_ok());
    let mut hole = good.clone();
    hole.from += 1;
    hole.to += 1;
    assert!(desk.nodes[1].device.on_pull(&hole).is_err());
    let mut foreign = good.clone();
    foreign.epoch = uuid(&desk.rng);
    assert!(desk.nodes[1].device.on_pull(&foreign).is_err());
    foreign.reset = true;
    foreign.from = 0;
    assert!(
        desk.nodes[1].device.on_pull(&foreign).is_ok(),
        "a new history begins anew"
    );
}

#[test]
fn what_a_backup_covers_is_kept_no_longer() {
    let mut desk = desk();
    desk.register(1);
    desk.sync(1);
    desk.server.backup();
    desk.server.verify(0);
    desk.register(1);
    assert_eq!(desk.sent(1), 1);
    desk.sync(1);
    assert_eq!(desk.sent(1), 1, "the first is forgotten, the second is kept");
    desk.same_after_reload();
    assert!(desk.nodes[1].device.next_check().is_some());
}

#[test]
fn a_full_disk_or_a_crash_before_the_write_changes_nothing() {
    let mut desk = desk();
    for mishap in [Mishap::Full, Mishap::CrashBefore] {
        let before = desk.nodes[1].disk.clone();
        let (id, now, command) = (CommandId(uuid(&desk.rng)), desk.server.now, register(&desk.rng));
        desk.nodes[1].enter(id, &command, &[], now, mishap).unwrap();
        assert!(desk.nodes[1].disk == before && desk.nodes[1].device.pending.is_empty());
        desk.nodes[1].unlock(0);
    }
    assert_eq!(desk.register(1).0, 1);
}

#[test]
fn a_disk_that_forgot_gives_no_number_again_that_the_server_has() {
    let mut desk = desk();
    desk.register(1);
    desk.sync(1);
    desk.nodes[1].disk.entries.clear();
    desk.nodes[1].boot();
    desk.nodes[1].unlock(0);
    desk.sync(1);
    let (seq, patient) = desk.register(1);
    assert_eq!(seq, 2);
    desk.sync(1);
    assert!(desk.sees(1, patient));
}

#[test]
fn a_correction_is_seen_at_once_and_another_desk_s_change_is_not_lost() {
    let mut desk = desk();
    let (_, id) = desk.register(1);
    desk.sync(1);
    desk.sync(2);
    for at in [1, 2] {
        let Some(Row::Patient(patient)) = desk.nodes[at]
            .device
            .confirmed
            .row(Entity::Patient, id.0)
            .cloned()
        else {
            panic!("both know the patient")
        };
        let command = correct(&patient, &desk.rng);
        desk.enter(at, &command);
        assert!(!desk.nodes[at].device.overlay.is_empty());
    }
    (0..2).for_each(|_| [1, 2].into_iter().for_each(|at| desk.sync(at)));
    assert_eq!(
        bytes(desk.nodes[1].device.confirmed.iter()),
        bytes(desk.nodes[2].device.confirmed.iter())
    );
}
