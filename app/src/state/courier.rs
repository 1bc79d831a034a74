//! The courier: sends what waits, fetches what is new, listens for pokes, and tries again.

use super::engine::Engine;
use super::kinds::Kinds;
use super::status::Phase;
use crate::error::AppError;
use crate::ports::server::PutAttachment;
use crate::server_fns::{access, attachments, sync as wire};
use domain::id::PatientId;
use domain::row::Row;
use futures::channel::mpsc;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use leptos::prelude::*;
use std::future::Future;
use std::rc::Rc;
use sync::b64::Bytes;
use sync::device::{Device, demands_wipe};
use sync::store::Store;
use sync::wire::{PullResponse, PushResponse, is_outdated};

/// How long the server may take to answer.
const PATIENCE_MILLIS: u32 = 20_000;
/// Between tries while something waits, for the first minute.
const PROBE_MILLIS: u32 = 500;
/// Between looks when all is quiet: pokes may have been lost.
const QUIET_MILLIS: u32 = 30_000;

/// The kinds of rows that the last answer to a pull brings or takes.
fn came(response: &PullResponse) -> Kinds {
    let begins = response.reset || response.from == 0 || response.snapshot.is_some();
    if begins || !response.evict.is_empty() || !response.gained.is_empty() {
        return Kinds::ALL;
    }
    let changes = response.changes.iter().map(|change| change.row.entity());
    let gone = response.evict_rows.iter().map(|(entity, _)| *entity);
    Kinds::of(changes.chain(gone))
}

impl Engine {
    /// Starts the courier, once per page load.
    pub(super) fn run(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        let (wake, woken) = mpsc::unbounded();
        *self.wake.borrow_mut() = Some(wake);
        let engine = self.clone();
        self.ports.page.on_wake(Rc::new(move || engine.poke()));
        leptos::task::spawn_local(self.clone().deliver(woken));
    }

    /// Something may be to do.
    pub fn poke(&self) {
        if let Some(wake) = self.wake.borrow().as_ref() {
            let _gone = wake.unbounded_send(());
        }
    }

    async fn deliver(self: Rc<Self>, mut woken: mpsc::UnboundedReceiver<()>) {
        let mut failures: u32 = 0;
        loop {
            let done = self.round().await;
            if self.status.with_untracked(|s| s.phase == Phase::OtherTab) {
                self.running.set(false);
                return;
            }
            let online = !matches!(done, Err(AppError::Unreachable));
            let over = matches!(done, Err(AppError::SignedOut));
            let refused = matches!(done, Err(AppError::Version));
            failures = if done.is_ok() || over {
                0
            } else {
                failures.saturating_add(1)
            };
            self.status.update(|s| {
                s.online = Some(online);
                s.session_over = over;
                s.outdated |= refused;
            });
            if done.is_ok() {
                self.listen();
            }
            let waits = self
                .with_device(|d| d.next_push().is_some() || !d.photos.is_empty())
                .unwrap_or(false);
            let pause = match failures {
                0 => QUIET_MILLIS,
                1..=120 if waits => PROBE_MILLIS,
                1..=120 => 2_000,
                more => (PROBE_MILLIS << (more - 120).min(6)).min(QUIET_MILLIS),
            };
            let sleep = self.ports.clock.sleep(pause);
            let _ = select(sleep, woken.next()).await;
            // Many wishes are one round.
            while let Some(Some(())) = woken.next().now_or_never() {}
        }
    }

    /// One round: send entries, send photos, fetch news.
    async fn round(self: &Rc<Self>) -> Result<(), AppError> {
        match self.push_all().await {
            Err(AppError::SignedOut) => {
                self.renew_device().await?;
                self.push_all().await?;
            }
            other => other?,
        }
        self.push_photos().await?;
        let reads = |device: &Device| device.actor.as_ref().is_some_and(|actor| actor.member.is_some());
        let heard = match self.reader.get() {
            Some(reader) if self.with_device(reads) == Some(true) => (reader.fetch)(self.clone()).await,
            _ => self.check().await,
        };
        if matches!(heard, Err(AppError::Revoked)) {
            // Everything that was entered here has been sent: only now is what can be read erased.
            self.wipe().await?;
        }
        heard
    }

    /// Erases what can be read on this device, because the practice shut it out. Sealed entries stay and go out.
    async fn wipe(&self) -> Result<(), AppError> {
        let turn = self.turn.lock().await;
        let Some(tx) = self
            .with_device(|device| (!device.meta.wiped).then(|| device.wipe_tx()))
            .flatten()
        else {
            return Ok(());
        };
        self.commit(tx)
            .await
            .map_err(|error| AppError::Internal(error.to_string()))?;
        if let Some(device) = self.device.borrow_mut().as_mut() {
            device.wiped();
        }
        drop(turn);
        self.ports.pokes.stop();
        match self.reader.get() {
            Some(_) => self.ports.page.replace(crate::routes::path::HOME),
            None => self.ports.page.reload(),
        }
        Ok(())
    }

    /// Gets this device's cookie back: a browser that is cut off may lose a fresh one, but not what is on its disk.
    async fn renew_device(&self) -> Result<(), AppError> {
        let kept = self.ports.store.get(Store::Meta, "renewal").await;
        match kept
            .ok()
            .flatten()
            .and_then(|bytes| String::from_utf8(bytes).ok())
        {
            Some(renewal) => self.patiently(access::renew_device(renewal)).await,
            None => Err(AppError::SignedOut),
        }
    }

    /// See `Reader::fetch`.
    pub(super) async fn fetch(self: Rc<Self>) -> Result<(), AppError> {
        self.push_reads().await?;
        // What was begun is gone on with: a page that was closed loses nothing of a long first fetch.
        match self.fetch_snapshot().await {
            // It is kept for a day, and not handed out once somebody left its scope: the pull offers another.
            Ok(()) | Err(AppError::NotFound) => self.pull_all().await?,
            Err(error) => return Err(error),
        }
        self.fold().await;
        Ok(())
    }

    async fn push_all(&self) -> Result<(), AppError> {
        while let Some(request) = self.with_device(|device| device.next_push()).flatten() {
            let response = self.patiently(wire::push(request)).await?;
            let judged = response.results.len();
            self.note_push(&response).await?;
            if judged == 0 {
                // The server asks for earlier numbers; what was kept goes first in the next round.
                return Err(AppError::Internal("numbers missing".to_owned()));
            }
        }
        Ok(())
    }

    /// Takes an answer to a push down, on the disk first.
    async fn note_push(&self, response: &PushResponse) -> Result<(), AppError> {
        self.note_age(response.min_schema);
        let turn = self.turn.lock().await;
        if let Some((pushed, tx)) = self.with_device(|device| device.on_push(response)) {
            self.commit(tx)
                .await
                .map_err(|error| AppError::Internal(error.to_string()))?;
            let kinds = self.step(|device| device.pushed(pushed));
            self.changed_in(kinds);
        }
        drop(turn);
        Ok(())
    }

    /// Whether this build is too old, as the server sees it.
    fn note_age(&self, min_schema: Option<u32>) {
        let outdated = is_outdated(min_schema);
        if self.status.with_untracked(|s| s.outdated != outdated) {
            self.status.update(|s| s.outdated = outdated);
        }
    }

    /// A device that does not pull asks now and then whether the server still has what it was sent.
    async fn check(&self) -> Result<(), AppError> {
        let Some(request) = self.with_device(Device::next_check).flatten() else {
            return Ok(());
        };
        let response = self.patiently(wire::push(request)).await?;
        self.note_push(&response).await?;
        if demands_wipe(&response.directives) {
            return Err(AppError::Revoked);
        }
        Ok(())
    }

    async fn push_photos(&self) -> Result<(), AppError> {
        let waiting: Vec<String> = self
            .with_device(|d| d.photos.iter().cloned().collect())
            .unwrap_or_default();
        for hash in waiting {
            let mut head = 0;
            let sealed = self.ports.store.get(Store::Blobs, &format!("out/{hash}")).await;
            if let Ok(Some(sealed)) = sealed {
                let photo = PutAttachment {
                    hash: hash.clone(),
                    sealed: Bytes(sealed),
                };
                match self.patiently(attachments::put_attachment(photo)).await {
                    Ok(at) => head = at,
                    // A photo that the server cannot read will not become readable: the record says so.
                    Err(AppError::BadRequest(_)) => {}
                    Err(error) => return Err(error),
                }
            }
            let tx = self.with_device(|device| device.photo_sent(&hash, head));
            if let Some(tx) = tx {
                self.commit(tx)
                    .await
                    .map_err(|error| AppError::Internal(error.to_string()))?;
            }
            if let Some(device) = self.device.borrow_mut().as_mut() {
                device.photo_kept(&hash, head);
            }
            self.changed();
        }
        Ok(())
    }

    async fn pull_all(&self) -> Result<(), AppError> {
        loop {
            let Some(request) = self.with_device(|device| device.next_pull()) else {
                return Ok(());
            };
            let response = self.patiently(wire::pull(request)).await?;
            self.note_age(response.min_schema);
            let (more, to, head) = (response.more, response.to, response.head);
            let empty = response.changes.is_empty() && response.gained.is_empty() && !response.reset;
            let begins = response.snapshot.is_some();
            let turn = self.turn.lock().await;
            let noted = self.with_device(|device| device.on_pull(&response));
            let waited = match noted {
                Some(Ok((pulled, tx))) => {
                    self.commit(tx)
                        .await
                        .map_err(|error| AppError::Internal(error.to_string()))?;
                    if more {
                        self.owed.set(true);
                    }
                    self.step(|device| device.pulled(pulled))
                }
                Some(Err(hole)) => return Err(AppError::Internal(hole.to_string())),
                None => return Ok(()),
            };
            drop(turn);
            let percent = (to * 100).checked_div(head).and_then(|p| u8::try_from(p).ok());
            self.status
                .update(|s| s.fetching = if more { percent } else { None });
            if response.reset {
                self.reindex().await;
            } else if !empty {
                self.index_changed(&response.changes);
            }
            if more {
                self.changed_again();
            } else {
                self.changed_in(waited.and(came(&response)));
            }
            if begins {
                self.fetch_snapshot().await?;
                continue;
            }
            if !more {
                return Ok(());
            }
            // Leave the page its turn between chunks.
            self.ports.clock.turn().await;
        }
    }

    fn index_changed(&self, changes: &[sync::wire::Change]) {
        let mut index = self.index.borrow_mut();
        for change in changes {
            if let Row::Patient(patient) = &change.row {
                index.put(patient);
            }
        }
    }

    /// As they are seen here: what was entered meanwhile lies above what came.
    pub(super) fn index_came(&self, came: &[PatientId]) {
        for patient in came.iter().filter_map(|id| self.patient(*id)) {
            self.index.borrow_mut().put(&patient);
        }
    }

    /// Listens for pokes, as someone who may read.
    fn listen(self: &Rc<Self>) {
        if self
            .status
            .with_untracked(|s| s.phase != Phase::Ready || s.role.is_none())
        {
            return;
        }
        let (poked, lost) = (self.clone(), self.clone());
        self.ports.pokes.listen(
            Rc::new(move |head| {
                let behind =
                    poked.with_device(|d| d.meta.cursor.as_ref().is_none_or(|cursor| cursor.rev < head));
                if behind == Some(true) {
                    poked.poke();
                }
            }),
            Rc::new(move || lost.poke()),
        );
    }

    /// Asks the server, but not for ever.
    pub(super) async fn patiently<T>(
        &self,
        asked: impl Future<Output = Result<T, AppError>>,
    ) -> Result<T, AppError> {
        let asked = std::pin::pin!(asked);
        match select(asked, self.ports.clock.sleep(PATIENCE_MILLIS)).await {
            Either::Left((answer, _)) => answer,
            Either::Right(((), _)) => Err(AppError::Unreachable),
        }
    }
}
