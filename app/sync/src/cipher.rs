//! What lies on a device is ciphertext: AES-256-GCM under a data key, bound to where it lies.
//!
//! The implementation is in Rust rather than WebCrypto, because the same primitive is in the page already for
//! sealing, and because it does not suspend: an IndexedDB transaction ends by itself at the first foreign await.

use crate::Randomness;
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// Something that hides and shows bytes. `place` binds the bytes to where they lie.
pub trait Cipher {
    /// Hides.
    fn hide(&self, place: &Place<'_>, plain: &[u8]) -> Vec<u8>;
    /// Shows; nothing when they were moved or changed.
    fn show(&self, place: &Place<'_>, hidden: &[u8]) -> Option<Vec<u8>>;
    /// A name under which bytes may lie without saying whose they are.
    fn name(&self, store: &str, key: &str) -> String;
}

/// Where hidden bytes lie.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Whose.
    pub practice: &'a str,
    /// Which store.
    pub store: &'a str,
    /// Under which key.
    pub key: &'a str,
}

/// Part of what bytes are bound by, and so never changed.
const BOUND: u32 = 1;

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        format!(
            "{}\n{}\n{}\nschema {}",
            self.practice, self.store, self.key, BOUND
        )
        .into_bytes()
    }
}

/// A data key of 256 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct DataKey(pub [u8; 32]);

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(redacted)")
    }
}

/// AES-256-GCM with random nonces of 96 bits, written before the ciphertext.
pub struct AesGcmCipher<R> {
    /// Begun once, like the next.
    names: Option<Hmac<Sha256>>,
    /// Its schedule costs as much as a short row: made once for as many rows as are read.
    aes: Aes256Gcm,
    randomness: R,
}

impl<R: Randomness> AesGcmCipher<R> {
    /// Under one data key.
    pub fn new(key: DataKey, randomness: R) -> Self {
        let aes = Aes256Gcm::new(&Key::<Aes256Gcm>::from(key.0));
        let names = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key.0).ok();
        AesGcmCipher {
            names,
            aes,
            randomness,
        }
    }
}

/// Tag of the PIN with which staff leave a kiosk (HMAC-SHA256). Its few digits open no data, and no slow hash would
/// protect them: tries are counted instead.
pub fn pin_tag(pin: &str, salt: &[u8]) -> Vec<u8> {
    let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(salt) else {
        return Vec::new();
    };
    mac.update(pin.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

const NONCE: usize = 12;

impl<R: Randomness> Cipher for AesGcmCipher<R> {
    fn hide(&self, place: &Place<'_>, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0u8; NONCE];
        nonce.copy_from_slice(&self.randomness.bytes()[..NONCE]);
        let hidden = self
            .aes
            .encrypt(
                &Nonce::from(nonce),
                Payload {
                    msg: plain,
                    aad: &place.bytes(),
                },
            )
            // AES-GCM refuses only above 64 GiB; an empty blob never opens, so it cannot pass for content.
            .unwrap_or_default();
        [nonce.as_slice(), &hidden].concat()
    }

    fn show(&self, place: &Place<'_>, hidden: &[u8]) -> Option<Vec<u8>> {
        let (nonce, rest) = hidden.split_first_chunk::<NONCE>()?;
        self.aes
            .decrypt(
                &Nonce::from(*nonce),
                Payload {
                    msg: rest,
                    aad: &place.bytes(),
                },
            )
            .ok()
    }

    fn name(&self, store: &str, key: &str) -> String {
        let Some(mut mac) = self.names.clone() else {
            return String::new();
        };
        mac.update(b"name\n");
        mac.update(store.as_bytes());
        mac.update(b"\n");
        mac.update(key.as_bytes());
        mac.finalize()
            .into_bytes()
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
