//! What happens: one step at a time, anything, anywhere.

use super::Mutant;
use super::disk::Mishap;
use super::node::{Done, Node};
use super::rng::Rng;
use super::server::Server;
use super::work::{self, PRACTITIONERS, SITES};
use crate::device::{Actor, EntryState};
use crate::store::{Store, Tx};
use crate::wire::*;
use chrono::Duration;
use domain::access::Role;
use domain::command::Command;
use domain::id::*;
use domain::practice::WorkforceMember;
use domain::row::Compartment;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use uuid::Uuid;

/// What is on its way.
#[derive(Clone)]
enum Message {
    Push(PushRequest),
    Pull(PullRequest, Option<WorkforceMemberId>),
    Chunk(ChunkRequest, WorkforceMemberId),
    Pushed(Box<PushResponse>),
    Pulled(Box<PullResponse>),
    Chunked(Uuid, u32, Rc<Vec<u8>>),
}

#[derive(Clone)]
struct Travelling {
    node: usize,
    /// Which page load asked; nothing for a page that lost its lead.
    page: Option<u32>,
    message: Message,
}

/// An entry that someone was told is saved, or that a dying page left on the disk.
pub struct Acked {
    /// Where.
    pub node: usize,
    /// Which.
    pub id: CommandId,
    /// Its number.
    pub seq: u64,
    /// SHA-256 of what was sealed.
    pub hash: String,
    /// Whom it makes known.
    pub registers: Option<PatientId>,
    /// What opens the entry's own copy.
    pub readable_with: Vec<Compartment>,
    /// Photos that go with it.
    pub photos: Vec<String>,
    /// The tray item that it decides about.
    pub resolves: Option<TrayItemId>,
}

/// A practice on its worst days.
pub struct World {
    /// The servers.
    pub server: Server,
    /// The devices; the first ones are kiosks.
    pub nodes: Vec<Node>,
    /// What must not be lost.
    pub acked: Vec<Acked>,
    /// Entries whose page died before the disk had them.
    pub never: Vec<CommandId>,
    /// Refusals that a person has seen.
    pub dismissed: BTreeSet<CommandId>,
    /// A deliberate fault.
    pub mutant: Option<Mutant>,
    /// How often the server was restored.
    pub restores: usize,
    pub(super) rng: Rc<Rng>,
    net: Vec<Travelling>,
    pub(super) cursors: BTreeMap<usize, Cursor>,
    last_id: Option<CommandId>,
    sent_once: BTreeSet<CommandId>,
    /// Who works here, as they were last recorded.
    members: Vec<WorkforceMember>,
}

const ROLES: [(&str, Role); 5] = [
    ("Maria", Role::FrontDesk),
    ("Noor", Role::Nurse),
    ("Ada", Role::Practitioner),
    ("Ben", Role::Biller),
    ("Olu", Role::Owner),
];

impl World {
    /// A practice with some kiosks and some desks.
    pub fn new(seed: u64, mutant: Option<Mutant>) -> World {
        let rng = Rc::new(Rng::new(seed));
        let mut server = Server::new(rng.as_ref(), mutant);
        server.page = 1 + rng.below(30);
        let count = if rng.chance(30) {
            8 + rng.below(13)
        } else {
            3 + rng.below(4)
        };
        let kiosks = 1 + usize::from(count > 5);
        let (mut nodes, mut members) = (Vec::new(), Vec::new());
        for n in 0..count as u128 {
            let site = SITES[..2].get(rng.below(3)).copied();
            let mut people = Vec::new();
            if n >= kiosks as u128 {
                for (at, (name, role)) in ROLES.iter().enumerate() {
                    // The first is always a desk, so that everything is done somewhere.
                    if at < 2 || rng.chance(300) {
                        let member = person(n, at, name, *role, &rng);
                        server.hire(member.clone());
                        people.push(Actor {
                            member: Some(member.id),
                            name: member.display_name.clone(),
                            role: *role,
                        });
                        members.push(member);
                    }
                }
            }
            nodes.push(Node::new(&mut server, n, people, site, rng.clone()));
            nodes[n as usize].unlock(0);
        }
        World {
            server,
            nodes,
            acked: Vec::new(),
            never: Vec::new(),
            dismissed: BTreeSet::new(),
            mutant,
            restores: 0,
            rng,
            net: Vec::new(),
            cursors: BTreeMap::new(),
            last_id: None,
            sent_once: BTreeSet::new(),
            members,
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
        self.server.at = rng.below(2);
        self.server.now += Duration::milliseconds(1 + rng.below(60_000) as i64);
        let now = self.server.now;
        match rng.below(1000) {
            0..190 => self.enter(node),
            190..300 => self.ask_push(node),
            300..420 => self.ask_pull(node),
            420..770 => self.deliver(true),
            770..785 => self.nodes[node].boot(),
            785..880 => {
                let person = rng.below(self.nodes[node].people.len());
                if rng.chance(400) {
                    self.sign_in(node, person);
                } else {
                    self.nodes[node].unlock_offline(person, now);
                }
            }
            880..905 => (0..self.nodes.len()).for_each(|at| self.dismiss(at)),
            905..915 => {
                let mishap = self.mishap();
                self.nodes[node].send_photos(&mut self.server, mishap);
            }
            915..920 => self.nodes[node].look(),
            920..924 => self.nodes[node].lose_power(),
            924..928 => self.nodes[node].shadow = self.nodes[node].reloaded_locked().map(Box::new),
            928..936 => self.ask_as_shadow(node),
            936..941 => self.nodes[node].skew = Duration::days(rng.below(7300) as i64 - 3650),
            941..951 => self.server.backup(),
            951..955 => self.server.verify(rng.below(self.server.backups.len())),
            955..963 => self.restore(),
            // One server starts anew: what was on its way there is lost.
            963..966 => self.net.retain(|t| {
                matches!(
                    t.message,
                    Message::Pushed(_) | Message::Pulled(_) | Message::Chunked(..)
                )
            }),
            966..968 => self.server.now += Duration::days(rng.below(7300) as i64 - 3650),
            968..971 => self.server.now += Duration::days(rng.below(200) as i64),
            971..976 => {
                let live = &self.server.live;
                let some = live.horizon + rng.below((live.rev - live.horizon + 1) as usize) as u64;
                self.server.compact(some);
            }
            976..978 => self.server.built.clear(),
            978..983 => self.move_someone(),
            983..985 => self.move_device(node),
            985..986 => self.shut_out(node),
            986..989 => self.build(node),
            989..992 => self.server.heads[rng.below(2)] = self.server.live.rev,
            _ => {}
        }
    }

    /// Signing in at the server, which is heard in doing so.
    fn sign_in(&mut self, at: usize, person: usize) {
        if !self.server.is_revoked(self.nodes[at].id()) && !self.nodes[at].is_kiosk() {
            self.nodes[at].unlock(person);
        }
    }

    fn restore(&mut self) {
        let which = self.rng.below(self.server.backups.len());
        if self.server.restore(which) {
            self.restores += 1;
            // Members are as the backup has them.
            let rows = &self.server.live.rows;
            for member in &mut self.members {
                if let Some(domain::row::Row::WorkforceMember(known)) =
                    rows.row(domain::row::Entity::WorkforceMember, member.id.0)
                {
                    *member = known.clone();
                }
            }
        }
    }

    /// Someone works elsewhere from now on.
    fn move_someone(&mut self) {
        let at = self.rng.below(self.members.len());
        let Some(member) = self.members.get_mut(at) else {
            return;
        };
        let all = SITES.iter().copied();
        member.site_ids = all.filter(|_| self.rng.chance(400)).collect();
        self.server.hire(member.clone());
    }

    fn move_device(&mut self, at: usize) {
        let site = SITES.get(self.rng.below(4)).copied();
        let node = &mut self.nodes[at];
        if !self.server.is_revoked(node.id()) {
            node.site = site;
            self.server.place(node.id(), site, node.is_kiosk(), false);
        }
    }

    fn shut_out(&mut self, at: usize) {
        let node = &self.nodes[at];
        if !self.server.is_revoked(node.id()) && self.nodes.len() > 3 {
            self.server.place(node.id(), node.site, node.is_kiosk(), true);
        }
    }

    /// Builds come and go: one that reads no snapshots, and one that is newer than this.
    fn build(&mut self, at: usize) {
        let node = &mut self.nodes[at];
        if node.newer {
            node.mark_schema(SCHEMA);
            node.boot();
        } else if self.rng.chance(500) {
            node.mark_schema(SCHEMA + 1);
            if node.newer {
                node.boot();
            }
        } else {
            node.old_build = !node.old_build;
        }
    }

    pub(super) fn mishap(&self) -> Mishap {
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
        if self.nodes[at].newer {
            return;
        }
        let Some((command, photos)) = work::next(&self.nodes[at], &rng) else {
            return;
        };
        let now = self.server.now;
        let mut id = CommandId(crate::new_id(now + self.nodes[at].skew, rng.as_ref()));
        if self.is(Mutant::IdReused) && rng.chance(200) {
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
        let registers = match &command {
            Command::RegisterPatient(args) => Some(args.patient.id),
            _ => None,
        };
        let mut acked = Acked {
            node: at,
            id,
            seq: 0,
            hash: String::new(),
            registers,
            readable_with,
            resolves: match &command {
                Command::ResolveTrayItem(args) => Some(args.tray_item_id),
                _ => None,
            },
            photos: photos.iter().map(|photo| photo.hash.clone()).collect(),
        };
        if !matches!(done, Done::Yes | Done::CrashedAfter) {
            if self.is(Mutant::AckBeforeCommit) {
                acked.registers = None;
                self.acked.push(acked);
            } else {
                self.never.push(id);
            }
            return;
        }
        self.last_id = Some(id);
        let entry = node.device.pending.values().next_back();
        let entry = entry.expect("lost: what was saved waits");
        assert_eq!(
            entry.sealed.id, id,
            "lost: the newest entry has the highest number"
        );
        acked.seq = entry.sealed.seq;
        acked.hash = entry.sealed.args_hash.clone();
        self.acked.push(acked);
    }

    fn send(&mut self, node: usize, page: Option<u32>, message: Message) {
        let travelling = Travelling { node, page, message };
        if self.rng.chance(50) {
            self.net.push(travelling.clone());
        }
        if !self.rng.chance(100) {
            self.net.push(travelling);
        }
    }

    fn ask_push(&mut self, at: usize) {
        if self.nodes[at].newer {
            return;
        }
        let device = &self.nodes[at].device;
        let mut request = device.next_push().or_else(|| device.next_check());
        if let Some(request) = &mut request
            && self.rng.chance(300)
        {
            // A small page, so that a queue is sent in parts.
            request.commands.truncate(1 + self.rng.below(3));
        }
        if let Some(mut request) = request {
            if self.is(Mutant::RetryNotFrozen) {
                for command in &mut request.commands {
                    if !self.sent_once.insert(command.id) {
                        command.sealed.0.push(1);
                        command.args_hash = crate::sha256_hex(&command.sealed.0);
                    }
                }
            }
            let page = Some(self.nodes[at].page);
            self.send(at, page, Message::Push(request));
        }
    }

    /// A page that was frozen while another took the lead wakes up, and sends what it believes is waiting.
    fn ask_as_shadow(&mut self, at: usize) {
        let shadow = self.nodes[at].shadow.as_ref();
        if let Some(request) = shadow.and_then(|shadow| shadow.next_push()) {
            self.send(at, None, Message::Push(request));
        }
    }

    fn ask_pull(&mut self, at: usize) {
        let node = &self.nodes[at];
        let page = Some(node.page);
        if node.is_kiosk() {
            if self.is(Mutant::KioskReads) {
                let someone = self.members.first().map(|member| member.id);
                let request = node.device.next_pull();
                self.send(at, page, Message::Pull(request, someone));
            }
            return;
        }
        let Some(member) = node.member() else { return };
        let message = match node.device.next_chunk() {
            Some(request) if self.rng.chance(850) => Message::Chunk(request, member),
            _ => {
                let mut request = node.device.next_pull();
                request.snapshots &= !node.old_build;
                Message::Pull(request, Some(member))
            }
        };
        self.send(at, page, message);
    }

    /// Anything that is on its way arrives, in any order.
    fn deliver(&mut self, mishaps: bool) {
        if self.net.is_empty() {
            return;
        }
        let Travelling { node, page, message } = self.net.swap_remove(self.rng.below(self.net.len()));
        let mishap = if mishaps { self.mishap() } else { Mishap::Nothing };
        let here = page == Some(self.nodes[node].page) && !self.nodes[node].newer;
        match message {
            Message::Push(request) => {
                let answer = self.server.push(&request);
                self.send(node, page, Message::Pushed(Box::new(answer)));
            }
            Message::Pull(request, member) => {
                let answer = member.and_then(|member| self.server.pull(&request, member));
                if let Some(answer) = answer {
                    self.send(node, page, Message::Pulled(Box::new(answer)));
                }
            }
            Message::Chunk(request, member) => match self.server.chunk(&request, member) {
                Some(body) => self.send(
                    node,
                    page,
                    Message::Chunked(request.snapshot, request.index, body),
                ),
                None if here && self.nodes[node].member() == Some(member) => {
                    // It is gone: what there is now is asked for.
                    let again = self.nodes[node].device.next_pull();
                    self.send(node, page, Message::Pull(again, Some(member)));
                }
                None => {}
            },
            Message::Pushed(answer) if here => {
                self.nodes[node].take_push(&answer, mishap);
            }
            Message::Pushed(answer) if page.is_none() && self.is(Mutant::OldLeaderWrites) => {
                let node = &mut self.nodes[node];
                if let Some(shadow) = &mut node.shadow {
                    let (pushed, tx): (_, Tx) = shadow.on_push(&answer);
                    node.disk.write(&tx);
                    shadow.pushed(pushed);
                }
            }
            Message::Pulled(answer) if here => self.take_pull(node, &answer, mishap),
            Message::Chunked(id, index, body) if here => {
                self.nodes[node].take_chunk(id, index, &body, mishap);
            }
            // The page that asked is gone, or does not lead any more and may not write.
            _ => {}
        }
    }

    fn take_pull(&mut self, at: usize, answer: &PullResponse, mishap: Mishap) {
        let node = &mut self.nodes[at];
        assert!(!node.is_kiosk(), "leaked: a kiosk is sent rows");
        let done = node.take_pull(answer, mishap);
        if done == Done::Yes {
            self.check_fetched(at);
        }
    }

    fn dismiss(&mut self, at: usize) {
        if self.nodes[at].newer {
            return;
        }
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
            self.dismissed.insert(id);
        }
    }

    /// The network works, everyone comes back, nobody enters anything.
    fn heal(&mut self) {
        for node in &mut self.nodes {
            if node.newer {
                node.mark_schema(SCHEMA);
                node.boot();
            }
        }
        while !self.net.is_empty() {
            self.deliver(false);
        }
        for at in 0..self.nodes.len() {
            self.nodes[at].old_build = false;
            self.sign_in(at, 0);
        }
        for round in 0.. {
            let before = self.server.live.rev;
            for node in &mut self.nodes {
                node.sync(&mut self.server);
            }
            // A server whose clock jumped back is believed about a new history when it was heard three times.
            if round >= 3 && self.server.live.rev == before {
                assert!(round <= 5, "stuck: {round} rounds after healing");
                break;
            }
            assert!(round < 10, "stuck: it does not come to rest");
        }
    }

    /// How many entries lie in each outbox, on the disk and in memory.
    pub(super) fn outboxes(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        let nodes = self.nodes.iter().enumerate().filter(|(_, node)| !node.newer);
        nodes.map(|(at, node)| {
            let on_disk = node.disk.all(Store::Outbox).len();
            (at, on_disk, node.device.pending.len())
        })
    }
}

fn person(n: u128, at: usize, name: &str, role: Role, rng: &Rng) -> WorkforceMember {
    let all = SITES[..2].iter().copied();
    WorkforceMember {
        id: WorkforceMemberId(Uuid::from_u128(0xaa00 + n * 16 + at as u128)),
        login: format!("{name}{n}"),
        display_name: format!("{name} {n}"),
        role,
        site_ids: all.filter(|_| rng.chance(500)).collect(),
        practitioner_id: (role == Role::Practitioner)
            .then(|| rng.pick(&PRACTITIONERS).copied())
            .flatten(),
        active: true,
    }
}
