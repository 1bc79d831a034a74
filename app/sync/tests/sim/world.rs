//! The seeded run: people work, everything goes wrong, then it heals.

use super::disk::Mishap;
use super::node::{Done, Node};
use super::rng::Rng;
use super::server::Server;
use super::{Mutant, work};
use chrono::Duration;
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::row::Compartment;
use std::collections::BTreeMap;
use std::rc::Rc;
use sync::device::{Actor, EntryState};
use sync::wire::*;
use uuid::Uuid;

/// On its way.
#[derive(Clone)]
enum Message {
    Push(PushRequest),
    Pull(PullRequest, Role),
    Pushed(PushResponse),
    Pulled(PullResponse),
}

#[derive(Clone)]
struct Travelling {
    node: usize,
    /// Which page load asked.
    page: u32,
    message: Message,
}

/// An entry that someone was told is saved, or that a dying page left on the disk.
pub struct Acked {
    pub node: usize,
    pub id: CommandId,
    pub seq: u64,
    pub hash: String,
    pub registers: Option<PatientId>,
    pub readable_with: Vec<Compartment>,
}

pub struct World {
    pub server: Server,
    pub nodes: Vec<Node>,
    pub acked: Vec<Acked>,
    /// Entries whose page died before the disk had them.
    pub never: Vec<CommandId>,
    pub dismissed: Vec<CommandId>,
    pub mutant: Option<Mutant>,
    pub restores: usize,
    rng: Rc<Rng>,
    net: Vec<Travelling>,
    cursors: BTreeMap<usize, Cursor>,
    last_id: Option<CommandId>,
}

impl World {
    pub fn new(seed: u64, mutant: Option<Mutant>) -> World {
        let rng = Rc::new(Rng::new(seed));
        let mut server = Server::new(rng.as_ref(), mutant);
        server.page = 1 + rng.below(30);
        let mut nodes = vec![Node::new(&server, 0, Vec::new(), rng.clone())];
        for n in 1..2 + rng.below(5) as u128 {
            let people = [("Maria", Role::FrontDesk), ("Noor", Role::Nurse)].map(|(name, role)| {
                let member = WorkforceMemberId(Uuid::from_u128(0xaa00 + n * 16 + role as u128));
                let name = format!("{name} {n}");
                server.people.insert(member, (name.clone(), role));
                Actor {
                    member: Some(member),
                    name,
                    role,
                }
            });
            nodes.push(Node::new(&server, n, people.to_vec(), rng.clone()));
            nodes[n as usize].unlock(0);
        }
        World {
            server,
            nodes,
            acked: Vec::new(),
            never: Vec::new(),
            dismissed: Vec::new(),
            mutant,
            restores: 0,
            rng,
            net: Vec::new(),
            cursors: BTreeMap::new(),
            last_id: None,
        }
    }

    /// Many steps with everything going wrong, then a good day.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
            self.check_step();
        }
        self.heal();
        self.check_end();
    }

    fn step(&mut self) {
        let rng = self.rng.clone();
        let node = rng.below(self.nodes.len());
        self.server.now += Duration::milliseconds(1 + rng.below(60_000) as i64);
        match rng.below(1000) {
            0..170 => self.enter(node),
            170..290 => self.ask_push(node),
            290..390 => self.ask_pull(node),
            390..760 => self.deliver(true),
            760..785 => self.nodes[node].boot(),
            785..925 if !self.nodes[node].is_kiosk() => self.nodes[node].unlock(rng.below(2)),
            925..952 => (0..self.nodes.len()).for_each(|at| self.dismiss(at)),
            952..958 => self.nodes[node].skew = Duration::days(rng.below(730) as i64 - 365),
            958..971 => self.server.backup(),
            971..976 => self.server.verify(rng.below(self.server.backups.len())),
            976..987 => {
                self.restores += usize::from(self.server.restore(rng.below(self.server.backups.len())))
            }
            // The server starts anew: what was on its way there is lost.
            987..990 => self
                .net
                .retain(|t| matches!(t.message, Message::Pushed(_) | Message::Pulled(_))),
            990..993 => self.server.now += Duration::days(rng.below(730) as i64 - 365),
            _ => {}
        }
    }

    fn mishap(&self) -> Mishap {
        match self.rng.below(1000) {
            0..30 => Mishap::CrashBefore,
            30..60 => Mishap::CrashAfter,
            60..100 => Mishap::Full,
            _ => Mishap::Nothing,
        }
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    fn enter(&mut self, at: usize) {
        let rng = self.rng.clone();
        let Some((command, photos)) = work::next(&self.nodes[at], &rng) else {
            return;
        };
        let now = self.server.now;
        let mut id = CommandId(sync::new_id(now + self.nodes[at].skew, rng.as_ref()));
        if self.is(Mutant::ReusesIds) && rng.chance(200) {
            id = self.last_id.unwrap_or(id);
        }
        let mishap = self.mishap();
        let node = &mut self.nodes[at];
        let readable_with = match node.at_work {
            Some(person) => node.keys(person).into_keys().collect(),
            None => Vec::new(),
        };
        let Ok(done) = node.enter(id, &command, &photos, now, mishap) else {
            return;
        };
        if !matches!(done, Done::Yes | Done::CrashedAfter) {
            if self.is(Mutant::AckBeforeCommit) {
                let hash = String::new();
                let registers = None;
                self.acked.push(Acked {
                    node: at,
                    id,
                    seq: 0,
                    hash,
                    registers,
                    readable_with,
                });
            } else {
                self.never.push(id);
            }
            return;
        }
        self.last_id = Some(id);
        let entry = node
            .device
            .pending
            .values()
            .next_back()
            .expect("what was saved waits");
        assert_eq!(entry.sealed.id, id, "the newest entry has the highest number");
        let registers = match &command {
            Command::RegisterPatient(args) => Some(args.patient.id),
            _ => None,
        };
        let (seq, hash) = (entry.sealed.seq, entry.sealed.args_hash.clone());
        self.acked.push(Acked {
            node: at,
            id,
            seq,
            hash,
            registers,
            readable_with,
        });
    }

    fn send(&mut self, node: usize, message: Message) {
        let page = self.nodes[node].page;
        let travelling = Travelling { node, page, message };
        if self.rng.chance(50) {
            self.net.push(travelling.clone());
        }
        if !self.rng.chance(100) {
            self.net.push(travelling);
        }
    }

    fn ask_push(&mut self, at: usize) {
        let device = &self.nodes[at].device;
        let mut request = device.next_push().or_else(|| device.next_check());
        if let Some(request) = &mut request
            && self.rng.chance(300)
        {
            // A small page, so that a queue is sent in parts.
            request.commands.truncate(1 + self.rng.below(3));
        }
        if let Some(request) = request {
            self.send(at, Message::Push(request));
        }
    }

    fn ask_pull(&mut self, at: usize) {
        if let Some(person) = self.nodes[at].person() {
            let message = Message::Pull(self.nodes[at].device.next_pull(), person.role);
            self.send(at, message);
        }
    }

    /// Anything that is on its way arrives, in any order.
    fn deliver(&mut self, mishaps: bool) {
        if self.net.is_empty() {
            return;
        }
        let Travelling { node, page, message } = self.net.swap_remove(self.rng.below(self.net.len()));
        let mishap = if mishaps { self.mishap() } else { Mishap::Nothing };
        let here = self.nodes[node].page == page;
        match message {
            Message::Push(request) => {
                let answer = self.server.push(&request);
                self.reply(node, page, Message::Pushed(answer));
            }
            Message::Pull(request, role) => {
                let answer = self.server.pull(&request, role);
                self.reply(node, page, Message::Pulled(answer));
            }
            Message::Pushed(answer) if here => {
                self.nodes[node].take_push(&answer, mishap);
            }
            Message::Pulled(answer) if here => {
                let cursor_first = self.is(Mutant::CursorFirst);
                self.nodes[node].take_pull(&answer, mishap, cursor_first);
            }
            // The page that asked is gone.
            _ => {}
        }
    }

    fn reply(&mut self, node: usize, page: u32, message: Message) {
        let travelling = Travelling { node, page, message };
        if self.rng.chance(50) {
            self.net.push(travelling.clone());
        }
        if !self.rng.chance(100) {
            self.net.push(travelling);
        }
    }

    fn dismiss(&mut self, at: usize) {
        let pending = self.nodes[at].device.pending.values();
        let refused = pending.filter(|entry| entry.state() == EntryState::NeedsDecision);
        let Some((id, seq)) = refused.map(|entry| (entry.sealed.id, entry.sealed.seq)).next() else {
            return;
        };
        let mishap = self.mishap();
        if matches!(
            self.nodes[at].dismiss(seq, mishap),
            Done::Yes | Done::CrashedAfter
        ) {
            self.dismissed.push(id);
        }
    }

    /// What must hold at every moment.
    fn check_step(&mut self) {
        for (at, node) in self.nodes.iter().enumerate() {
            let now = node.device.meta.cursor.clone();
            if let (Some(now), Some(before)) = (&now, self.cursors.get(&at)) {
                let back = now.epoch == before.epoch && now.rev < before.rev;
                // A person who may hold more makes the device fetch from the beginning.
                assert!(
                    !back || node.device.meta.covers.len() > 2,
                    "device {at} went back"
                );
            }
            match now {
                Some(now) => drop(self.cursors.insert(at, now)),
                None => drop(self.cursors.remove(&at)),
            }
            assert_eq!(
                node.disk.all(sync::store::Store::Outbox).len(),
                node.device.pending.len(),
                "device {at}"
            );
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
        if !acked
            .readable_with
            .iter()
            .all(|compartment| keys.contains_key(compartment))
        {
            return;
        }
        let device = &node.device;
        let refused = |id| {
            device
                .pending
                .values()
                .any(|e| e.sealed.id == id && e.receipt.is_some() && e.state() == EntryState::NeedsDecision)
        };
        let there = [&device.confirmed, &device.overlay]
            .into_iter()
            .any(|rows| rows.row(domain::row::Entity::Patient, patient.0).is_some());
        let gone = refused(acked.id) || self.dismissed.contains(&acked.id);
        assert!(
            there || gone,
            "device {} does not see what it registered (number {})",
            acked.node,
            acked.seq
        );
    }

    /// The network works, everyone comes back, nobody enters anything.
    fn heal(&mut self) {
        while !self.net.is_empty() {
            self.deliver(false);
        }
        for node in &mut self.nodes {
            node.unlock(0);
        }
        for round in 0.. {
            let before = self.server.live.rev;
            for node in &mut self.nodes {
                node.sync(&mut self.server);
            }
            // A server whose clock jumped back is believed about a new history when it was heard three times.
            if round >= 3 && self.server.live.rev == before {
                assert!(round <= 5, "{round} rounds after healing");
                break;
            }
            assert!(round < 10, "it does not come to rest");
        }
    }
}
