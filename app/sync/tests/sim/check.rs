//! What must be true when everything is quiet again.

use super::disk::has_canary;
use super::server::bytes;
use super::world::{Acked, World};
use domain::patients::HumanNumber;
use domain::row::{Entity, Row};
use std::collections::BTreeSet;
use sync::device::EntryState;
use sync::wire::{Receipt, ReceiptStatus};

impl World {
    pub fn check_end(&self) {
        self.check_server();
        for acked in &self.acked {
            self.check_outcome(acked);
        }
        for id in &self.never {
            assert!(
                self.server.judgements(*id).is_empty(),
                "{id} was never saved, and arrived"
            );
        }
        for (at, node) in self.nodes.iter().enumerate() {
            let device = &node.device;
            assert!(
                device.next_push().is_none(),
                "device {at} still has something to send"
            );
            let only_refused = device
                .pending
                .values()
                .all(|entry| entry.state() == EntryState::NeedsDecision);
            assert!(only_refused, "device {at} still waits");
            if let Some(person) = node.person() {
                assert_eq!(device.overlay.len(), 0, "device {at} shows what is not confirmed");
                let confirmed = bytes(device.confirmed.iter());
                let expected = self.server.rows_for(person.role);
                let cut = |rows: &[String], other: &[String]| {
                    let only = rows.iter().filter(|row| !other.contains(row));
                    only.map(|row| row.chars().take(900).collect())
                        .collect::<Vec<String>>()
                };
                assert!(
                    confirmed == expected,
                    "device {at} has other rows than the server: only here {:?}, only there {:?}",
                    cut(&confirmed, &expected),
                    cut(&expected, &confirmed)
                );
            }
            for ((_, key), held) in &node.disk.entries {
                assert!(
                    !has_canary(held) && !has_canary(key.as_bytes()),
                    "a name lies on the disk of device {at}"
                );
            }
            let again = node.reloaded();
            assert!(again.meta == device.meta, "device {at} would come back elsewhere");
            assert!(
                bytes(again.confirmed.iter()) == bytes(device.confirmed.iter()),
                "rows of device {at}"
            );
            assert!(
                again.pending.keys().eq(device.pending.keys()),
                "outbox of device {at}"
            );
            assert!(
                again.next_check() == device.next_check(),
                "what device {at} keeps"
            );
        }
    }

    fn check_server(&self) {
        let live = &self.server.live;
        let revs: Vec<u64> = live.judged.iter().map(|(_, receipt)| receipt.rev).collect();
        assert!(revs.iter().copied().eq(1..=live.rev), "revisions have gaps");
        let numbers: BTreeSet<u64> = (live.rows.all(Entity::Patient))
            .filter_map(|row| match row {
                Row::Patient(patient) => Some(&patient.mrn),
                _ => None,
            })
            .map(|mrn| match mrn {
                HumanNumber::Assigned(number) => *number,
                HumanNumber::Provisional(_) => panic!("a provisional number is recorded"),
            })
            .collect();
        let count = live.rows.all(Entity::Patient).count() as u64;
        assert!(
            numbers.iter().copied().eq(1..=count),
            "numbers of records have gaps, or are given twice"
        );
    }

    /// Applied once, or refused and its device knows.
    fn check_outcome(&self, acked: &Acked) {
        let Acked {
            node: at, id, seq, ..
        } = acked;
        let judged = self.server.judgements(*id);
        let [receipt] = judged[..] else {
            panic!(
                "{id}, number {seq} of device {at}, was judged {} times",
                judged.len()
            )
        };
        assert_eq!(receipt.seq, *seq, "{id} was judged under another number");
        let known = self.server.live.known.get(&(self.nodes[*at].id(), *seq));
        assert!(
            known.is_none_or(|known| known.args_hash == acked.hash),
            "{id} arrived changed"
        );
        let waiting = self.nodes[*at]
            .device
            .pending
            .values()
            .find(|entry| entry.sealed.id == *id);
        let told = waiting.and_then(|entry| entry.receipt.as_ref());
        match receipt.status {
            ReceiptStatus::Rejected => {
                let seen = told.map(|told| Receipt {
                    duplicate: false,
                    ..told.clone()
                });
                let same = seen.as_ref() == Some(receipt);
                assert!(
                    same || self.dismissed.contains(id),
                    "device {at} was not told that {id} was refused"
                );
            }
            _ => assert!(
                waiting.is_none(),
                "device {at} still waits for {id}, number {seq}"
            ),
        }
    }
}
