//! The engine: one device in memory, changed one step at a time, each step on disk before it counts.

use super::kinds::{Followed, Kinds};
use super::status::{Phase, Status};
use crate::error::AppError;
use crate::ports::device::DevicePorts;
use domain::command::Command;
use domain::decide::Refusal;
use domain::id::{CommandId, DeviceId};
use domain::patients::search::PatientIndex;
use domain::row::Entity;
use futures::channel::mpsc;
use futures::future::LocalBoxFuture;
use futures::lock::Mutex;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use sync::device::{Device, Photo};
use sync::store::{Store, StoreError, Tx, Write};
use uuid::Uuid;

/// See the module.
pub struct Engine {
    /// The browser.
    pub ports: DevicePorts,
    /// Counts every change of what pages see. [`Engine::follow`] follows no more than what was read.
    pub version: RwSignal<u64>,
    pub(super) followed: Followed,
    /// Badges and banners.
    pub status: RwSignal<Status>,
    pub(super) device: RefCell<Option<Device>>,
    /// Held from computing a step to noting it, so that two steps never start from the same state.
    pub(super) turn: Mutex<()>,
    pub(super) index: RefCell<PatientIndex>,
    pub(super) wake: RefCell<Option<mpsc::UnboundedSender<()>>>,
    pub(super) running: Cell<bool>,
    drawn_at: Cell<f64>,
    /// Rows came that no reading was told of yet.
    pub(super) owed: Cell<bool>,
    pub(super) reader: Cell<Option<Reader>>,
}

/// What only a page that reads does. Handed in at its start, so that a kiosk's page has none of it.
#[derive(Clone, Copy)]
pub(super) struct Reader {
    /// Hands in reads and fetches news.
    pub fetch: fn(Rc<Engine>) -> LocalBoxFuture<'static, Result<(), AppError>>,
    /// Brings the search index up to what is pending here, and counts what waits for a person.
    pub index: fn(&Engine, &Device) -> usize,
}

/// Milliseconds that the page is held up at a time, by work that can be cut: a slower device takes a few times longer.
const SLICE: f64 = 8.0;
/// Milliseconds between what is drawn of what comes in.
const DRAWN_EVERY: f64 = 400.0;

/// See [`Engine::slices`].
pub(super) struct Slices<'a> {
    engine: &'a Engine,
    since: f64,
}

impl Slices<'_> {
    /// Gives the page its turn when it waited long enough.
    pub async fn pause(&mut self) {
        let clock = &self.engine.ports.clock;
        if clock.ticks() - self.since >= SLICE {
            clock.turn().await;
            self.since = clock.ticks();
        }
    }
}

/// Why a command was not saved. Nothing was lost: the page still has what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The rules refuse it.
    #[error("{0}")]
    Refused(Refusal),
    /// The device's storage refuses it.
    #[error("{0}")]
    Storage(#[from] StoreError),
    /// Nobody is at work here.
    #[error("unlock this device first")]
    Locked,
}

/// The engine in Leptos' context, which wants handles that can be copied.
#[derive(Clone, Copy)]
pub struct EngineHandle(StoredValue<Rc<Engine>, LocalStorage>);

impl EngineHandle {
    /// Wraps an engine.
    pub fn new(engine: Rc<Engine>) -> Self {
        EngineHandle(StoredValue::new_local(engine))
    }

    /// The engine.
    pub fn get(&self) -> Rc<Engine> {
        self.0.get_value()
    }
}

/// The engine of this page load. Shells provide it before any page is shown.
#[allow(clippy::expect_used)]
pub fn use_engine() -> Rc<Engine> {
    use_context::<EngineHandle>()
        .expect("a shell provides the engine")
        .get()
}

impl Engine {
    /// An engine that has not looked at the disk yet.
    pub fn new(ports: DevicePorts) -> Rc<Self> {
        let engine = Rc::new(Engine {
            ports,
            version: RwSignal::new(0),
            followed: Followed::new(),
            status: RwSignal::new(Status::default()),
            device: RefCell::new(None),
            turn: Mutex::new(()),
            index: RefCell::new(PatientIndex::default()),
            wake: RefCell::new(None),
            running: Cell::new(false),
            drawn_at: Cell::new(0.0),
            owed: Cell::new(false),
            reader: Cell::new(None),
        });
        let status = engine.status;
        engine
            .ports
            .page
            .on_update_ready(Rc::new(move || status.update(|s| s.update_ready = true)));
        engine
    }

    /// A new id for a row or a command.
    pub fn new_id(&self) -> Uuid {
        sync::new_id(self.ports.clock.now(), self.ports.randomness.as_ref())
    }

    /// Saves a command on this device, strictly, and sends it as soon as there is a network. It is decided here
    /// at once; a refusal queues nothing.
    pub async fn submit(&self, command: Command, photos: &[Photo]) -> Result<CommandId, SubmitError> {
        self.submit_with(command, photos, Vec::new()).await
    }

    /// The same, with other writes that happen together with it or not at all.
    pub(super) async fn submit_with(
        &self,
        command: Command,
        photos: &[Photo],
        also: Vec<Write>,
    ) -> Result<CommandId, SubmitError> {
        let id = CommandId(self.new_id());
        let turn = self.turn.lock().await;
        let entered = {
            let device = self.device.borrow();
            let device = device.as_ref().ok_or(SubmitError::Locked)?;
            device
                .enter(id, &command, photos, self.ports.clock.now())
                .map_err(SubmitError::Refused)?
        };
        let (entered, mut tx) = entered;
        tx.writes.extend(also);
        self.commit(tx).await?;
        let kinds = self.step(|device| device.entered(entered));
        drop(turn);
        self.changed_in(kinds);
        self.poke();
        Ok(id)
    }

    /// Makes this the page that works, or shows why it is not.
    pub(super) async fn lead(self: &Rc<Self>, seize: bool) -> bool {
        let engine = Rc::downgrade(self);
        let lost: Rc<dyn Fn()> = Rc::new(move || {
            if let Some(engine) = engine.upgrade() {
                engine.give_way();
            }
        });
        if !self.ports.page.hold_tab(seize, lost).await {
            self.phase(Phase::OtherTab);
            return false;
        }
        if let Err(error) = self.ports.store.lead().await {
            self.status.update(|s| {
                s.storage_fault = Some(error.to_string());
                s.phase = Phase::Broken;
            });
            return false;
        }
        true
    }

    /// Another page took over. What this one holds in memory may be old from now on.
    fn give_way(&self) {
        self.ports.pokes.stop();
        *self.device.borrow_mut() = None;
        self.phase(Phase::OtherTab);
    }

    /// Puts a transaction on disk; a failure is shown until one succeeds.
    pub(super) async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        let done = self.ports.store.commit(tx).await;
        if done == Err(StoreError::Fenced) {
            self.give_way();
            return done;
        }
        let fault = done.as_ref().err().map(StoreError::to_string);
        if self.status.with_untracked(|s| s.storage_fault != fault) {
            self.status.update(|s| s.storage_fault = fault);
        }
        done
    }

    /// Notes a step of which the disk has heard. The kinds of rows that look different since.
    pub(super) fn step(&self, note: impl FnOnce(&mut Device)) -> Kinds {
        match self.device.borrow_mut().as_mut() {
            Some(device) => {
                let before = Kinds::among(&device.overlay);
                note(device);
                before.and(Kinds::among(&device.overlay))
            }
            None => Kinds::default(),
        }
    }

    /// Something that pages see has changed.
    pub(super) fn changed(&self) {
        self.changed_in(Kinds::ALL);
    }

    /// The same, when it is known of which kinds the rows are.
    pub(super) fn changed_in(&self, kinds: Kinds) {
        let kinds = if self.owed.take() { Kinds::ALL } else { kinds };
        if let Some(device) = self.device.borrow().as_ref() {
            let (saved, sent, refused) = device.counts();
            let conflicts = self.reader.get().map_or(0, |reader| (reader.index)(self, device));
            let oldest = (device.pending.values())
                .filter(|entry| entry.receipt.is_none())
                .map(|entry| entry.entered_at)
                .min();
            let heard_at = device.meta.heard_at;
            let long_queue = device.queue().is_long();
            self.status.update(|s| {
                s.saved = saved;
                s.sent = sent;
                s.needs_decision = refused + conflicts;
                s.oldest_unsent = oldest;
                s.heard_at = heard_at;
                s.long_queue = long_queue;
            });
        }
        self.followed.changed(kinds);
        self.version.update(|v| *v += 1);
    }

    /// The same while a lot comes in: the page is drawn anew a few times a second, and whatever comes next draws the rest.
    pub(super) fn changed_again(&self) {
        self.owed.set(true);
        let now = self.ports.clock.ticks();
        if now - self.drawn_at.get() >= DRAWN_EVERY {
            self.drawn_at.set(now);
            self.changed();
        }
    }

    /// For work that is longer than a page may be held up.
    pub(super) fn slices(&self) -> Slices<'_> {
        Slices {
            engine: self,
            since: self.ports.clock.ticks(),
        }
    }

    /// Sets the phase.
    pub(super) fn phase(&self, phase: Phase) {
        self.status.update(|s| s.phase = phase);
    }

    /// Reads what lies on the disk and needs no key; photos only by name.
    pub(super) async fn read_disk(&self) -> Result<sync::device::Stored, StoreError> {
        let store = &self.ports.store;
        Ok(sync::device::Stored {
            meta: store.get(Store::Meta, "meta").await?,
            outbox: store.load(Store::Outbox).await?,
            sent: store.load(Store::Sent).await?,
            rows: Vec::new(),
            blob_keys: store.keys(Store::Blobs).await?,
        })
    }

    /// Runs a function over the device, if there is one.
    pub fn with_device<T>(&self, f: impl FnOnce(&Device) -> T) -> Option<T> {
        self.looking(Kinds::ALL, f)
    }

    /// The same, when it looks at rows of some kinds only.
    pub fn with_rows<T>(&self, of: &[Entity], f: impl FnOnce(&Device) -> T) -> Option<T> {
        self.looking(Kinds::of(of.iter().copied()), f)
    }

    fn looking<T>(&self, kinds: Kinds, f: impl FnOnce(&Device) -> T) -> Option<T> {
        self.followed.look(kinds);
        self.device.borrow().as_ref().map(f)
    }

    /// This device, once it is enrolled. It stays the same for as long as the page is open.
    pub fn device_id(&self) -> Option<DeviceId> {
        self.with_rows(&[], |device| device.identity.device)
    }
}
