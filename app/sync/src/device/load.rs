//! From what lies on the disk to a device in memory, locked or open.

use super::blocks::{self, DISK};
use super::{Actor, Device, Meta, Pending, Sent};
use crate::cipher::Cipher;
use crate::keyring::Keys;
use crate::store::Store;
use domain::row::{Compartment, Entity, Row, Rows};
use domain::scope::{Scope, in_scope};
use uuid::Uuid;

/// Everything of a device that lies on its disk.
#[derive(Default)]
pub struct Stored {
    /// Of [`Store::Meta`], the entry `meta`.
    pub meta: Option<Vec<u8>>,
    /// [`Store::Outbox`]
    pub outbox: Vec<(String, Vec<u8>)>,
    /// [`Store::Sent`]
    pub sent: Vec<(String, Vec<u8>)>,
    /// [`Store::Rows`]
    pub rows: Vec<(String, Vec<u8>)>,
    /// Keys of [`Store::Blobs`]
    pub blob_keys: Vec<String>,
}

/// Something on the disk cannot be read. It is left where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} entries on this device cannot be read; they are kept. Show this to your support")]
pub struct Unreadable(pub usize);

/// What is read of a disk before anything else.
#[derive(serde::Deserialize)]
struct Schema {
    #[serde(default)]
    schema: u32,
}

/// What lies on the disk cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Some of it; the rest was.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A newer build wrote here. Nothing was taken over, and nothing may be written.
    #[error(
        "this device was used with a newer version of this app (schema {0}). Reload the page to update it"
    )]
    Newer(u32),
}

/// A device that is being opened.
pub struct Opening {
    practice: String,
    shown: Vec<Compartment>,
    fetched: Option<String>,
    unreadable: usize,
}

impl Device {
    /// Takes over what needs no key: the outbox, so that sealed entries go on being sent while locked.
    pub fn load_locked(&mut self, stored: &Stored) -> Result<(), LoadError> {
        let mut unreadable = 0;
        if let Some(meta) = &stored.meta {
            // The schema alone comes first: a newer build's other fields may have another shape.
            let schema = domain::json::read::<Schema>(meta).map_or(0, |meta| meta.schema);
            if schema > DISK {
                return Err(LoadError::Newer(schema));
            }
            match domain::json::read::<Meta>(meta) {
                Ok(meta) => self.meta = meta,
                Err(_) => unreadable += 1,
            }
        }
        for (key, bytes) in &stored.outbox {
            self.skip_number(key);
            match domain::json::read::<Pending>(bytes) {
                Ok(entry) => {
                    self.pending.insert(entry.sealed.seq, entry);
                }
                Err(_) => unreadable += 1,
            }
        }
        for (key, bytes) in &stored.sent {
            self.skip_number(key);
            match domain::json::read::<Sent>(bytes) {
                Ok(entry) => {
                    self.sent.insert(entry.pending.sealed.seq, entry);
                }
                Err(_) => unreadable += 1,
            }
        }
        let kept = &self.meta.kept;
        self.photos.extend(
            stored
                .blob_keys
                .iter()
                .filter_map(|key| key.strip_prefix("out/").map(str::to_owned))
                .filter(|hash| !kept.contains_key(hash)),
        );
        if unreadable == 0 {
            Ok(())
        } else {
            Err(Unreadable(unreadable).into())
        }
    }

    /// A number that is taken stays taken, even by an entry that cannot be read.
    fn skip_number(&mut self, key: &str) {
        if let Ok(seq) = key.parse::<u64>() {
            self.meta.next_seq = self.meta.next_seq.max(seq.saturating_add(1));
        }
    }

    /// Opens the device for someone: rows and own entries that their keys open. Rows of compartments that they do
    /// not hold stay closed; a row that its key does not open is counted.
    pub fn unlock(&mut self, actor: Actor, keys: Keys, stored: &Stored) -> Result<(), Unreadable> {
        let mut opening = self.begin_unlock(actor, keys);
        for (key, hidden) in &stored.rows {
            self.open_entry(&mut opening, key, hidden);
        }
        self.end_unlock(opening)
    }

    /// The same, so that a page can do something else between entries: call [`Device::open_entry`] with every entry of
    /// [`Store::Rows`] in the order of their keys, then [`Device::end_unlock`]. Until then the device is nothing to show.
    pub fn begin_unlock(&mut self, actor: Actor, keys: Keys) -> Opening {
        self.take_keys(keys);
        self.actor = Some(actor);
        self.confirmed = Rows::default();
        // Whoever has keys again was let in again.
        self.meta.wiped = false;
        let fetched = self.fetched_scope();
        let held = self.held();
        if !held.is_subset(&self.meta.covers) {
            // Whoever fetched before was not sent everything that this person may hold: fetch from the beginning.
            self.meta.cursor = None;
        }
        let under_way = self.meta.snapshot.take();
        self.meta.snapshot = under_way.filter(|progress| held.is_subset(&progress.covers));
        // While a snapshot is under way, what has come of it is shown; otherwise only what the cursor stands for: what
        // it passed over may be old, or of a patient who has left.
        let shown = match &self.meta.snapshot {
            Some(progress) => progress.covers.clone(),
            None => self.meta.covers.clone(),
        };
        Opening {
            practice: self.identity.practice.to_string(),
            shown: shown.into_iter().collect(),
            fetched,
            unreadable: 0,
        }
    }

    /// Opens one entry of [`Store::Rows`].
    pub fn open_entry(&mut self, opening: &mut Opening, key: &str, hidden: &[u8]) {
        let of = |one: &&Compartment| {
            key.strip_prefix(one.name())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        let Some(cipher) = opening.shown.iter().find(of).and_then(|one| self.cipher(*one)) else {
            return;
        };
        let Some(rows) = blocks::read_entry(cipher, &opening.practice, key, hidden) else {
            opening.unreadable += 1;
            return;
        };
        let ids = rows.iter().map(blocks::id_of).collect();
        // What lies by itself comes after its block, and is newer.
        rows.into_iter().for_each(|row| self.confirmed.put(row));
        self.layout.found(key, ids);
    }

    /// Ends what [`Device::begin_unlock`] began.
    pub fn end_unlock(&mut self, opening: Opening) -> Result<(), Unreadable> {
        self.layout.settle();
        self.hide_other_scope(opening.fetched);
        for seq in self.pending.keys().copied().collect::<Vec<_>>() {
            self.open_local(seq);
        }
        self.replay();
        if opening.unreadable == 0 {
            Ok(())
        } else {
            Err(Unreadable(opening.unreadable))
        }
    }

    /// The scope of what lies here.
    fn fetched_scope(&self) -> Option<String> {
        let cursor = self.meta.cursor.as_ref().map(|cursor| &cursor.scope);
        let under_way = self.meta.snapshot.as_ref();
        cursor
            .or(under_way.map(|progress| &progress.manifest.scope))
            .filter(|scope| !scope.is_empty())
            .cloned()
    }

    /// Whoever works here now may be sent other patients than whoever fetched. What is not theirs is not shown, as far
    /// as is known here, and they fetch from the beginning.
    fn hide_other_scope(&mut self, fetched: Option<String>) {
        let member = self.actor.as_ref().and_then(|actor| actor.member);
        let member = member.and_then(|member| self.confirmed.row(Entity::WorkforceMember, member.0));
        let device = self.confirmed.row(Entity::Device, self.identity.device.0);
        let scope = match (member, device) {
            (Some(Row::WorkforceMember(member)), Some(Row::Device(device))) => {
                Scope::of(member, Some(device))
            }
            (Some(Row::WorkforceMember(member)), _) => Scope::of(member, None),
            _ => return,
        };
        if fetched.is_none_or(|fetched| Scope::plain_key(&fetched) == scope.key()) {
            return;
        }
        let membership = |row: &Row| {
            let patient = row.patient_id()?;
            match self.confirmed.row(Entity::Membership, patient.0)? {
                Row::Membership(membership) => Some(membership),
                _ => None,
            }
        };
        let foreign = self.confirmed.iter();
        let foreign = foreign.filter(|row| !in_scope(&scope, row, membership(row)));
        let foreign: Vec<(Entity, Uuid)> = foreign.map(|row| (row.entity(), row.id())).collect();
        for (entity, id) in foreign {
            self.confirmed.remove(entity, id);
        }
        self.meta.cursor = None;
        self.meta.snapshot = None;
    }

    pub(super) fn open_local(&mut self, seq: u64) {
        let Some(entry) = self.pending.get(&seq) else {
            return;
        };
        let Some((compartment, hidden)) = entry.local.clone() else {
            return;
        };
        let plain = self.show(
            compartment,
            Store::Outbox.name(),
            &Self::outbox_key(seq),
            &hidden.0,
        );
        let envelope = plain.and_then(|plain| domain::json::read(&plain).ok());
        if let Some(entry) = self.pending.get_mut(&seq) {
            entry.envelope = envelope;
        }
    }

    /// Works for a kiosk: it has an actor and no keys.
    pub fn open_kiosk(&mut self, label: &str) {
        let role = domain::access::Role::Kiosk;
        self.kiosk = true;
        self.actor = Some(Actor {
            member: None,
            name: label.to_owned(),
            role,
        });
    }

    /// The disk's key for a row that lies by itself; nothing when its compartment is closed here.
    pub(super) fn row_key_of(&self, entity: Entity, id: Uuid) -> Option<String> {
        let compartment = entity.compartment();
        let plain = format!("{}:{id}", entity.name());
        let name = self.cipher(compartment)?.name(Store::Rows.name(), &plain);
        Some(format!("{}/{name}", compartment.name()))
    }
}
