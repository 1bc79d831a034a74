//! What must be true at every step, and when everything is quiet again. Each finding begins with the word under which
//! it is counted.

use super::disk::has_canary;
use super::node::Node;
use super::server::bytes;
use super::world::{Acked, World};
use crate::cipher::AesGcmCipher;
use crate::device::{EntryState, read_entry};
use crate::store::Store;
use crate::wire::{Receipt, ReceiptStatus};
use domain::patients::HumanNumber;
use domain::row::{Compartment, Entity, Row};
use std::collections::BTreeSet;
use uuid::Uuid;

impl World {
    /// What must hold at every moment.
    pub(super) fn check_step(&mut self) {
        for (at, on_disk, in_memory) in self.outboxes() {
            assert_eq!(
                on_disk, in_memory,
                "lost: device {at} believes that its disk holds other entries than it does"
            );
        }
        for (at, node) in self.nodes.iter().enumerate() {
            let now = node.device.meta.cursor.clone();
            if let (Some(now), Some(before)) = (&now, self.cursors.get(&at)) {
                let same = now.epoch == before.epoch && now.scope == before.scope;
                assert!(!same || now.rev >= before.rev, "diverged: device {at} went back");
            }
            match now {
                Some(now) => drop(self.cursors.insert(at, now)),
                None => drop(self.cursors.remove(&at)),
            }
        }
        for acked in &self.acked {
            self.check_visible(acked);
        }
    }

    /// Whoever registered someone sees them, from then on.
    fn check_visible(&self, acked: &Acked) {
        let node = &self.nodes[acked.node];
        let (Some(patient), Some(person), false) = (acked.registers, node.at_work, node.behind) else {
            return;
        };
        let keys = node.keys(person);
        let device = &node.device;
        let opens = |compartment: &Compartment| keys.contains_key(compartment);
        if node.newer || device.meta.snapshot.is_some() || !acked.readable_with.iter().all(opens) {
            return;
        }
        let there = [&device.confirmed, &device.overlay]
            .into_iter()
            .any(|rows| rows.row(Entity::Patient, patient.0).is_some());
        let entry = device.pending.get(&acked.seq);
        let excused = match entry {
            Some(entry) => {
                entry.dismissed || entry.envelope.is_none() || entry.state() == EntryState::NeedsDecision
            }
            None => {
                let refused = |receipt: &&Receipt| !receipt.status.is_applied();
                device.meta.cursor.is_none()
                    || self.dismissed.contains(&acked.id)
                    || self.server.judgements(acked.id).iter().any(refused)
            }
        };
        assert!(
            there || excused,
            "lost: device {} does not see what it registered (number {}): {:?}, waiting {:?}, wiped {}",
            acked.node,
            acked.seq,
            device.meta.cursor,
            entry.map(|entry| (entry.state(), &entry.receipt)),
            node.wiped_once
        );
    }

    /// A device that fetched up to the newest revision holds what the server has in its scope: no more, no less.
    pub(super) fn check_fetched(&self, at: usize) {
        let node = &self.nodes[at];
        let live = &self.server.live;
        let (Some(member), Some(cursor)) = (node.member(), &node.device.meta.cursor) else {
            return;
        };
        let Some((_, scope)) = self.server.held_by(member, node.id()) else {
            return;
        };
        let newest = cursor.epoch == live.epoch && cursor.rev == live.rev && cursor.scope == scope.key();
        if !newest || node.device.meta.snapshot.is_some() || node.behind || self.server.late.is_some() {
            return;
        }
        self.check_rows(at, node);
        self.check_closed(at, node);
    }

    fn check_rows(&self, at: usize, node: &Node) {
        let (Some(person), Some(member)) = (node.at_work, node.member()) else {
            return;
        };
        let keys = node.keys(person);
        let expected = self.server.rows_for(member, node.id());
        let expected = expected
            .into_iter()
            .filter(|row| keys.contains_key(&row.entity().compartment()));
        let (mut here, mut there) = (node.device.confirmed.iter(), expected);
        loop {
            let (here, there) = (here.next(), there.next());
            assert!(
                here == there,
                "diverged: device {at} has {here:?} where the server has {there:?}, at {:?}",
                node.device.meta.cursor
            );
            if here.is_none() {
                break;
            }
        }
        let open = |key: &str| {
            keys.keys()
                .any(|compartment| key.starts_with(&format!("{}/", compartment.name())))
        };
        let on_disk: BTreeSet<(Entity, Uuid)> = (self.on_disk(node).into_iter())
            .filter(|(key, _)| open(key))
            .map(|(_, row)| (row.entity(), row.id()))
            .collect();
        let shown = node.device.confirmed.iter().map(|row| (row.entity(), row.id()));
        assert!(
            on_disk.into_iter().eq(shown),
            "leaked: device {at} has other rows on its disk than it shows"
        );
    }

    /// What lies closed to whoever works here must be in scope, too.
    fn check_closed(&self, at: usize, node: &Node) {
        let Some((_, scope)) = node
            .member()
            .and_then(|member| self.server.held_by(member, node.id()))
        else {
            return;
        };
        for (_, row) in self.on_disk(node) {
            assert!(
                self.server.is_in_scope(&scope, &row),
                "leaked: {row:?} left, and lies closed on device {at}"
            );
        }
    }

    /// Every row on a disk, whoever works there, with its entry's key; what a block says of a row that lies above it, too.
    fn on_disk(&self, node: &Node) -> Vec<(String, Row)> {
        let practice = self.server.practice.to_string();
        let mut found = Vec::new();
        for (key, hidden) in node.disk.all(Store::Rows) {
            let Some(compartment) = Compartment::ALL
                .into_iter()
                .find(|one| key.starts_with(&format!("{}/", one.name())))
            else {
                continue;
            };
            let cipher = AesGcmCipher::new(node.key(compartment), super::rng::Rng::new(0));
            let rows = read_entry(&cipher, &practice, &key, &hidden);
            let rows = rows.expect("diverged: a row on the disk opens");
            found.extend(rows.into_iter().map(|row| (key.clone(), row)));
        }
        found
    }

    /// What must hold when everything is quiet.
    pub(super) fn check_end(&mut self) {
        self.check_server();
        for acked in &self.acked {
            self.check_outcome(acked);
        }
        for id in &self.never {
            assert!(
                self.server.judgements(*id).is_empty(),
                "duplicated: {id} was never saved, and arrived"
            );
        }
        self.server.late = None;
        for (at, node) in self.nodes.iter().enumerate() {
            let device = &node.device;
            assert!(
                device.next_push().is_none(),
                "stuck: device {at} still has something to send"
            );
            let only_refused = device
                .pending
                .values()
                .all(|entry| entry.state() == EntryState::NeedsDecision);
            assert!(only_refused, "stuck: device {at} still waits");
            if self.server.is_revoked(node.id()) {
                let heard = node.is_kiosk() || device.meta.wiped;
                assert!(heard, "leaked: device {at} was shut out, and can be read");
            }
            if node.at_work.is_some() {
                assert!(
                    device.overlay.is_empty(),
                    "diverged: device {at} shows what is not confirmed"
                );
                assert!(
                    device.meta.snapshot.is_none() && device.meta.cursor.is_some(),
                    "stuck: device {at} did not fetch everything"
                );
                self.check_rows(at, node);
                self.check_closed(at, node);
            }
            for ((_, key), held) in &node.disk.entries {
                assert!(
                    !has_canary(held) && !has_canary(key.as_bytes()),
                    "leaked: a name lies on the disk of device {at}"
                );
            }
            self.check_reload(at, node);
        }
    }

    fn check_reload(&self, at: usize, node: &Node) {
        let device = &node.device;
        let again = node.reloaded();
        assert!(
            again.meta == device.meta,
            "diverged: device {at} would come back elsewhere"
        );
        assert!(
            bytes(again.confirmed.iter()) == bytes(device.confirmed.iter()),
            "diverged: rows of device {at} after loading"
        );
        assert!(
            again.pending.keys().eq(device.pending.keys()),
            "lost: the outbox of device {at} after loading"
        );
        assert!(
            again.next_check() == device.next_check(),
            "lost: what device {at} keeps after loading"
        );
    }

    fn check_server(&self) {
        let live = &self.server.live;
        let revs: Vec<u64> = live.judged.iter().map(|(_, receipt)| receipt.rev).collect();
        assert!(
            revs.iter().copied().eq(1..=live.rev),
            "diverged: revisions have gaps"
        );
        let numbers: BTreeSet<u64> = (live.rows.all(Entity::Patient))
            .filter_map(|row| match row {
                Row::Patient(patient) => Some(&patient.mrn),
                _ => None,
            })
            .map(|mrn| match mrn {
                HumanNumber::Assigned(number) => *number,
                HumanNumber::Provisional(_) => panic!("diverged: a provisional number is recorded"),
            })
            .collect();
        let count = live.rows.all(Entity::Patient).count() as u64;
        assert!(
            numbers.iter().copied().eq(1..=count),
            "duplicated: numbers of records have gaps, or are given twice"
        );
    }

    /// Applied once; or not, and both its device and the tray know.
    fn check_outcome(&self, acked: &Acked) {
        let Acked {
            node: at, id, seq, ..
        } = acked;
        let judged = self.server.judgements(*id);
        let [receipt] = judged[..] else {
            let wrong = if judged.is_empty() { "lost" } else { "duplicated" };
            panic!(
                "{wrong}: {id}, number {seq} of device {at}, was judged {} times",
                judged.len()
            )
        };
        assert_eq!(
            receipt.seq, *seq,
            "diverged: {id} was judged under another number"
        );
        let known = self.server.live.known.get(&(self.nodes[*at].id(), *seq));
        assert!(
            known.is_none_or(|known| known.args_hash == acked.hash),
            "diverged: {id} arrived changed"
        );
        for hash in &acked.photos {
            assert!(
                self.server.live.photos.contains(hash),
                "lost: a photo of {id} is nowhere"
            );
        }
        let device = &self.nodes[*at].device;
        let waiting = device.pending.values().find(|entry| entry.sealed.id == *id);
        match receipt.status {
            ReceiptStatus::Applied | ReceiptStatus::Conflict => {
                assert!(
                    waiting.is_none(),
                    "stuck: device {at} still waits for {id}, number {seq}: {:?} of {receipt:?} at {:?}",
                    waiting.map(|entry| &entry.receipt),
                    device.meta.cursor
                );
                assert!(
                    receipt.tray_id.is_none(),
                    "lost: {id} was told as applied, and was not"
                );
            }
            ReceiptStatus::Rejected | ReceiptStatus::Parked => {
                let item = receipt
                    .tray_id
                    .and_then(|item| self.server.live.rows.row(Entity::TrayItem, item.0));
                assert!(item.is_some(), "lost: {id} was not applied, and nobody sees it");
                self.check_told(acked, receipt, waiting.and_then(|entry| entry.receipt.as_ref()));
            }
        }
        self.check_decided(acked, receipt);
    }

    /// What was decided is not asked again.
    fn check_decided(&self, acked: &Acked, receipt: &Receipt) {
        let Some(item) = acked.resolves.filter(|_| receipt.status.is_applied()) else {
            return;
        };
        let item = self.server.live.rows.row(Entity::TrayItem, item.0);
        assert!(
            item.is_some_and(|item| domain::scope::open_at(item).is_none()),
            "stuck: what {} decided is asked again",
            acked.id
        );
    }

    fn check_told(&self, acked: &Acked, receipt: &Receipt, told: Option<&Receipt>) {
        let node = &self.nodes[acked.node];
        let same = told.is_some_and(|told| {
            let told = Receipt {
                duplicate: receipt.duplicate,
                ..told.clone()
            };
            told == *receipt
        });
        let item = receipt
            .tray_id
            .and_then(|item| self.server.live.rows.row(Entity::TrayItem, item.0));
        let decided = item.is_some_and(|item| domain::scope::open_at(item).is_none());
        assert!(
            same || decided || self.dismissed.contains(&acked.id) || node.wiped_once,
            "lost: device {} was not told that {} was not applied",
            acked.node,
            acked.id
        );
    }
}
