//! Coming in: signing in at the server, unlocking without it, locking.

use super::engine::{Engine, Reader};
use super::passphrase;
use super::status::Phase;
use crate::error::AppError;
use crate::ports::server::{SignIn, SignedIn};
use crate::server_fns::access;
use domain::id::{DeviceId, PracticeId};
use domain::row::Compartment;
use futures::FutureExt;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use sync::b64::Bytes;
use sync::cipher::DataKey;
use sync::device::{Actor, Device, Identity, LoadError};
use sync::keyring::{Cost, Keys, Ring, TRIES};
use sync::lease::{Lease, lease};
use sync::seal::PublicKey;
use sync::store::{Store, StoreError, Tx};

/// Who this device is, as kept on its disk.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Enrolment {
    pub practice: PracticeId,
    pub practice_name: String,
    pub device: DeviceId,
    pub intake_key: Bytes,
    pub demo: bool,
}

impl Enrolment {
    pub(super) fn identity(&self) -> Option<Identity> {
        let key = <[u8; 32]>::try_from(self.intake_key.0.clone()).ok()?;
        Some(Identity {
            practice: self.practice,
            device: self.device,
            intake_key: PublicKey(key),
        })
    }
}

/// Why somebody is not in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// The server says no, or cannot be reached.
    #[error("{0}")]
    Server(#[from] AppError),
    /// The passphrase does not open this device.
    #[error("the passphrase does not open this device")]
    WrongPassphrase,
    /// It was wrong so often that it opens nothing here any more.
    #[error(
        "the passphrase was wrong ten times, so this device forgot it; sign in where the clinic's server can be reached. \
         What was entered here is kept, and still sent"
    )]
    Dropped,
    /// No passkey answered, or none that opens this device.
    #[error("no passkey opened this device; try again, or use the passphrase")]
    Passkey,
    /// A passkey is not enough any more.
    #[error("type your passphrase once: it is a week since the clinic's server last took it")]
    Stale,
    /// The device belongs to another practice.
    #[error("this device belongs to another practice; use another browser profile")]
    OtherPractice,
    /// The device's storage.
    #[error("{0}")]
    Storage(#[from] StoreError),
    /// Nothing was heard of the clinic for too long: whoever finds a lost device finds it closed.
    #[error("this device has not reached the clinic for a week; bring it to a network and sign in")]
    Silent,
    /// The device is too weak to derive a key, or was tampered with.
    #[error("this device could not open its keys; sign in while online")]
    Keys,
}

impl Engine {
    /// Looks at the disk: is anybody known here? Staff entry.
    pub async fn start_staff(self: &Rc<Self>) {
        self.begin_staff(false).await;
    }

    /// Takes over from the tab that works now. What it has saved is here; what is half typed there is lost.
    pub async fn seize_staff(self: &Rc<Self>) {
        self.begin_staff(true).await;
    }

    async fn begin_staff(self: &Rc<Self>, seize: bool) {
        let fetch = |engine: Rc<Engine>| engine.fetch().boxed_local();
        self.reader.set(Some(Reader {
            fetch,
            index: Engine::index_pending,
        }));
        if !self.lead(seize).await {
            return;
        }
        match self.enrolment().await {
            Err(error) => {
                self.status.update(|s| {
                    s.storage_fault = Some(error.to_string());
                    s.phase = Phase::Broken;
                });
            }
            Ok(None) => self.phase(Phase::New),
            Ok(Some(enrolment)) => {
                let opened = self.open_locked(&enrolment).await;
                self.status.update(|s| {
                    s.practice_name = enrolment.practice_name.clone();
                    s.demo = enrolment.demo;
                    s.phase = Phase::Locked;
                    s.storage_fault = opened.err().map(|error| error.to_string());
                });
                self.changed();
                // Sealed entries go on being sent while locked.
                self.run();
            }
        }
    }

    pub(super) async fn enrolment(&self) -> Result<Option<Enrolment>, StoreError> {
        let bytes = self.ports.store.get(Store::Meta, "enrolment").await?;
        Ok(bytes.and_then(|bytes| domain::json::read(&bytes).ok()))
    }

    async fn open_locked(&self, enrolment: &Enrolment) -> Result<(), StoreError> {
        let identity = enrolment
            .identity()
            .ok_or(StoreError::Broken("enrolment".to_owned()))?;
        let stored = self.read_disk().await?;
        let mut device = Device::new(identity, self.ports.randomness.clone());
        let loaded = device.load_locked(&stored);
        *self.device.borrow_mut() = Some(device);
        loaded.map_err(|error| StoreError::Broken(error.to_string()))
    }

    /// People who were here, for the unlock page.
    pub async fn rings(&self) -> Vec<Ring> {
        let entries = self.ports.store.load(Store::Meta).await.unwrap_or_default();
        (entries.into_iter())
            .filter(|(key, _)| key.starts_with("ring/"))
            .filter_map(|(_, bytes)| domain::json::read(&bytes).ok())
            .collect()
    }

    /// Signs in at the server, and makes this device ready to be unlocked without it.
    pub async fn sign_in(self: &Rc<Self>, login: &str, passphrase: &str) -> Result<(), SignInError> {
        let known = self.enrolment().await?;
        let who = SignIn {
            login: login.trim().to_lowercase(),
            passphrase: passphrase.to_owned(),
            device: known.as_ref().map(|e| e.device),
            device_label: device_label(self.ports.page.width()),
        };
        let signed = access::sign_in(who).await?;
        if known.is_some_and(|known| known.practice != signed.practice) {
            return Err(SignInError::OtherPractice);
        }
        let (enrolment, ring, keys) = self.take_in(login, passphrase, signed).await?;
        self.open_for(&enrolment, &ring, keys).await
    }

    /// Wraps the keys that the server gave under a passphrase, and keeps that.
    pub(super) async fn take_in(
        self: &Rc<Self>,
        login: &str,
        passphrase: &str,
        signed: SignedIn,
    ) -> Result<(Enrolment, Ring, Keys), SignInError> {
        let keys = keys_of(&signed).ok_or(SignInError::Keys)?;
        let salt = self.ports.randomness.bytes()[..16].to_vec();
        let cost = Cost::default();
        let kek = self.derive(passphrase, &salt, cost).await?;
        let login = login.trim().to_lowercase();
        let known = self.rings().await;
        // A device that was enrolled anew has other keys.
        let enrolled = self.enrolment().await?;
        let before = known.iter().find(|ring| {
            ring.member == signed.member
                && enrolled
                    .as_ref()
                    .is_some_and(|known| known.device == signed.device)
        });
        let ring = Ring {
            passkeys: before.map(|ring| ring.passkeys_for(&keys)).unwrap_or_default(),
            proved_at: Some(self.ports.clock.now()),
            wraps: Ring::wrap(&login, &keys, &kek, self.ports.randomness.as_ref()),
            login,
            member: signed.member,
            display_name: signed.display_name.clone(),
            role: signed.role,
            salt: Bytes(salt),
            cost,
        };
        let enrolment = Enrolment {
            practice: signed.practice,
            practice_name: signed.practice_name.clone(),
            device: signed.device,
            intake_key: signed.intake_key.clone(),
            demo: signed.demo,
        };
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        if let Some(renewal) = &signed.renewal {
            tx.put(Store::Meta, "renewal", renewal.clone().into_bytes());
        }
        tx.put(
            Store::Meta,
            "enrolment",
            serde_json::to_vec(&enrolment).unwrap_or_default(),
        );
        tx.put(
            Store::Meta,
            passphrase::ring(&ring.login),
            serde_json::to_vec(&ring).unwrap_or_default(),
        );
        Self::forget_tries(&ring.login, &mut tx);
        self.commit(tx).await?;
        let persisted = self.ports.page.persist().await;
        self.status.update(|s| {
            s.persisted = persisted;
            s.session_over = false;
        });
        Ok((enrolment, ring, keys))
    }

    pub(super) async fn derive(
        &self,
        passphrase: &str,
        salt: &[u8],
        cost: Cost,
    ) -> Result<DataKey, SignInError> {
        let kdf = self.ports.kdf.as_ref().ok_or(SignInError::Keys)?;
        kdf.derive(passphrase, salt, cost).await.ok_or(SignInError::Keys)
    }

    /// Opens the device with a passphrase, with or without the server.
    pub async fn unlock(self: &Rc<Self>, login: &str, passphrase: &str) -> Result<(), SignInError> {
        let login = login.trim().to_lowercase();
        let (Some(enrolment), Some(ring)) = (
            self.enrolment().await?,
            self.rings().await.into_iter().find(|ring| ring.login == login),
        ) else {
            return self.sign_in(&login, passphrase).await;
        };
        let tried = match self.count_try(&login).await {
            // A full device still opens: what waits on it must be able to leave.
            Err(StoreError::Full) => 1,
            counted => counted?,
        };
        let kek = self.derive(passphrase, &ring.salt.0, ring.cost).await?;
        match ring.unwrap_keys(&kek) {
            Ok(keys) => {
                let mut tx = Tx::default();
                Self::forget_tries(&login, &mut tx);
                let _full = self.commit(tx).await;
                let keys = self.leased(keys).await?;
                self.open_for(&enrolment, &ring, keys).await?;
                self.renew_session(login, passphrase.to_owned(), enrolment.device);
                Ok(())
            }
            // The passphrase may have been changed elsewhere: then the server knows the new one.
            Err(_) => match self.sign_in(&login, passphrase).await {
                Err(SignInError::Server(_)) if tried >= TRIES => {
                    self.drop_ring(&login).await?;
                    Err(SignInError::Dropped)
                }
                Err(SignInError::Server(_)) => Err(SignInError::WrongPassphrase),
                other => other,
            },
        }
    }

    /// One passphrase does both: opens the device, and renews the session when there is a network.
    fn renew_session(self: &Rc<Self>, login: String, passphrase: String, device: DeviceId) {
        let engine = self.clone();
        leptos::task::spawn_local(async move {
            let who = SignIn {
                login,
                passphrase,
                device: Some(device),
                device_label: device_label(engine.ports.page.width()),
            };
            let login = who.login.clone();
            match access::sign_in(who).await {
                Ok(_) => {
                    engine.note_proof(&login).await;
                    engine.status.update(|s| s.session_over = false);
                    engine.poke();
                }
                // Changed elsewhere: the old one opened this device for the last time.
                Err(AppError::WrongPassphrase) => {
                    if engine.drop_ring(&login).await.is_ok() {
                        engine.status.update(|s| s.session_over = true);
                    }
                }
                Err(_) => {}
            }
        });
    }

    /// The keys that may still be used after so long without the server.
    pub(super) async fn leased(&self, mut keys: Keys) -> Result<Keys, SignInError> {
        let heard_at = self.with_device(|device| device.meta.heard_at).flatten();
        match lease(heard_at, self.ports.clock.now()) {
            Lease::Open => {}
            Lease::NoClinical => {
                keys.remove(&Compartment::Clinical);
            }
            Lease::Closed => return Err(SignInError::Silent),
            Lease::Erase => {
                let turn = self.turn.lock().await;
                if let Some(tx) = self.with_device(Device::wipe_tx) {
                    self.commit(tx).await?;
                }
                drop(turn);
                self.ports.page.reload();
                return Err(SignInError::Silent);
            }
        }
        Ok(keys)
    }

    pub(super) async fn open_for(
        self: &Rc<Self>,
        enrolment: &Enrolment,
        ring: &Ring,
        keys: Keys,
    ) -> Result<(), SignInError> {
        let identity = enrolment.identity().ok_or(SignInError::Keys)?;
        let turn = self.turn.lock().await;
        let stored = self.read_disk().await?;
        let mut device = Device::new(identity, self.ports.randomness.clone());
        let locked = match device.load_locked(&stored) {
            // Nothing is written over what a newer build keeps.
            Err(error @ LoadError::Newer(_)) => return Err(StoreError::Broken(error.to_string()).into()),
            other => other.err().map(|error| error.to_string()),
        };
        let actor = Actor {
            member: Some(ring.member),
            name: ring.display_name.clone(),
            role: ring.role,
        };
        let open = self.open_rows(&mut device, actor, keys).await?;
        *self.device.borrow_mut() = Some(device);
        drop(turn);
        self.status.update(|s| {
            s.actor_name = ring.display_name.clone();
            s.role = Some(ring.role);
            s.practice_name = enrolment.practice_name.clone();
            s.demo = enrolment.demo;
            s.phase = Phase::Ready;
            s.storage_fault = locked.or(open.err().map(|error| error.to_string()));
        });
        self.changed();
        self.reindex_behind();
        self.run();
        self.poke();
        Ok(())
    }

    /// Drops every key by loading the page anew: the only sure way to empty memory.
    pub fn lock(&self) {
        self.ports.pokes.stop();
        self.ports.page.reload();
    }

    /// Ends the session and locks. What is unsent stays, sealed, and goes on being sent.
    pub async fn sign_out(&self) {
        let _told = access::sign_out().await;
        self.lock();
    }
}

fn keys_of(signed: &SignedIn) -> Option<Keys> {
    (signed.keys.iter())
        .map(|(compartment, bytes)| {
            <[u8; 32]>::try_from(bytes.0.clone())
                .ok()
                .map(|key| (*compartment, DataKey(key)))
        })
        .collect()
}

fn device_label(width: f64) -> String {
    if width < 640.0 {
        "Phone".to_owned()
    } else {
        "Computer".to_owned()
    }
}
