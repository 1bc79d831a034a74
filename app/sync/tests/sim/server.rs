//! One server in memory: transactions, backups, restores. Its rules are `hub`'s.

use super::Mutant;
use super::common::at;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::decide::{Ctx, NumberKind, Numbers, Refusal, RefusalCode};
use domain::id::*;
use domain::row::{Row, Rows};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use sync::hub::{self, Admission, Known, Opened};
use sync::seal::{self, Binding, PrivateKey, PublicKey};
use sync::wire::*;
use uuid::Uuid;

/// What is committed, and what a backup copies.
#[derive(Clone)]
pub struct State {
    pub epoch: Uuid,
    pub rev: u64,
    pub durable_rev: u64,
    pub rows: Rows,
    pub numbers: BTreeMap<NumberKind, u64>,
    pub changes: Vec<Rc<Change>>,
    pub last_seq: BTreeMap<DeviceId, u64>,
    /// Receipts, to be given again.
    pub known: BTreeMap<(DeviceId, u64), Known>,
    /// Every judgement there was, for the checks: an honest server has one for each id.
    pub judged: Vec<(DeviceId, Receipt)>,
}

pub struct Server {
    pub practice: PracticeId,
    pub live: State,
    pub backups: Vec<State>,
    /// No backup older than this may be restored: devices were told that it is safe.
    pub floor: u64,
    pub public: PublicKey,
    pub mutant: Option<Mutant>,
    /// Name and role of each person.
    pub people: BTreeMap<WorkforceMemberId, (String, Role)>,
    pub now: DateTime<Utc>,
    /// Most changes in one answer, so that pages are small.
    pub page: usize,
    private: PrivateKey,
    epochs: u128,
    /// Opening is slow; the same bytes open to the same.
    opened: BTreeMap<String, Vec<u8>>,
    /// For the fault that forgets a restore.
    highest: BTreeMap<DeviceId, u64>,
}

impl Server {
    pub fn new(randomness: &dyn sync::Randomness, mutant: Option<Mutant>) -> Server {
        let (private, public) = seal::generate(randomness);
        let live = State {
            epoch: Uuid::from_u128(0xe001),
            rev: 0,
            durable_rev: 0,
            rows: Rows::default(),
            numbers: BTreeMap::new(),
            changes: Vec::new(),
            last_seq: BTreeMap::new(),
            known: BTreeMap::new(),
            judged: Vec::new(),
        };
        Server {
            practice: PracticeId(Uuid::from_u128(0xfac)),
            backups: Vec::new(),
            live,
            floor: 0,
            public,
            mutant,
            people: BTreeMap::new(),
            now: at("2026-03-10T15:00:00Z"),
            page: MAX_PULL as usize,
            private,
            epochs: 0xe001,
            opened: BTreeMap::new(),
            highest: BTreeMap::new(),
        }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub fn backup(&mut self) {
        self.backups.push(self.live.clone());
        if self.backups.len() > 4 {
            self.backups.remove(0);
        }
    }

    /// A backup was restored elsewhere and found whole.
    pub fn verify(&mut self, which: usize) {
        if let Some(backup) = self.backups.get(which) {
            self.live.durable_rev = self.live.durable_rev.max(backup.rev);
            self.floor = self.floor.max(backup.rev);
        }
    }

    /// Goes back to a backup, in a new epoch. Whether there was one to go back to.
    pub fn restore(&mut self, which: usize) -> bool {
        let Some(backup) = self
            .backups
            .get(which)
            .filter(|backup| backup.rev >= self.floor)
            .cloned()
        else {
            return false;
        };
        self.backups.truncate(which + 1);
        let epoch = self.live.epoch;
        self.live = backup;
        self.epochs += 1;
        self.live.epoch = if self.is(Mutant::ForgetsRestore) {
            epoch
        } else {
            Uuid::from_u128(self.epochs)
        };
        true
    }

    fn last_seq(&self, device: DeviceId) -> u64 {
        let from = if self.is(Mutant::ForgetsRestore) {
            &self.highest
        } else {
            &self.live.last_seq
        };
        from.get(&device).copied().unwrap_or(0)
    }

    fn open(&mut self, device: DeviceId, sealed: &SealedCommand) -> Opened {
        let hash = sync::sha256_hex(&sealed.sealed.0);
        let binding = Binding {
            practice: self.practice,
            device,
            id: sealed.id,
        };
        let plain = match self.opened.get(&hash) {
            Some(plain) => Ok(plain.clone()),
            None => seal::open(&self.private, &binding, &sealed.sealed.0),
        };
        let content = match plain {
            Ok(plain) => {
                self.opened.insert(hash.clone(), plain.clone());
                hub::open_envelope(sealed, &plain)
            }
            Err(_) => Err(Refusal::new(RefusalCode::Unreadable)),
        };
        let (actor, device_time) = match &content {
            Ok((envelope, _)) => (envelope.actor, envelope.device_time),
            Err(_) => (None, self.now),
        };
        let by = actor.and_then(|member| self.people.get(&member).cloned());
        let (actor_name, role) = by.unwrap_or(("Kiosk".into(), Role::Kiosk));
        let ctx = Ctx {
            command_id: sealed.id,
            role,
            actor_name,
            device_id: device,
            now: self.now,
            device_time,
            today: self.now.date_naive(),
            numbers: Numbers::Provisional,
            member_id: actor,
            site_id: None,
            scope: None,
            device_revoked: false,
        };
        Opened {
            sealed: SealedCommand {
                args_hash: hash,
                ..sealed.clone()
            },
            content,
            ctx,
        }
    }

    /// Judges a push in one transaction.
    pub fn push(&mut self, request: &PushRequest) -> PushResponse {
        let device = request.device;
        let before = self.last_seq(device);
        let mut last = before;
        let mut results = Vec::new();
        let mut fresh = Vec::new();
        let mut used: BTreeSet<CommandId> = self.live.known.values().map(|known| known.receipt.id).collect();
        let same = hub::same_history(request, self.live.epoch) || self.is(Mutant::ForgetsRestore);
        for sealed in request.commands.iter().filter(|_| same) {
            let mut opened = self.open(device, sealed);
            let known = self.live.known.get(&(device, sealed.seq));
            match hub::admit(last, &opened.sealed, known) {
                Admission::Gap => break,
                Admission::Known(_) if self.is(Mutant::LostReplyIsNew) => {
                    last += 1;
                    opened.sealed.seq = last;
                    fresh.push(opened);
                }
                Admission::Known(receipt) => results.push(receipt),
                Admission::Fresh => {
                    last += 1;
                    if !used.insert(sealed.id) {
                        opened.content = Err(Refusal::new(RefusalCode::DifferentContent));
                    }
                    fresh.push(opened);
                }
            }
        }
        let hashes: Vec<String> = fresh
            .iter()
            .map(|opened| opened.sealed.args_hash.clone())
            .collect();
        let live = &mut self.live;
        let batch = hub::decide_batch(&live.rows, fresh, live.numbers.clone(), live.rev);
        for (judged, args_hash) in batch.judged.into_iter().zip(hashes) {
            let receipt = judged.receipt;
            for (ord, row) in (0u32..).zip(judged.facts) {
                live.rows.put(row.clone());
                live.changes.push(Rc::new(Change {
                    rev: receipt.rev,
                    ord,
                    command_id: receipt.id,
                    row,
                }));
            }
            live.judged.push((device, receipt.clone()));
            if self.mutant != Some(Mutant::DropsReceipts) {
                live.known.insert(
                    (device, receipt.seq),
                    Known {
                        receipt: receipt.clone(),
                        args_hash,
                    },
                );
            }
            results.push(receipt);
        }
        (live.numbers, live.rev) = (batch.numbers, batch.head);
        live.last_seq.insert(device, last);
        self.highest.insert(device, last);
        results.sort_by_key(|receipt| receipt.seq);
        PushResponse {
            proto: PROTO,
            results,
            last_seq: last,
            epoch: self.live.epoch,
            head: self.live.rev,
            durable_rev: self.live.durable_rev,
            server_time: self.now,
            directives: Vec::new(),
            min_schema: None,
        }
    }

    /// Whole revisions after the cursor, of what a role may hold.
    pub fn pull(&self, request: &PullRequest, role: Role) -> PullResponse {
        let live = &self.live;
        let known = request
            .cursor
            .as_ref()
            .filter(|cursor| cursor.epoch == live.epoch);
        let from = known.map_or(0, |cursor| cursor.rev);
        let mut changes: Vec<Change> = Vec::new();
        let mut to = live.rev;
        for change in live.changes.iter().filter(|change| change.rev > from) {
            if !role.may_hold(change.row.entity()) {
                continue;
            }
            if self.is(Mutant::PullSkipsRows) && change.rev % 7 == 3 {
                continue;
            }
            if changes.len() >= self.page && changes.last().is_some_and(|last| last.rev < change.rev) {
                to = change.rev - 1;
                break;
            }
            changes.push(Change::clone(change));
        }
        PullResponse {
            proto: PROTO,
            epoch: live.epoch,
            reset: request.cursor.is_some() && known.is_none(),
            from,
            to,
            head: live.rev,
            changes,
            more: to < live.rev,
            last_seq: self.last_seq(request.device),
            durable_rev: live.durable_rev,
            server_time: self.now,
            evict: Vec::new(),
            evict_rows: Vec::new(),
            gained: Vec::new(),
            scope: String::new(),
            snapshot: None,
            directives: Vec::new(),
            min_schema: None,
        }
    }

    /// Rows of the practice that a role may hold, as bytes.
    pub fn rows_for(&self, role: Role) -> Vec<String> {
        bytes(self.live.rows.iter().filter(|row| role.may_hold(row.entity())))
    }

    /// What was judged of one command.
    pub fn judgements(&self, id: CommandId) -> Vec<&Receipt> {
        self.live
            .judged
            .iter()
            .map(|(_, receipt)| receipt)
            .filter(|receipt| receipt.id == id)
            .collect()
    }
}

/// Rows as bytes, in order.
pub fn bytes<'a>(rows: impl Iterator<Item = &'a Row>) -> Vec<String> {
    rows.filter_map(|row| serde_json::to_string(row).ok()).collect()
}
