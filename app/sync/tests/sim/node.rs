//! One device with its disk: every change goes to the disk first, and the power may go at any write.

use super::disk::{Disk, Mishap};
use super::rng::Rng;
use super::server::Server;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::*;
use domain::row::Compartment;
use std::rc::Rc;
use sync::cipher::DataKey;
use sync::device::{Actor, Device, Identity, Photo};
use sync::keyring::Keys;
use sync::store::{Store, Tx, Write};
use sync::wire::{PullResponse, PushResponse};
use uuid::Uuid;

/// What became of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
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

pub struct Node {
    pub device: Device,
    pub disk: Disk,
    /// Who may unlock it; nobody, for a kiosk.
    pub people: Vec<Actor>,
    /// Who did.
    pub at_work: Option<usize>,
    /// Counts page loads: answers to an earlier page go nowhere.
    pub page: u32,
    /// How far the device's clock is off.
    pub skew: chrono::Duration,
    /// The last pull said that there is more.
    pub behind: bool,
    identity: Identity,
    secret: [u8; 32],
    rng: Rc<Rng>,
}

impl Node {
    pub fn new(server: &Server, n: u128, people: Vec<Actor>, rng: Rc<Rng>) -> Node {
        let identity = Identity {
            practice: server.practice,
            device: DeviceId(Uuid::from_u128(0xd000 + n)),
            intake_key: server.public,
        };
        let secret = sync::Randomness::bytes(rng.as_ref());
        let device = Device::new(identity.clone(), rng.clone());
        let (at_work, skew) = (None, chrono::Duration::zero());
        let disk = Disk::default();
        let mut node = Node {
            device,
            disk,
            people,
            at_work,
            page: 0,
            skew,
            behind: false,
            identity,
            secret,
            rng,
        };
        node.boot();
        node
    }

    pub fn id(&self) -> DeviceId {
        self.identity.device
    }

    pub fn is_kiosk(&self) -> bool {
        self.people.is_empty()
    }

    /// Loads the page anew: locked, with what the disk has.
    pub fn boot(&mut self) {
        self.device = Device::new(self.identity.clone(), self.rng.clone());
        self.device
            .load_locked(&self.disk.stored())
            .expect("the disk can be read");
        if self.is_kiosk() {
            self.device.open_kiosk("Front door");
        }
        self.page += 1;
        self.at_work = None;
        self.behind = false;
    }

    pub fn keys(&self, person: usize) -> Keys {
        let held = self.people[person].role.compartments();
        held.iter()
            .map(|compartment| (*compartment, self.key(*compartment)))
            .collect()
    }

    fn key(&self, compartment: Compartment) -> DataKey {
        let mut key = self.secret;
        key[0] ^= compartment as u8;
        DataKey(key)
    }

    pub fn unlock(&mut self, person: usize) {
        if self.is_kiosk() || self.at_work == Some(person) {
            return;
        }
        if self.at_work.is_some() {
            self.boot();
        }
        let keys = self.keys(person);
        self.device
            .unlock(self.people[person].clone(), keys, &self.disk.stored())
            .expect("every row opens");
        self.at_work = Some(person);
    }

    pub fn person(&self) -> Option<&Actor> {
        self.at_work.map(|person| &self.people[person])
    }

    fn commit(&mut self, tx: &Tx, mishap: Mishap) -> Done {
        match mishap {
            Mishap::Nothing => {
                self.disk.write(tx);
                Done::Yes
            }
            Mishap::Full => Done::Full,
            Mishap::CrashBefore => {
                self.boot();
                Done::CrashedBefore
            }
            Mishap::CrashAfter => {
                self.disk.write(tx);
                self.boot();
                Done::CrashedAfter
            }
        }
    }

    pub fn enter(
        &mut self,
        id: CommandId,
        command: &Command,
        photos: &[Photo],
        now: DateTime<Utc>,
        mishap: Mishap,
    ) -> Result<Done, Refusal> {
        let (entered, tx) = self.device.enter(id, command, photos, now + self.skew)?;
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.entered(entered);
        }
        Ok(done)
    }

    pub fn take_push(&mut self, response: &PushResponse, mishap: Mishap) -> Done {
        let (pushed, tx) = self.device.on_push(response);
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.pushed(pushed);
        }
        done
    }

    pub fn take_pull(&mut self, response: &PullResponse, mishap: Mishap, cursor_first: bool) -> Done {
        let Ok((pulled, tx)) = self.device.on_pull(response) else {
            return Done::Nothing;
        };
        if cursor_first {
            // A deliberate fault: the cursor is on the disk before the rows are.
            let is_meta = |write: &&Write| matches!(write, Write::Put(Store::Meta, ..));
            let first: Vec<Write> = tx.writes.iter().filter(is_meta).cloned().collect();
            self.disk.write(&Tx {
                strict: true,
                writes: first,
            });
        }
        let done = self.commit(&tx, mishap);
        if done == Done::Yes {
            self.device.pulled(pulled);
            self.behind = response.more;
        }
        done
    }

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

    /// Sends what waits, and takes the answers, over a good network.
    pub fn push(&mut self, server: &mut Server) -> usize {
        let mut rounds = 0;
        while let Some(request) = self.device.next_push() {
            let response = server.push(&request);
            self.take_push(&response, Mishap::Nothing);
            rounds += 1;
            assert!(
                rounds < 50,
                "device {} sends without end: from {:?}, the server asks for what follows {}",
                self.id(),
                request.commands.first().map(|command| command.seq),
                response.last_seq
            );
        }
        rounds
    }

    /// Fetches everything over a good network.
    pub fn pull(&mut self, server: &Server) {
        let Some(role) = self.person().map(|person| person.role) else {
            return;
        };
        let mut doubted = 0;
        loop {
            let response = server.pull(&self.device.next_pull(), role);
            let done = self.take_pull(&response, Mishap::Nothing, false);
            // After a jump of the server's clock, another history is believed only when it was heard again.
            doubted += usize::from(done == Done::Nothing);
            assert!(doubted < 3, "an honest answer is not taken");
            if done == Done::Yes && !response.more {
                return;
            }
        }
    }

    /// One round of a courier over a good network.
    pub fn sync(&mut self, server: &mut Server) {
        self.push(server);
        if let Some(request) = self.device.next_check() {
            let response = server.push(&request);
            self.take_push(&response, Mishap::Nothing);
        }
        self.pull(server);
        self.push(server);
    }

    /// What a new page would know.
    pub fn reloaded(&self) -> Device {
        let mut device = Device::new(self.identity.clone(), self.rng.clone());
        let stored = self.disk.stored();
        device.load_locked(&stored).expect("the disk can be read");
        if self.is_kiosk() {
            device.open_kiosk("Front door");
        }
        if let Some(person) = self.at_work {
            device
                .unlock(self.people[person].clone(), self.keys(person), &stored)
                .expect("every row opens");
        }
        device
    }
}
