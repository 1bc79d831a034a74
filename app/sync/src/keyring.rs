//! A passphrase opens a device. Each person on a device has a ring: the data keys of the compartments their role
//! may hold, wrapped under a key that only their passphrase gives (Argon2id, RFC 9106).
//!
//! The data keys come from the server at sign-in, the same for everyone on the device, so that several people can
//! share one replica and each opens only what is theirs. Offline, unwrapping is signing in.

use crate::Randomness;
use crate::b64::Bytes;
use crate::cipher::{AesGcmCipher, Cipher, DataKey, Place};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Duration, Utc};
use domain::access::Role;
use domain::id::WorkforceMemberId;
use domain::row::Compartment;
use hkdf::Hkdf;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;

/// How hard a passphrase is to guess: OWASP's floor for Argon2id, which a phone manages in about a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// KiB.
    pub memory_kib: u32,
    /// Passes.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Cost {
            memory_kib: 19 * 1024,
            passes: 2,
            lanes: 1,
        }
    }
}

/// Wrong passphrases in a row after which a person's ring is dropped from a device (SEC-22). What they entered stays,
/// because it is sealed to the practice.
pub const TRIES: u32 = 10;

/// A passkey that opens a ring beside the passphrase. Its secret comes from the authenticator alone (WebAuthn's PRF
/// extension), and never leaves the device either.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Passkey {
    /// By which the authenticator knows it.
    pub id: Bytes,
    /// What the secret is asked for with.
    pub salt: Bytes,
    /// The ring's keys once more, wrapped under the secret.
    pub wraps: BTreeMap<Compartment, Bytes>,
}

/// Days after which a passkey alone opens nothing: the server has to take the passphrase once more.
const PASSKEY_DAYS: i64 = 7;

/// The key that a passkey's secret gives (HKDF-SHA256, RFC 5869).
pub fn key_of_secret(secret: &[u8]) -> Option<DataKey> {
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(None, secret)
        .expand(b"anteroom passkey v1", &mut key)
        .ok()?;
    Some(DataKey(key))
}

/// One person's keys on one device, wrapped. Says nothing about patients; kept in the clear.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ring {
    /// Sign-in name.
    pub login: String,
    /// Who.
    pub member: WorkforceMemberId,
    /// Shown on the unlock page.
    pub display_name: String,
    /// What they may do.
    pub role: Role,
    /// Salt of the passphrase.
    pub salt: Bytes,
    /// Cost of the passphrase.
    pub cost: Cost,
    /// Wrapped data key of each compartment.
    pub wraps: BTreeMap<Compartment, Bytes>,
    /// When the server last took the passphrase: its word that this person still works here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved_at: Option<DateTime<Utc>>,
    /// What else opens it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passkeys: Vec<Passkey>,
}

/// Keys in the open, in memory only.
pub type Keys = BTreeMap<Compartment, DataKey>;

/// The passphrase is wrong, or the ring was tampered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the passphrase does not open this device")]
pub struct WrongPassphrase;

/// Argon2id of a passphrase. Slow on purpose: in a browser, run it in a worker.
pub fn derive(passphrase: &str, salt: &[u8], cost: Cost) -> Option<DataKey> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).ok()?;
    let mut out = [0u8; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut out)
        .ok()?;
    Some(DataKey(out))
}

struct Once([u8; 32]);
impl Randomness for Once {
    fn bytes(&self) -> [u8; 32] {
        self.0
    }
}

impl Ring {
    fn place<'a>(login: &'a str, compartment: Compartment) -> Place<'a> {
        Place {
            practice: "",
            store: login,
            key: compartment.name(),
        }
    }

    /// Wraps keys under a derived key.
    pub fn wrap(
        login: &str,
        keys: &Keys,
        kek: &DataKey,
        randomness: &dyn Randomness,
    ) -> BTreeMap<Compartment, Bytes> {
        keys.iter()
            .map(|(compartment, key)| {
                let cipher = AesGcmCipher::new(kek.clone(), Once(randomness.bytes()));
                (
                    *compartment,
                    Bytes(cipher.hide(&Self::place(login, *compartment), &key.0)),
                )
            })
            .collect()
    }

    /// Unwraps every key, or none. A ring without keys proves nothing, so no passphrase opens it.
    pub fn unwrap_keys(&self, kek: &DataKey) -> Result<Keys, WrongPassphrase> {
        self.unwrap(&self.wraps, kek)
    }

    /// The same with one of its passkeys.
    pub fn unwrap_by(&self, passkey: &Passkey, kek: &DataKey) -> Result<Keys, WrongPassphrase> {
        self.unwrap(&passkey.wraps, kek)
    }

    /// Whether its passkeys may still be used.
    pub fn trusts_passkeys(&self, now: DateTime<Utc>) -> bool {
        self.proved_at
            .is_some_and(|at| now.signed_duration_since(at) < Duration::days(PASSKEY_DAYS))
    }

    /// Passkeys that still open what this ring holds: after a change of role they would open something else.
    pub fn passkeys_for(&self, keys: &Keys) -> Vec<Passkey> {
        let same = |passkey: &&Passkey| passkey.wraps.keys().eq(keys.keys());
        self.passkeys.iter().filter(same).cloned().collect()
    }

    fn unwrap(&self, wraps: &BTreeMap<Compartment, Bytes>, kek: &DataKey) -> Result<Keys, WrongPassphrase> {
        if wraps.is_empty() {
            return Err(WrongPassphrase);
        }
        let cipher = AesGcmCipher::new(kek.clone(), Once([0; 32]));
        wraps
            .iter()
            .map(|(compartment, wrapped)| {
                let plain = cipher
                    .show(&Self::place(&self.login, *compartment), &wrapped.0)
                    .and_then(|plain| <[u8; 32]>::try_from(plain).ok())
                    .ok_or(WrongPassphrase)?;
                Ok((*compartment, DataKey(plain)))
            })
            .collect()
    }
}
