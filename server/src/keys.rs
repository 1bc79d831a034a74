//! The server's keys, outside the database.
//!
//! - The **master key** wraps everything below. It is a file that only the server may read, or `ANTEROOM_MASTER_KEY`.
//! - Each practice has an **intake key** (X25519): devices seal to its public half. The private half lies wrapped
//!   under the master key; a recovery copy lies in `recovery/`, to be moved off this machine.
//! - **Device data keys** are derived from the master key, one per device and compartment, so that everyone on a
//!   device shares one replica and a lost database loses no key.

use crate::config::Config;
use crate::error::{Result, ServerError};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::id::{DeviceId, PracticeId};
use domain::row::Compartment;
use hkdf::Hkdf;
use sha2::Sha256;
use std::collections::HashMap;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use sync::Randomness;
use sync::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use sync::seal::{Opener, PrivateKey, PublicKey, generate};

/// The operating system's randomness.
#[derive(Clone, Copy)]
pub struct OsRandomness;

impl OsRandomness {
    /// Sixteen fresh bytes, for ids.
    pub fn bytes_16(self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.bytes()[..16]);
        half
    }
}

impl Randomness for OsRandomness {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // Without randomness nothing here is safe, so there is nothing sensible to return.
        if let Err(error) = getrandom::fill(&mut bytes) {
            tracing::error!(%error, "the operating system gives no randomness");
            std::process::abort();
        }
        bytes
    }
}

/// The keys of one server.
#[derive(Clone)]
pub struct KeyStore {
    folder: PathBuf,
    master: DataKey,
    intake: Arc<Mutex<HashMap<PracticeId, Arc<Opener>>>>,
}

impl KeyStore {
    /// Opens the keys, making the master key on the very first start.
    pub fn open(config: &Config) -> Result<Self> {
        let folder = config.data().join("keys");
        std::fs::create_dir_all(&folder).map_err(ServerError::file(&folder))?;
        let master = match &config.master_key {
            Some(text) => decode(text)?,
            None => {
                let path = folder.join("master.key");
                match std::fs::read_to_string(&path) {
                    Ok(text) => decode(&text)?,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        let key = OsRandomness.bytes();
                        write_secret(&path, &STANDARD.encode(key))?;
                        key
                    }
                    Err(error) => return Err(ServerError::File { path, error }),
                }
            }
        };
        Ok(KeyStore {
            folder,
            master: DataKey(master),
            intake: Arc::default(),
        })
    }

    /// What opens entries sealed to a practice.
    pub fn intake(&self, practice: PracticeId) -> Result<Arc<Opener>> {
        let held = || ServerError::Key("the key store is in an unsound state; restart the server".to_owned());
        if let Some(opener) = self.intake.lock().map_err(|_| held())?.get(&practice) {
            return Ok(opener.clone());
        }
        let path = self.folder.join(format!("{practice}.intake"));
        let text = std::fs::read_to_string(&path).map_err(ServerError::file(&path))?;
        let wrapped = STANDARD.decode(text.trim()).map_err(|_| spoiled(&path))?;
        let plain = self
            .wrapper()
            .show(&place(&practice.to_string()), &wrapped)
            .ok_or_else(|| spoiled(&path))?;
        let opener = Arc::new(Opener::new(PrivateKey(
            plain.try_into().map_err(|_| spoiled(&path))?,
        )));
        self.intake
            .lock()
            .map_err(|_| held())?
            .insert(practice, opener.clone());
        Ok(opener)
    }

    /// A practice's public intake key.
    pub fn intake_public(&self, practice: PracticeId) -> Result<PublicKey> {
        self.intake(practice)?
            .public()
            .map_err(|error| ServerError::Key(error.to_string()))
    }

    /// Makes a new practice's intake key, and its recovery copy.
    pub fn make_intake(&self, practice: PracticeId) -> Result<()> {
        let (private, _) = generate(&OsRandomness);
        let wrapped = self.wrapper().hide(&place(&practice.to_string()), &private.0);
        write_secret(
            &self.folder.join(format!("{practice}.intake")),
            &STANDARD.encode(wrapped),
        )?;
        let recovery = self.folder.join("recovery");
        std::fs::create_dir_all(&recovery).map_err(ServerError::file(&recovery))?;
        write_secret(
            &recovery.join(format!("{practice}.key")),
            &format!(
                "Recovery copy of the intake key of practice {practice}.\n\
                 Whoever holds it can read what devices sent. Move it off this machine, into a safe.\n{}\n",
                STANDARD.encode(private.0)
            ),
        )
    }

    /// The key under which one device keeps one compartment.
    pub fn device_key(&self, practice: PracticeId, device: DeviceId, compartment: Compartment) -> DataKey {
        DataKey(self.derived(
            practice,
            &format!("device data key v1\n{device}\n{}", compartment.name()),
        ))
    }

    /// Bytes that only this server can derive, for one purpose of one practice.
    pub fn derived(&self, practice: PracticeId, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        let info = format!("anteroom\n{practice}\n{purpose}");
        let made = Hkdf::<Sha256>::new(None, &self.master.0).expand(info.as_bytes(), &mut key);
        debug_assert!(made.is_ok(), "32 bytes are within HKDF's bound");
        key
    }

    fn wrapper(&self) -> AesGcmCipher<OsRandomness> {
        AesGcmCipher::new(self.master.clone(), OsRandomness)
    }
}

fn place(practice: &str) -> Place<'_> {
    Place {
        practice,
        store: "intake-key",
        key: "v1",
    }
}

fn decode(text: &str) -> Result<[u8; 32]> {
    STANDARD
        .decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| {
            ServerError::Key("the master key must be 32 bytes in base64 (openssl rand -base64 32)".to_owned())
        })
}

fn spoiled(path: &Path) -> ServerError {
    ServerError::Key(format!(
        "{} does not open with this master key. Give the right ANTEROOM_MASTER_KEY, or restore the file.",
        path.display()
    ))
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(ServerError::file(path))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(ServerError::file(path))
}
