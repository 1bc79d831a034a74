//! What happens: one step at a time, anything, anywhere.

use super::Mutant;
use super::bookings;
use super::disk::Mishap;
use super::net::Travelling;
use super::node::{Done, Node};
use super::rng::Rng;
use super::server::Server;
use super::trouble::trouble_of;
use super::work::{self, PRACTITIONERS, SITES};
use crate::device::{Actor, DISK, EntryState};
use crate::store::Store;
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
    /// For a booking: whether the time was promised there and then, or only asked for.
    pub promised: Option<bool>,
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
    pub(super) net: Vec<Travelling>,
    pub(super) cursors: BTreeMap<usize, Cursor>,
    last_id: Option<CommandId>,
    pub(super) sent_once: BTreeSet<CommandId>,
    /// Who works here, as they were last recorded.
    pub(super) members: Vec<WorkforceMember>,
    /// Whether appointments are what it is about.
    books: bool,
    /// What does not happen in this seed: where everything happens, little of it goes far.
    calm: u64,
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
        let calm = rng.next();
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
            books: false,
            calm,
        }
    }

    /// A practice that books.
    pub fn booking(seed: u64, mutant: Option<Mutant>) -> World {
        let mut world = World::new(seed, mutant);
        world.books = true;
        let desks: Vec<DeviceId> = (world.nodes.iter())
            .filter(|node| !node.is_kiosk())
            .map(Node::id)
            .collect();
        bookings::settle(&mut world.server);
        for node in &mut world.nodes {
            node.sync(&mut world.server);
        }
        bookings::lease(&mut world.server, desks.into_iter());
        world
    }

    /// Many steps with everything going wrong, then a good day.
    pub fn run(&mut self, steps: usize) {
        for _ in 0..steps {
            self.step();
            self.check_step();
        }
        self.heal();
        self.check_end();
        if self.books {
            self.check_bookings();
        }
    }

    fn step(&mut self) {
        let rng = self.rng.clone();
        let node = rng.below(self.nodes.len());
        self.server.at = rng.below(2);
        self.server.now += Duration::milliseconds(1 + rng.below(60_000) as i64);
        let now = self.server.now;
        let trouble = rng.below(1000);
        match trouble {
            0..210 => self.enter(node),
            210..300 => self.ask_push(node),
            300..420 => self.ask_pull(node),
            420..770 => (0..1 + rng.below(3)).for_each(|_| self.deliver(true)),
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
            905..908 => {
                let mishap = self.mishap();
                self.nodes[node].fold(mishap);
            }
            908..915 => {
                let mishap = self.mishap();
                self.nodes[node].send_photos(&mut self.server, mishap);
            }
            915..920 => self.nodes[node].look(),
            // Some troubles spare some seeds.
            920..1000 if self.calm >> trouble_of(trouble) & 1 == 1 => {}
            920..924 => self.nodes[node].lose_power(),
            924..928 => self.nodes[node].shadow = self.nodes[node].reloaded_locked().map(Box::new),
            928..936 => self.ask_as_shadow(node),
            936..941 => self.nodes[node].skew = Duration::days(rng.below(7300) as i64 - 3650),
            941..951 => self.server.backup(),
            951..955 => self.server.verify(rng.below(self.server.backups.len())),
            955..963 => self.restore(),
            // One server starts anew: what was on its way there is lost.
            963..966 => self.lose_requests(),
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
            992..995 => self.set_aside(),
            989..992 => self.server.heads[rng.below(2)] = self.server.live.rev,
            _ => {}
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

    pub(super) fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    fn enter(&mut self, at: usize) {
        let rng = self.rng.clone();
        if self.nodes[at].newer {
            return;
        }
        let booking = (self.books && rng.chance(750))
            .then(|| bookings::next(&self.nodes[at], &rng))
            .flatten()
            .map(|command| (command, Vec::new()));
        let Some((command, photos)) = booking.or_else(|| work::next(&self.nodes[at], &rng)) else {
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
            promised: None,
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
        // Whose page died was told nothing.
        if done == Done::Yes {
            acked.promised = bookings::promised(&self.nodes[at], &command);
            if self.is(Mutant::LeaseSelfGranted) {
                bookings::grant_oneself(&mut self.nodes[at], &command);
            }
        }
        self.acked.push(acked);
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
                node.mark_schema(DISK);
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
