//! A kiosk: enrolled once, then it only writes and sends. Answers so far lie under a key of this session, which is
//! dropped at submit and when nobody is there.

use super::engine::{Engine, SubmitError};
use super::session::Enrolment;
use super::status::Phase;
use crate::error::AppError;
use crate::ports::server::KioskSettings;
use crate::server_fns::access;
use domain::command::Command;
use domain::id::CommandId;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::rc::Rc;
use sync::Randomness;
use sync::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use sync::device::{Device, LoadError, Photo, Rules};
use sync::store::{Store, StoreError, Tx, Write};

/// Answers so far, in the open.
pub type Draft = Vec<u8>;

/// Why a kiosk cannot be set up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KioskError {
    /// The server says no, or cannot be reached.
    #[error("{0}")]
    Server(#[from] AppError),
    /// The device's storage.
    #[error("{0}")]
    Storage(#[from] StoreError),
}

/// Name of the session's key in the tab's own storage.
const DRAFT_KEY: &str = "anteroom.draft-key";

struct Shared(Rc<dyn Randomness>);
impl Randomness for Shared {
    fn bytes(&self) -> [u8; 32] {
        self.0.bytes()
    }
}

impl Engine {
    /// Looks at the disk: is this a kiosk already? Kiosk entry.
    pub async fn start_kiosk(self: &Rc<Self>) -> Option<KioskSettings> {
        if !self.lead(false).await {
            return None;
        }
        let settings = match self.ports.store.get(Store::Meta, "kiosk").await {
            Err(error) => {
                self.status.update(|s| {
                    s.storage_fault = Some(error.to_string());
                    s.phase = Phase::Broken;
                });
                return None;
            }
            Ok(bytes) => bytes.and_then(|bytes| domain::json::read::<KioskSettings>(&bytes).ok()),
        };
        match settings {
            None => {
                self.phase(Phase::New);
                None
            }
            Some(settings) => {
                self.open_kiosk(&settings).await;
                Some(settings)
            }
        }
    }

    /// Lets this tablet in with a one-time code.
    pub async fn enrol(self: &Rc<Self>, code: &str) -> Result<KioskSettings, KioskError> {
        let settings = access::enrol_kiosk(code.trim().to_uppercase()).await?;
        self.keep_settings(&settings).await?;
        self.open_kiosk(&settings).await;
        Ok(settings)
    }

    /// Fetches newer forms and texts; called at the idle screen only, so that nobody's questions change under them.
    pub async fn refresh_kiosk(&self) -> Option<KioskSettings> {
        let settings = access::kiosk_settings().await.ok()?;
        self.keep_settings(&settings).await.ok()?;
        Some(settings)
    }

    async fn keep_settings(&self, settings: &KioskSettings) -> Result<(), StoreError> {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        if let Some(renewal) = &settings.renewal {
            tx.put(Store::Meta, "renewal", renewal.clone().into_bytes());
        }
        tx.put(
            Store::Meta,
            "kiosk",
            serde_json::to_vec(settings).unwrap_or_default(),
        );
        self.commit(tx).await
    }

    async fn open_kiosk(self: &Rc<Self>, settings: &KioskSettings) {
        let enrolment = Enrolment {
            practice: settings.practice,
            practice_name: settings.practice_name.clone(),
            device: settings.device,
            intake_key: settings.intake_key.clone(),
            demo: settings.demo,
        };
        let Some(identity) = enrolment.identity() else {
            return self.phase(Phase::Broken);
        };
        let persisted = self.ports.page.persist().await;
        let mut device = Device::with_rules(identity, self.ports.randomness.clone(), Rules::KIOSK);
        let loaded = match self.read_disk().await {
            Ok(stored) => match device.load_locked(&stored) {
                // Nothing is written over what a newer build keeps.
                Err(LoadError::Newer(_)) => return self.phase(Phase::Broken),
                other => other.map_err(|error| error.to_string()),
            },
            Err(error) => Err(error.to_string()),
        };
        device.open_kiosk(&settings.label);
        // What it still has goes out; nobody is asked to answer questions that would wait for ever.
        let phase = match device.meta.wiped {
            true => Phase::ShutOut,
            false => Phase::Ready,
        };
        *self.device.borrow_mut() = Some(device);
        self.status.update(|s| {
            s.persisted = persisted;
            s.practice_name = settings.practice_name.clone();
            s.demo = settings.demo;
            s.phase = phase;
            s.storage_fault = loaded.err();
        });
        self.changed();
        self.run();
    }

    fn draft_cipher(&self, make: bool) -> Option<AesGcmCipher<Shared>> {
        let settings = &self.ports.settings;
        let known = settings.session_get(DRAFT_KEY).and_then(|text| {
            domain::json::read::<sync::b64::Bytes>(text.as_bytes())
                .ok()
                .and_then(|b| <[u8; 32]>::try_from(b.0).ok())
        });
        let key = match (known, make) {
            (Some(key), _) => key,
            (None, false) => return None,
            (None, true) => {
                let key = self.ports.randomness.bytes();
                let text = serde_json::to_string(&sync::b64::Bytes(key.to_vec())).ok()?;
                settings.session_set(DRAFT_KEY, &text);
                key
            }
        };
        Some(AesGcmCipher::new(
            DataKey(key),
            Shared(self.ports.randomness.clone()),
        ))
    }

    /// Keeps the answers so far: they survive a reload, and nobody can read them from the disk later.
    pub async fn save_draft(&self, name: &str, answers: &impl Serialize) -> Result<(), StoreError> {
        let Some(cipher) = self.draft_cipher(true) else {
            return Ok(());
        };
        let plain = serde_json::to_vec(answers).unwrap_or_default();
        let mut tx = Tx::default();
        tx.put(Store::Drafts, name, cipher.hide(&draft_place(name), &plain));
        self.commit(tx).await
    }

    /// The answers so far, if this session has some.
    pub async fn load_draft<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let hidden = self.ports.store.get(Store::Drafts, name).await.ok()??;
        let plain = self.draft_cipher(false)?.show(&draft_place(name), &hidden)?;
        domain::json::read(&plain).ok()
    }

    /// Saves a command and drops the answers it was made from, together: a reload in between finds either the answers
    /// or the sealed entry, so nothing is sent twice.
    pub async fn submit_draft(&self, command: Command, photos: &[Photo]) -> Result<CommandId, SubmitError> {
        let id = self
            .submit_with(command, photos, vec![Write::Clear(Store::Drafts)])
            .await?;
        self.ports.settings.session_remove(DRAFT_KEY);
        Ok(id)
    }

    /// Drops the answers so far, and the key under which they lay.
    pub async fn discard_draft(&self) {
        self.ports.settings.session_remove(DRAFT_KEY);
        let tx = Tx {
            strict: true,
            writes: vec![Write::Clear(Store::Drafts)],
        };
        let _gone = self.commit(tx).await;
    }
}

fn draft_place(name: &str) -> Place<'_> {
    Place {
        practice: "",
        store: "drafts",
        key: name,
    }
}
