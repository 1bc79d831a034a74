//! One database in memory, with two servers in front of it: transactions, backups, restores. The rules are
//! [`crate::hub`]'s.

use super::Mutant;
use super::made::at;
use super::rng::Rng;
use crate::b64::Bytes;
use crate::hub::{Known, Opened};
use crate::seal::{self, PrivateKey, PublicKey};
use crate::wire::*;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::command::{Command, Envelope};
use domain::decide::{Ctx, NumberKind, Numbers};
use domain::id::*;
use domain::practice::{Device, DeviceKind, WorkforceMember};
use domain::row::{Entity, Row, Rows};
use domain::scope::Scope;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use uuid::Uuid;

/// What is committed, and what a backup copies.
#[derive(Clone)]
pub struct State {
    /// Which history.
    pub epoch: Uuid,
    /// The newest revision.
    pub rev: u64,
    /// Up to where the log was compacted.
    pub horizon: u64,
    /// Covered by a verified backup.
    pub durable_rev: u64,
    /// Every row.
    pub rows: Rows,
    /// The next number of each series.
    pub numbers: BTreeMap<NumberKind, u64>,
    /// The log.
    pub changes: Vec<Rc<Change>>,
    /// The last number of each device.
    pub last_seq: BTreeMap<DeviceId, u64>,
    /// Receipts, to be given again.
    pub known: BTreeMap<(DeviceId, u64), Known>,
    /// Ids of commands that were judged.
    pub ids: BTreeSet<CommandId>,
    /// Every judgement there was, for the checks: an honest server has one for each id.
    pub judged: Vec<(DeviceId, Receipt)>,
    /// Photos, by hash.
    pub photos: BTreeSet<String>,
}

/// A snapshot that was built, and for whom.
pub(super) struct Built {
    pub manifest: Manifest,
    pub parts: Vec<Rc<Vec<u8>>>,
    pub role: Role,
}

/// Both servers and their database.
pub struct Server {
    /// Whose.
    pub practice: PracticeId,
    /// What is committed.
    pub live: State,
    /// Backups, the oldest first.
    pub backups: Vec<State>,
    /// No backup older than this may be restored: devices were told that it is safe.
    pub floor: u64,
    /// To whom devices seal.
    pub public: PublicKey,
    /// A deliberate fault.
    pub mutant: Option<Mutant>,
    /// The clock of both.
    pub now: DateTime<Utc>,
    /// Most changes in one answer, so that pages are small.
    pub page: usize,
    /// Which of the two is asked.
    pub at: usize,
    /// The newest revision that each of the two knows of: one may be behind.
    pub heads: [u64; 2],
    pub(super) built: Vec<Built>,
    /// A revision that is committed and not seen yet, for a deliberate fault.
    pub(super) late: Option<u64>,
    pub(super) stale: Rows,
    pub(super) private: PrivateKey,
    epochs: u128,
    given: u128,
    /// Opening is slow; the same bytes open to the same.
    pub(super) opened: BTreeMap<String, Vec<u8>>,
    /// For the fault that forgets a restore.
    pub(super) highest: BTreeMap<DeviceId, u64>,
}

impl Server {
    /// An empty practice.
    pub fn new(rng: &Rng, mutant: Option<Mutant>) -> Server {
        let (private, public) = seal::generate(rng);
        let live = State {
            epoch: Uuid::from_u128(0xe001),
            rev: 0,
            horizon: 0,
            durable_rev: 0,
            rows: Rows::default(),
            numbers: BTreeMap::new(),
            changes: Vec::new(),
            last_seq: BTreeMap::new(),
            known: BTreeMap::new(),
            ids: BTreeSet::new(),
            judged: Vec::new(),
            photos: BTreeSet::new(),
        };
        Server {
            practice: PracticeId(Uuid::from_u128(0xfac)),
            backups: Vec::new(),
            live,
            floor: 0,
            public,
            mutant,
            now: at("2026-03-10T15:00:00Z"),
            page: MAX_PULL as usize,
            at: 0,
            heads: [0; 2],
            built: Vec::new(),
            late: None,
            stale: Rows::default(),
            private,
            epochs: 0xe001,
            given: 0,
            opened: BTreeMap::new(),
            highest: BTreeMap::new(),
        }
    }

    pub(super) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Someone works here from now on, or somewhere else.
    pub fn hire(&mut self, member: WorkforceMember) {
        self.give(Command::RecordWorkforceMember(member));
    }

    /// A device is let in, moved or shut out.
    pub fn place(&mut self, device: DeviceId, site_id: Option<SiteId>, kiosk: bool, revoked: bool) {
        self.give(Command::EnrolDevice(Device {
            id: device,
            kind: if kiosk {
                DeviceKind::Kiosk
            } else {
                DeviceKind::Staff
            },
            label: "Device".into(),
            site_id,
            enrolled_at: self.now,
            revoked_at: revoked.then_some(self.now),
        }));
    }

    /// A command of the server's own.
    pub fn give(&mut self, command: Command) {
        self.given += 1;
        let id = CommandId(Uuid::from_u128(0x5e41 << 64 | self.given));
        let device = DeviceId(Uuid::from_u128(0x5e41));
        let seq = self.live.last_seq.get(&device).copied().unwrap_or(0) + 1;
        let envelope = Envelope {
            id,
            seq,
            name: command.name().as_str().to_owned(),
            version: command.name().version(),
            args: command.args().unwrap_or_default(),
            base_rev: 0,
            actor: None,
            device_time: self.now,
        };
        let sealed = SealedCommand {
            id,
            seq,
            sealed: Bytes::default(),
            args_hash: String::new(),
        };
        let ctx = Ctx {
            role: Role::Service,
            ..self.ctx(id, device, None, self.now)
        };
        self.judge(
            device,
            vec![Opened {
                sealed,
                content: Ok((envelope, command)),
                ctx,
            }],
        );
        self.live.last_seq.insert(device, seq);
    }

    /// Copies everything.
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
        // What the backup says of backups is as old as itself.
        let durable_rev = self.floor.min(backup.rev);
        self.live = State {
            durable_rev,
            ..backup
        };
        self.epochs += 1;
        let same = self.is(Mutant::RestoreUnnoticed) || self.is(Mutant::EpochKept);
        self.live.epoch = if same { epoch } else { Uuid::from_u128(self.epochs) };
        self.heads = [self.live.rev; 2];
        self.built.clear();
        self.stale = self.live.rows.clone();
        true
    }

    /// Compacts the log up to a revision: of each membership the newest change stays.
    pub fn compact(&mut self, horizon: u64) {
        let live = &mut self.live;
        let mut newest: BTreeMap<Uuid, u64> = BTreeMap::new();
        for change in live.changes.iter().filter(|change| change.rev <= horizon) {
            if let Row::Membership(membership) = &change.row {
                newest.insert(membership.id.0, change.rev);
            }
        }
        live.changes.retain(|change| {
            change.rev > horizon
                || (change.row.entity() == Entity::Membership
                    && newest.get(&change.row.id()) == Some(&change.rev))
        });
        live.horizon = live.horizon.max(horizon);
    }

    pub(super) fn last_seq(&self, device: DeviceId) -> u64 {
        let from = if self.is(Mutant::RestoreUnnoticed) {
            &self.highest
        } else {
            &self.live.last_seq
        };
        from.get(&device).copied().unwrap_or(0)
    }

    pub(super) fn device(&self, device: DeviceId) -> Option<&Device> {
        match self.live.rows.row(Entity::Device, device.0) {
            Some(Row::Device(device)) => Some(device),
            _ => None,
        }
    }

    /// Whether a device was shut out.
    pub fn is_revoked(&self, device: DeviceId) -> bool {
        self.device(device)
            .is_some_and(|device| device.revoked_at.is_some())
    }

    /// What someone is sent on a device.
    pub fn held_by(&self, member: WorkforceMemberId, device: DeviceId) -> Option<(WorkforceMember, Scope)> {
        match self.live.rows.row(Entity::WorkforceMember, member.0) {
            Some(Row::WorkforceMember(member)) => {
                let scope = Scope::of(member, self.device(device));
                Some((member.clone(), scope))
            }
            _ => None,
        }
    }

    pub(super) fn ctx(
        &self,
        command_id: CommandId,
        device: DeviceId,
        actor: Option<WorkforceMemberId>,
        device_time: DateTime<Utc>,
    ) -> Ctx {
        let by = actor.and_then(|member| self.held_by(member, device));
        let (actor_name, role, scope) = match by {
            Some((member, scope)) => (member.display_name, member.role, Some(scope)),
            None => ("Kiosk".to_owned(), Role::Kiosk, None),
        };
        Ctx {
            command_id,
            role,
            actor_name,
            device_id: device,
            now: self.now,
            device_time,
            today: self.now.date_naive(),
            numbers: Numbers::Provisional,
            member_id: actor,
            site_id: self.device(device).and_then(|device| device.site_id),
            scope: scope.filter(|_| !self.is(Mutant::ParkedApplied)),
            device_revoked: self.is_revoked(device) && !self.is(Mutant::RevokedApplied),
            unseen_entries: false,
        }
    }

    /// A photo arrives; the revision as of which it is there.
    pub fn put_photo(&mut self, hash: &str) -> u64 {
        self.live.photos.insert(hash.to_owned());
        self.live.rev
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
