//! Form 3: many commands under one encapsulation.
//!
//! Encapsulating (and the server's half of it) multiplies on a curve, which costs more than all the rest of a push.
//! Who is at work on an unlocked device therefore encapsulates once, and each command has a key of its own, derived
//! from the secret that HPKE exports (RFC 9180 §5.3). The secret is dropped when the device is locked. A kiosk, which
//! must not be able to open what it wrote a moment ago, goes on encapsulating for each command.
//!
//! Layout after the version byte: the encapsulated key (32 bytes), a nonce (8), the ciphertext with its tag. A command
//! is sealed once, so that its key is used once; the nonce is there for the case that it is not.

use super::{Binding, Draw, KEY, PrivateKey, PublicKey, SHARED, SealError};
use crate::{Randomness, pack};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::Mutex;

const INFO: &[u8] = b"anteroom intake v3";
const EXPORTED: &[u8] = b"commands";
const NONCE: usize = 8;
/// Where the ciphertext begins.
const HEAD: usize = 1 + KEY + NONCE;
/// So many encapsulations are remembered; far more than devices that push at once.
const REMEMBERED: usize = 4096;

type Encapsulated = [u8; KEY];

/// One encapsulation to a practice, and what was agreed by it.
pub struct Sealer {
    encapsulated: Encapsulated,
    secret: [u8; KEY],
}

impl Sealer {
    /// Encapsulates to a practice.
    pub fn new(key: &PublicKey, randomness: &dyn Randomness) -> Result<Self, SealError> {
        let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key.0).map_err(|_| SealError::Key)?;
        let (encapsulated, context) = hpke::setup_sender_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            INFO,
            &mut Draw::new(randomness),
        )
        .map_err(|_| SealError::Key)?;
        let mut secret = [0; KEY];
        context
            .export(EXPORTED, &mut secret)
            .map_err(|_| SealError::Key)?;
        Ok(Sealer {
            encapsulated: encapsulated.to_bytes().into(),
            secret,
        })
    }

    /// Seals what is packed already.
    pub(super) fn seal(
        &self,
        binding: &Binding,
        packed: &[u8],
        randomness: &dyn Randomness,
    ) -> Result<Vec<u8>, SealError> {
        let mut nonce = [0; NONCE];
        nonce.copy_from_slice(&randomness.bytes()[..NONCE]);
        let associated = binding.bytes();
        let ciphertext = cipher(&self.secret, &associated)?
            .encrypt(
                &Nonce::from(wide(nonce)),
                Payload {
                    msg: packed,
                    aad: &associated,
                },
            )
            .map_err(|_| SealError::Key)?;
        let mut blob = Vec::with_capacity(HEAD + ciphertext.len());
        blob.push(SHARED);
        blob.extend_from_slice(&self.encapsulated);
        blob.extend_from_slice(&nonce);
        blob.extend_from_slice(&ciphertext);
        Ok(blob)
    }
}

/// Opens what is sealed to a practice, in every form, and remembers encapsulations that it has met.
pub struct Opener {
    key: PrivateKey,
    met: Mutex<BTreeMap<Encapsulated, [u8; KEY]>>,
}

impl Opener {
    /// With the practice's private key.
    pub fn new(key: PrivateKey) -> Self {
        Opener {
            key,
            met: Mutex::default(),
        }
    }

    /// The key that devices seal to.
    pub fn public(&self) -> Result<PublicKey, SealError> {
        super::public_of(&self.key)
    }

    /// As [`super::open`].
    pub fn open(&self, binding: &Binding, blob: &[u8]) -> Result<Vec<u8>, SealError> {
        match blob.first() {
            Some(&SHARED) => open(binding, blob, |encapsulated| self.secret(encapsulated)),
            _ => super::open(&self.key, binding, blob),
        }
    }

    fn secret(&self, encapsulated: &Encapsulated) -> Result<[u8; KEY], SealError> {
        // Whoever broke off with the lock in hand left a whole map behind.
        let met = || self.met.lock().unwrap_or_else(|held| held.into_inner());
        if let Some(secret) = met().get(encapsulated) {
            return Ok(*secret);
        }
        let secret = agreed(&self.key, encapsulated)?;
        let mut met = met();
        if met.len() >= REMEMBERED {
            met.clear();
        }
        met.insert(*encapsulated, secret);
        Ok(secret)
    }
}

/// Opens one blob with the secret of its encapsulation.
pub(super) fn open(
    binding: &Binding,
    blob: &[u8],
    secret: impl FnOnce(&Encapsulated) -> Result<[u8; KEY], SealError>,
) -> Result<Vec<u8>, SealError> {
    let (encapsulated, rest) = blob
        .get(1..)
        .and_then(|rest| rest.split_first_chunk::<KEY>())
        .ok_or(SealError::Form)?;
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(SealError::Form)?;
    let associated = binding.bytes();
    let payload = Payload {
        msg: ciphertext,
        aad: &associated,
    };
    let packed = cipher(&secret(encapsulated)?, &associated)?
        .decrypt(&Nonce::from(wide(*nonce)), payload)
        .map_err(|_| SealError::Opening)?;
    pack::unpack(&packed, super::MOST).map_err(|_| SealError::Form)
}

/// What the sender agreed with the holder of this key.
pub(super) fn agreed(key: &PrivateKey, encapsulated: &Encapsulated) -> Result<[u8; KEY], SealError> {
    let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&key.0).map_err(|_| SealError::Key)?;
    let encapsulated =
        <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| SealError::Opening)?;
    let context = hpke::setup_receiver::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        INFO,
    )
    .map_err(|_| SealError::Opening)?;
    let mut secret = [0; KEY];
    context
        .export(EXPORTED, &mut secret)
        .map_err(|_| SealError::Opening)?;
    Ok(secret)
}

/// The cipher of one command.
fn cipher(secret: &[u8; KEY], binding: &[u8]) -> Result<Aes256Gcm, SealError> {
    let mut key = [0; KEY];
    Hkdf::<Sha256>::from_prk(secret)
        .map_err(|_| SealError::Key)?
        .expand(binding, &mut key)
        .map_err(|_| SealError::Key)?;
    Ok(Aes256Gcm::new(&key.into()))
}

/// The nonce as the cipher wants it.
fn wide(nonce: [u8; NONCE]) -> [u8; 12] {
    let mut wide = [0; 12];
    wide[..NONCE].copy_from_slice(&nonce);
    wide
}
