//! # sync: how entries travel, and arrive once
//!
//! A server-ordered log of commands with optimistic replay. Sans-IO: clock, randomness, storage and network are
//! handed in, so the same engine runs in a browser, on the server and in a seeded simulation.
//!
//! - [`wire`]: what crosses the network, versioned and frozen.
//! - [`seal`]: one sealed form per command (HPKE to the practice's intake key). It is the wire form, the kiosk's
//!   form, the escrow and the rescue export.
//! - [`cipher`] and [`keyring`]: what lies on a device is ciphertext; a passphrase unwraps the keys.
//! - [`lease`]: how long a device opens without hearing from the server; [`rescue`]: its outbox, carried by hand.
//! - [`device`]: outbox, cursor, replay; every change of state is one [`store::Tx`] for the adapter to commit.
//! - [`hub`]: admits each command once and decides a batch in memory; [`visible`] says which changes a device is sent,
//!   and [`snapshot`] what one that begins anew fetches.
//!
//! Rules that hold: a command leaves the outbox only in the transaction that applies the pulled row (so nobody's
//! entry flickers); a cursor moves in the same transaction as the rows; a business refusal is a final receipt, so
//! the queue moves; "already there" is success; the same number with other content is refused and seen.

pub mod b64;
pub mod cipher;
pub mod device;
pub mod hub;
pub mod keyring;
pub mod lease;
pub mod pack;
pub mod rescue;
pub mod seal;
#[cfg(feature = "sim")]
pub mod sim;
pub mod snapshot;
pub mod store;
pub mod visible;
pub mod wire;

/// Where random bytes come from.
pub trait Randomness {
    /// Thirty-two fresh bytes, fit for keys.
    fn bytes(&self) -> [u8; 32];
}

/// SHA-256 in hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A new id (UUIDv7, RFC 9562 §5.7): sorts by the time it was made, as far as a clock can be trusted.
pub fn new_id(now: chrono::DateTime<chrono::Utc>, randomness: &dyn Randomness) -> uuid::Uuid {
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    let mut random = [0u8; 10];
    random.copy_from_slice(&randomness.bytes()[..10]);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
