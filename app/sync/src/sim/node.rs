//! One device with its disk: every change goes to the disk first, and the power may go at any write.

use super::Mutant;
use super::disk::{Disk, Mishap};
use super::rng::Rng;
use super::server::Server;
use crate::cipher::DataKey;
use crate::device::{Actor, DISK, Device, Identity, LoadError, Photo, demands_wipe};
use crate::keyring::Keys;
use crate::lease::{Lease, lease};
use crate::store::{Store, Tx, Write};
use crate::wire::{PullResponse, PushResponse};
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::*;
use domain::row::Compartment;
use std::rc::Rc;
use uuid::Uuid;

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is on the disk.
    Yes,
    /// The disk was full; nothing happened.
    Full,
    /// The page died before the disk had it.
    CrashedBefore,
    /// The page died after the disk had it.
    CrashedAfter,
    /// There was nothing to do.
    Nothing,
}

/// One device.
pub struct Node {
    /// The page.
    pub device: Device,
    /// What outlives it.
    pub disk: Disk,
    /// Who may unlock it; nobody, for a kiosk.
    pub people: Vec<Actor>,
    /// Who did.
    pub at_work: Option<usize>,
    /// Where it stands.
    pub site: Option<SiteId>,
    /// Counts page loads: answers to an earlier page go nowhere.
    pub page: u32,
    /// How far the device's clock is off.
    pub skew: chrono::Duration,
    /// The last pull said that there is more.
    pub behind: bool,
    /// A newer build was here: this one may not open it.
    pub newer: bool,
    /// A build that reads no snapshots.
    pub old_build: bool,
    /// A second page, that was frozen and still believes that it leads.
    pub shadow: Option<Box<Device>>,
    /// It was erased at some time: what was not applied was not told any more.
    pub wiped_once: bool,
    /// A deliberate fault.
    pub mutant: Option<Mutant>,
    /// Too long without the server: what is known of health stays closed.
    narrow: bool,
    identity: Identity,
    secret: [u8; 32],
    pub(super) rng: Rc<Rng>,
}

impl Node {
    /// A device at a site, let in.
    pub fn new(server: &mut Server, n: u128, people: Vec<Actor>, site: Option<SiteId>, rng: Rc<Rng>) -> Node {
        let identity = Identity {
            practice: server.practice,
            device: DeviceId(Uuid::from_u128(0xd000 + n)),
            intake_key: server.public,
        };
        server.place(identity.device, site, people.is_empty(), false);
        let secret = crate::Randomness::bytes(rng.as_ref());
        let mut node = Node {
            device: Device::new(identity.clone(), rng.clone()),
            disk: Disk::default(),
            people,
            at_work: None,
            site,
            page: 0,
            skew: chrono::Duration::zero(),
            behind: false,
            newer: false,
            old_build: false,
            shadow: None,
            wiped_once: false,
            mutant: server.mutant,
            narrow: false,
            identity,
            secret,
            rng,
        };
        node.boot();
        node
    }

    /// Which.
    pub fn id(&self) -> DeviceId {
        self.identity.device
    }

    /// Whether patients use it.
    pub fn is_kiosk(&self) -> bool {
        self.people.is_empty()
    }

    pub(super) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    /// Loads the page anew: locked, with what the disk has.
    pub fn boot(&mut self) {
        self.page += 1;
        self.at_work = None;
        self.device = Device::new(self.identity.clone(), self.rng.clone());
        if self.newer {
            let before = self.disk.clone();
            if self.is(Mutant::DowngradeWrites) {
                self.mark_schema(DISK);
                self.device
                    .load_locked(&self.disk.stored())
                    .expect("the disk can be read");
            } else {
                let refused = self.device.load_locked(&self.disk.stored());
                assert_eq!(refused, Err(LoadError::Newer(DISK + 1)));
            }
            assert!(
                self.disk == before,
                "diverged: an older build wrote what a newer one understands"
            );
            return;
        }
        if self.is(Mutant::NumberReused) && self.rng.chance(100) {
            self.forget_last_number();
        }
        self.device
            .load_locked(&self.disk.stored())
            .expect("lost: the disk cannot be read");
        if self.is_kiosk() {
            self.device.open_kiosk("Front door");
        }
    }

    /// A newer build opens the device and writes; or the page is updated to it.
    pub fn mark_schema(&mut self, schema: u32) {
        let key = (Store::Meta, "meta".to_owned());
        if let Some(bytes) = self.disk.entries.get(&key)
            && let Ok(mut meta) = serde_json::from_slice::<serde_json::Value>(bytes)
        {
            meta["schema"] = schema.into();
            let mut tx = Tx {
                strict: true,
                ..Tx::default()
            };
            tx.put(key.0, key.1, serde_json::to_vec(&meta).unwrap_or_default());
            self.disk.write(&tx);
            self.newer = schema > DISK;
        }
    }

    /// The data keys that someone is given here.
    pub fn keys(&self, person: usize) -> Keys {
        let held = self.people[person].role.compartments();
        held.iter()
            .filter(|compartment| !self.narrow || **compartment != Compartment::Clinical)
            .map(|compartment| (*compartment, self.key(*compartment)))
            .collect()
    }

    /// One data key.
    pub fn key(&self, compartment: Compartment) -> DataKey {
        let mut key = self.secret;
        key[0] ^= compartment as u8;
        DataKey(key)
    }

    /// Someone signs in at the server, whatever the lease says.
    pub fn unlock(&mut self, person: usize) {
        if self.is_kiosk() || self.newer || (self.at_work == Some(person) && !self.narrow) {
            return;
        }
        self.narrow = false;
        self.open(person);
    }

    fn open(&mut self, person: usize) {
        if self.at_work.is_some() {
            self.boot();
        }
        let keys = self.keys(person);
        self.device
            .unlock(self.people[person].clone(), keys, &self.disk.stored())
            .expect("diverged: every row opens");
        self.at_work = Some(person);
    }

    /// Someone unlocks without the server, as far as the lease lets them.
    pub fn unlock_offline(&mut self, person: usize, now: DateTime<Utc>) {
        if self.is_kiosk() || self.newer || self.at_work == Some(person) || self.device.meta.wiped {
            return;
        }
        match lease(self.device.meta.heard_at, now + self.skew) {
            Lease::Open => self.narrow = false,
            Lease::NoClinical => self.narrow = true,
            Lease::Closed => return,
            Lease::Erase => {
                self.wipe(Mishap::Nothing);
                return;
            }
        }
        if self.at_work.is_some() {
            self.boot();
        }
        self.open(person);
    }

    /// Who is at work.
    pub fn person(&self) -> Option<&Actor> {
        self.at_work.map(|person| &self.people[person])
    }

    /// Who is at work, as the server knows them.
    pub fn member(&self) -> Option<WorkforceMemberId> {
        self.person().and_then(|person| person.member)
    }

    pub(super) fn commit(&mut self, tx: &Tx, mishap: Mishap) -> Done {
        match mishap {
            Mishap::Nothing => {
                self.disk.write(tx);
                Done::Yes
            }
            Mishap::Full if self.is(Mutant::StorageErrorSwallowed) => Done::Yes,
            Mishap::Full => Done::Full,
            Mishap::CrashBefore => {
                self.lose_power();
                Done::CrashedBefore
            }
            Mishap::CrashAfter => {
                self.disk.write(tx);
                // What nobody waited for may be gone with the page.
                let waited = tx.strict || self.disk.unwaited() == 0;
                self.lose_power();
                if waited {
                    Done::CrashedAfter
                } else {
                    Done::CrashedBefore
                }
            }
        }
    }

    /// The power goes, and comes back.
    pub fn lose_power(&mut self) {
        self.disk.lose_power(self.rng.below(self.disk.unwaited() + 1));
        self.boot();
    }

    /// Enters a command.
    pub fn enter(
        &mut self,
        id: CommandId,
        command: &Command,
        photos: &[Photo],
        now: DateTime<Utc>,
        mishap: Mishap,
    ) -> Result<Done, Refusal> {
        let (entered, mut tx) = self.device.enter(id, command, photos, now + self.skew)?;
        if self.is(Mutant::OutboxRelaxed) {
            tx.strict = false;
        }
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.entered(entered);
        }
        Ok(done)
    }

    /// Takes an answer to a push.
    pub fn take_push(&mut self, response: &PushResponse, mishap: Mishap) -> Done {
        let (pushed, mut tx) = self.device.on_push(response);
        self.bend(&mut tx);
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.pushed(pushed);
            if self.is(Mutant::ForgottenAtReceipt) {
                self.forget_told();
            }
            if demands_wipe(&response.directives) && !self.device.meta.wiped {
                return self.wipe(Mishap::Nothing);
            }
        }
        done
    }

    /// Takes an answer to a pull.
    pub fn take_pull(&mut self, response: &PullResponse, mishap: Mishap) -> Done {
        if demands_wipe(&response.directives) {
            return self.wipe(mishap);
        }
        let Ok((pulled, mut tx)) = self.device.on_pull(response) else {
            return Done::Nothing;
        };
        self.bend(&mut tx);
        if self.is(Mutant::CursorFirst) {
            let is_meta = |write: &&Write| matches!(write, Write::Put(Store::Meta, ..));
            let first: Vec<Write> = tx.writes.iter().filter(is_meta).cloned().collect();
            self.disk.write(&Tx {
                strict: true,
                writes: first,
            });
        }
        let done = self.commit(&tx, mishap);
        if matches!(done, Done::Yes | Done::CrashedAfter) {
            self.behind = response.more;
        }
        if done == Done::Yes {
            self.device.pulled(pulled);
        }
        done
    }

    /// A person has seen a refusal.
    pub fn dismiss(&mut self, seq: u64, mishap: Mishap) -> Done {
        let Some(tx) = self.device.dismiss(seq) else {
            return Done::Nothing;
        };
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.dismissed(seq);
        }
        done
    }

    /// A photo that was looked at is kept, and nobody waits for that.
    pub fn look(&mut self) {
        let key = format!("seen/{}", self.rng.below(5));
        let store = Store::Blobs.name();
        if let Some(hidden) = self
            .device
            .hide(Compartment::Administrative, store, &key, b"JPEG")
        {
            let mut tx = Tx::default();
            tx.put(Store::Blobs, key, hidden);
            self.commit(&tx, Mishap::Nothing);
        }
    }

    /// Sends photos that wait.
    pub fn send_photos(&mut self, server: &mut Server, mishap: Mishap) {
        for hash in self.device.photos.iter().cloned().collect::<Vec<_>>() {
            let place = (Store::Blobs, format!("out/{hash}"));
            assert!(
                self.disk.entries.contains_key(&place),
                "lost: a photo that waits is not on the disk"
            );
            let head = server.put_photo(&hash);
            let mut tx = self.device.photo_sent(&hash, head);
            if self.is(Mutant::PhotoForgotten) {
                tx.delete(place.0, place.1);
            }
            if self.commit(&tx, mishap) != Done::Yes {
                return;
            }
            self.device.photo_kept(&hash, head);
        }
    }

    /// What a page that is loaded now and stays locked would know.
    pub fn reloaded_locked(&self) -> Option<Device> {
        let mut device = Device::new(self.identity.clone(), self.rng.clone());
        device.load_locked(&self.disk.stored()).ok()?;
        Some(device)
    }

    /// What a new page would know.
    pub fn reloaded(&self) -> Device {
        let mut device = Device::new(self.identity.clone(), self.rng.clone());
        let stored = self.disk.stored();
        device
            .load_locked(&stored)
            .expect("lost: the disk cannot be read");
        if self.is_kiosk() {
            device.open_kiosk("Front door");
        }
        if let Some(person) = self.at_work {
            device
                .unlock(self.people[person].clone(), self.keys(person), &stored)
                .expect("diverged: every row opens");
        }
        device
    }
}
