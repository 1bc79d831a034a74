//! The device's half: an outbox of sealed commands, a replica, and what a person sees of both.
//!
//! No I/O: every method that changes something returns the [`Tx`](crate::store::Tx) that makes it last. The caller
//! commits it and only then calls the method that takes note (`entered`, `pushed`, `pulled`), so that memory never
//! runs ahead of the disk.

mod blocks;
mod enter;
mod load;
mod photos;
mod pull;
mod push;
mod queue;
mod replay;
mod rules;
mod snapshot;
mod wipe;

pub use blocks::{DISK, Folded, is_block, read_entry};
pub use enter::{Entered, Photo};
pub use load::{LoadError, Opening, Stored, Unreadable};
pub use pull::{Hole, Pulled};
pub use push::Pushed;
pub use queue::{QUEUE_MOST, QUEUE_MOST_BYTES, QUEUE_WARN, Queue};
pub use rules::Rules;
pub use snapshot::{Arriving, BadChunk, Chunk, Progress, SnapshotProgress};
pub use wipe::demands_wipe;

use crate::Randomness;
use crate::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use crate::keyring::Keys;
use crate::seal::{PublicKey, SealError, Sealer};
use crate::wire::{Cursor, Receipt, SealedCommand};
use blocks::Layout;
use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::command::Envelope;
use domain::decide::{Ctx, Numbers};
use domain::id::{CommandId, DeviceId, PracticeId, WorkforceMemberId};
use domain::row::{Compartment, Over, Rows};
use serde::{Deserialize, Serialize};
use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use uuid::Uuid;

/// Who works on the device now.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Nobody, for a kiosk.
    pub member: Option<WorkforceMemberId>,
    /// As colleagues call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// What never changes while the device is enrolled.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Whose.
    pub practice: PracticeId,
    /// Which.
    pub device: DeviceId,
    /// To whom it seals.
    pub intake_key: PublicKey,
}

/// Device state that outlives the page; says nothing about patients.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meta {
    /// Number of the next command; 0 and 1 both mean the first.
    pub next_seq: u64,
    /// How far the replica has come.
    pub cursor: Option<Cursor>,
    /// When the server last answered, by its clock; the newest, whatever order answers come in.
    pub heard_at: Option<DateTime<Utc>>,
    /// The history that receipts speak of. A kiosk has no cursor and knows it from here alone.
    #[serde(default)]
    pub epoch: Option<Uuid>,
    /// What the cursor stands for: it passed over the rows of every other compartment.
    #[serde(default)]
    pub covers: BTreeSet<Compartment>,
    /// Since it began anew it was once as of the newest revision: what was confirmed of its own is there again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole: bool,
    /// How the disk is laid out, see [`DISK`]; 0 before it was told.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub schema: u32,
    /// A snapshot that is being fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotProgress>,
    /// Photos that the server has and no verified backup yet, with the revision at which it had them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub kept: BTreeMap<String, u64>,
    /// It was erased, and only sends what is left.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wiped: bool,
}

fn is_zero(schema: &u32) -> bool {
    *schema == 0
}

/// A command that waits, or that a person must look at.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    /// As it travels.
    pub sealed: SealedCommand,
    /// Which command, for the list of unsent entries.
    pub name: String,
    /// When it was entered, by this device's clock.
    pub entered_at: DateTime<Utc>,
    /// What became of it.
    pub receipt: Option<Receipt>,
    /// A person has seen that it was refused; when it has to be sent again, they are not asked again.
    #[serde(default)]
    pub dismissed: bool,
    /// Who entered it, for replay under someone else's eyes before the practice's people are known here again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<By>,
    /// The envelope under a data key, for replay; a kiosk keeps none.
    local: Option<(Compartment, crate::b64::Bytes)>,
    /// The envelope in the open, when the device is unlocked.
    #[serde(skip)]
    pub envelope: Option<Envelope>,
}

/// Who entered something. Says nothing about patients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct By {
    name: String,
    role: Role,
}

impl Pending {
    /// Where it stands.
    pub fn state(&self) -> EntryState {
        match self.receipt.as_ref().map(|r| r.status) {
            None => EntryState::Saved,
            Some(status) if status.is_applied() => EntryState::Sent,
            Some(_) => EntryState::NeedsDecision,
        }
    }
}

/// Where an entry stands, in the three words that people see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// "Saved on this tablet"
    Saved,
    /// "Sent to clinic"
    Sent,
    /// "Needs your decision"
    NeedsDecision,
}

/// A command that the server has and no verified backup covers yet.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    pending: Pending,
    rev: u64,
}

/// So many doubtful answers in a row are believed.
const DOUBTS: u32 = 3;

/// One device.
pub struct Device {
    /// Who it is.
    pub identity: Identity,
    /// Who works on it; a locked device has nobody.
    pub actor: Option<Actor>,
    /// What outlives the page.
    pub meta: Meta,
    /// Rows as the server has them.
    pub confirmed: Rows,
    /// What the pending commands make of them.
    pub overlay: Rows,
    /// Commands that wait, by number.
    pub pending: BTreeMap<u64, Pending>,
    /// Photos that wait, by hash.
    pub photos: BTreeSet<String>,
    sent: BTreeMap<u64, Sent>,
    keys: Keys,
    /// What each of them hides and shows with.
    ciphers: BTreeMap<Compartment, AesGcmCipher<Shared>>,
    layout: Layout,
    /// What the entries of whoever is at work are sealed with; made when they first enter something.
    sealer: OnceCell<Sealer>,
    /// How often in a row something doubtful was heard, and of which history.
    doubts: Cell<(Uuid, u32)>,
    /// The newest server time since the page was loaded: tells a late answer from a new one.
    newest: Option<DateTime<Utc>>,
    /// It writes and sends, and never pulls.
    kiosk: bool,
    rules: Rules,
    randomness: Rc<dyn Randomness>,
}

/// Randomness that many ciphers share.
#[derive(Clone)]
struct Shared(Rc<dyn Randomness>);
impl Randomness for Shared {
    fn bytes(&self) -> [u8; 32] {
        self.0.bytes()
    }
}

impl Device {
    /// A staff device with nothing on it.
    pub fn new(identity: Identity, randomness: Rc<dyn Randomness>) -> Self {
        Self::with_rules(identity, randomness, Rules::STAFF)
    }

    /// A device with nothing on it, for some commands.
    pub fn with_rules(identity: Identity, randomness: Rc<dyn Randomness>, rules: Rules) -> Self {
        Device {
            identity,
            actor: None,
            meta: Meta::default(),
            confirmed: Rows::default(),
            overlay: Rows::default(),
            pending: BTreeMap::new(),
            photos: BTreeSet::new(),
            sent: BTreeMap::new(),
            keys: Keys::new(),
            ciphers: BTreeMap::new(),
            layout: Layout::default(),
            sealer: OnceCell::new(),
            doubts: Cell::default(),
            newest: None,
            kiosk: false,
            rules,
            randomness,
        }
    }

    /// What a person sees: confirmed rows under what is pending.
    pub fn view(&self) -> Over<'_, Rows> {
        Over {
            base: &self.confirmed,
            top: &self.overlay,
        }
    }

    /// How many entries are in each state: saved, sent, needing a decision.
    pub fn counts(&self) -> (usize, usize, usize) {
        self.pending
            .values()
            .fold((0, 0, 0), |(saved, sent, decide), entry| match entry.state() {
                EntryState::Saved => (saved + 1, sent, decide),
                EntryState::Sent => (saved, sent + 1, decide),
                EntryState::NeedsDecision => (saved, sent, decide + 1),
            })
    }

    fn cipher(&self, compartment: Compartment) -> Option<&AesGcmCipher<Shared>> {
        self.ciphers.get(&compartment)
    }

    fn take_keys(&mut self, keys: Keys) {
        let cipher = |key: &DataKey| AesGcmCipher::new(key.clone(), Shared(self.randomness.clone()));
        self.ciphers = keys
            .iter()
            .map(|(compartment, key)| (*compartment, cipher(key)))
            .collect();
        self.keys = keys;
        self.sealer.take();
        self.layout = Layout::default();
    }

    /// What this build writes on the disk. A kiosk keeps no rows, so a build before blocks goes on with its disk.
    fn disk(&self) -> u32 {
        if self.kiosk { 1 } else { DISK }
    }

    /// The key under which a person's own entries lie: the most private one they hold.
    fn own_compartment(&self) -> Option<Compartment> {
        self.keys.keys().next_back().copied()
    }

    /// What entries are sealed with. A kiosk, which holds no key, has none: it must not be able to read back.
    fn sealer(&self) -> Result<Option<&Sealer>, SealError> {
        if self.own_compartment().is_none() {
            return Ok(None);
        }
        if self.sealer.get().is_none() {
            let made = Sealer::new(&self.identity.intake_key, self.randomness.as_ref())?;
            return Ok(Some(self.sealer.get_or_init(|| made)));
        }
        Ok(self.sealer.get())
    }

    /// Hides bytes under a compartment's key, for whatever else the interface keeps (photos that were looked at).
    pub fn hide(&self, compartment: Compartment, store: &str, key: &str, plain: &[u8]) -> Option<Vec<u8>> {
        let practice = self.identity.practice.to_string();
        Some(self.cipher(compartment)?.hide(
            &Place {
                practice: &practice,
                store,
                key,
            },
            plain,
        ))
    }

    /// Shows bytes hidden by [`Device::hide`].
    pub fn show(&self, compartment: Compartment, store: &str, key: &str, hidden: &[u8]) -> Option<Vec<u8>> {
        let practice = self.identity.practice.to_string();
        self.cipher(compartment)?.show(
            &Place {
                practice: &practice,
                store,
                key,
            },
            hidden,
        )
    }

    fn ctx(&self, command_id: CommandId, entered_at: DateTime<Utc>, actor: &Actor) -> Ctx {
        Ctx {
            command_id,
            role: actor.role,
            actor_name: actor.name.clone(),
            device_id: self.identity.device,
            now: entered_at,
            device_time: entered_at,
            today: entered_at.date_naive(),
            numbers: Numbers::Provisional,
            member_id: actor.member,
            site_id: None,
            scope: None,
            device_revoked: false,
            unseen_entries: false,
        }
    }

    /// What an answer, of whatever kind, changes about the device's own state.
    fn heard(&self, epoch: Uuid, last_seq: u64, server_time: DateTime<Utc>) -> Meta {
        Meta {
            // A number that the server has is never given out again, whatever this disk has forgotten.
            next_seq: self.meta.next_seq.max(last_seq + 1),
            heard_at: self.meta.heard_at.max(Some(server_time)),
            epoch: Some(epoch),
            schema: self.disk(),
            ..self.meta.clone()
        }
    }

    /// Whether something unexpected is to be believed: another history, or a demand for what was given. A late
    /// answer may say so too, and looks late by the server's clock. Clocks jump, so what is heard several times in
    /// a row is believed whatever the clock says; should that be wrong, the next answers set it right.
    fn believes(&self, epoch: Uuid, server_time: DateTime<Utc>) -> bool {
        if self.newest.is_none_or(|newest| server_time >= newest) {
            return true;
        }
        let (of, times) = self.doubts.get();
        let times = if of == epoch { times + 1 } else { 1 };
        self.doubts.set((epoch, times));
        times >= DOUBTS
    }

    /// Whether an answer of this history is to be believed; nothing is doubted about one's own.
    fn believes_history(&self, epoch: Uuid, server_time: DateTime<Utc>) -> bool {
        self.epoch().is_none_or(|own| own == epoch) || self.believes(epoch, server_time)
    }

    /// Takes note of an answer that is saved.
    fn note(&mut self, meta: Meta, server_time: DateTime<Utc>) {
        // In another history the clock begins anew, too.
        let same = self.epoch() == meta.epoch;
        self.newest = self.newest.filter(|_| same).max(Some(server_time));
        self.meta = Meta {
            next_seq: self.meta.next_seq.max(meta.next_seq),
            ..meta
        };
    }

    /// The history this device is in, as far as it was told.
    fn epoch(&self) -> Option<Uuid> {
        self.meta
            .epoch
            .or(self.meta.cursor.as_ref().map(|cursor| cursor.epoch))
    }

    fn held(&self) -> BTreeSet<Compartment> {
        self.keys.keys().copied().collect()
    }

    fn outbox_key(seq: u64) -> String {
        format!("{seq:020}")
    }

    fn json(value: &impl Serialize) -> Vec<u8> {
        serde_json::to_vec(value).unwrap_or_default()
    }
}
