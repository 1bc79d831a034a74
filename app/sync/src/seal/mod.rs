//! One sealed form per command: HPKE (RFC 9180) base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM,
//! to the practice's intake key. A device can seal and cannot open; the server, or the recovery copy, can.
//!
//! Layout: one version byte, the encapsulated key (32 bytes), the ciphertext with its tag. The associated data binds
//! practice, device and command, so that a blob cannot be passed off as another's. Version 1 holds the content as it
//! is, version 2 packed (see [`crate::pack`]), version 3 shares an encapsulation with others of one author (see
//! [`shared`]); all are opened for ever.

mod shared;

pub use shared::{Opener, Sealer};

use crate::Randomness;
use crate::pack;
use domain::command::Envelope;
use domain::id::{CommandId, DeviceId, PracticeId};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use rand_core::{TryCryptoRng, TryRng};

const PLAIN: u8 = 1;
const PACKED: u8 = 2;
const SHARED: u8 = 3;
const INFO: [&[u8]; 2] = [b"anteroom intake v1", b"anteroom intake v2"];
/// Most bytes of a command, unpacked: far more than anybody types.
const MOST: usize = 4 * 1024 * 1024;
const KEY: usize = 32;

/// The practice's intake key, public half.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey(pub [u8; KEY]);

/// The practice's intake key, private half. Never on a device.
#[derive(Clone)]
pub struct PrivateKey(pub [u8; KEY]);

/// What a blob is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Whose.
    pub practice: PracticeId,
    /// From where.
    pub device: DeviceId,
    /// Which command; for an attachment, the first sixteen bytes of its hash.
    pub id: CommandId,
}

impl Binding {
    fn bytes(&self) -> Vec<u8> {
        [self.practice.0, self.device.0, self.id.0]
            .iter()
            .flat_map(|id| *id.as_bytes())
            .collect()
    }
}

/// A blob cannot be sealed or opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is not an X25519 key.
    #[error("the practice's intake key is not valid; enrol this device again")]
    Key,
    /// Wrong key, wrong binding, or changed on the way.
    #[error("the sealed entry does not open: it was changed, or sealed for another practice or device")]
    Opening,
    /// Shorter than a seal, or of an unknown version.
    #[error("the sealed entry has an unknown form")]
    Form,
}

/// Makes a practice's intake key pair.
pub fn generate(randomness: &dyn Randomness) -> (PrivateKey, PublicKey) {
    let (private, public) = X25519HkdfSha256::derive_keypair(&randomness.bytes());
    (
        PrivateKey(private.to_bytes().into()),
        PublicKey(public.to_bytes().into()),
    )
}

/// The public half of a private key.
pub fn public_of(private: &PrivateKey) -> Result<PublicKey, SealError> {
    let private =
        <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&private.0).map_err(|_| SealError::Key)?;
    Ok(PublicKey(X25519HkdfSha256::sk_to_pk(&private).to_bytes().into()))
}

/// Seals bytes to the practice.
pub fn seal(
    key: &PublicKey,
    binding: &Binding,
    plain: &[u8],
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, SealError> {
    seal_as(PLAIN, key, binding, plain, randomness)
}

fn seal_as(
    version: u8,
    key: &PublicKey,
    binding: &Binding,
    plain: &[u8],
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, SealError> {
    let key = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&key.0).map_err(|_| SealError::Key)?;
    let (encapsulated, ciphertext) =
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &key,
            info(version).ok_or(SealError::Form)?,
            plain,
            &binding.bytes(),
            &mut Draw::new(randomness),
        )
        .map_err(|_| SealError::Key)?;
    let mut blob = Vec::with_capacity(1 + KEY + ciphertext.len());
    blob.push(version);
    blob.extend_from_slice(&encapsulated.to_bytes());
    blob.extend_from_slice(&ciphertext);
    Ok(blob)
}

/// Opens bytes sealed to the practice.
pub fn open(key: &PrivateKey, binding: &Binding, blob: &[u8]) -> Result<Vec<u8>, SealError> {
    let version = *blob
        .first()
        .filter(|_| blob.len() > 1 + KEY)
        .ok_or(SealError::Form)?;
    if version == SHARED {
        return shared::open(binding, blob, |encapsulated| shared::agreed(key, encapsulated));
    }
    let info = info(version).ok_or(SealError::Form)?;
    let key = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&key.0).map_err(|_| SealError::Key)?;
    let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(&blob[1..1 + KEY])
        .map_err(|_| SealError::Opening)?;
    let content = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        info,
        &blob[1 + KEY..],
        &binding.bytes(),
    )
    .map_err(|_| SealError::Opening)?;
    match version {
        PACKED => pack::unpack(&content, MOST).map_err(|_| SealError::Form),
        _ => Ok(content),
    }
}

/// What a version's key is derived with: a blob opens as the version that it was sealed as, and no other.
fn info(version: u8) -> Option<&'static [u8]> {
    INFO.get(usize::from(version).checked_sub(1)?).copied()
}

/// Seals a command's envelope: under an encapsulation that is shared, or under one of its own.
pub fn seal_envelope(
    key: &PublicKey,
    sealer: Option<&Sealer>,
    practice: PracticeId,
    device: DeviceId,
    envelope: &Envelope,
    randomness: &dyn Randomness,
) -> Result<Vec<u8>, SealError> {
    let plain = serde_json::to_vec(envelope).map_err(|_| SealError::Form)?;
    let packed = pack::pack(&plain);
    let binding = Binding {
        practice,
        device,
        id: envelope.id,
    };
    match sealer {
        Some(sealer) => sealer.seal(&binding, &packed, randomness),
        None => seal_as(PACKED, key, &binding, &packed, randomness),
    }
}

/// What an attachment is bound to: its content's hash stands in for a command's id.
pub fn attachment_binding(practice: PracticeId, device: DeviceId, hash: &str) -> Binding {
    let head = hash
        .get(..32)
        .and_then(|head| uuid::Uuid::parse_str(head).ok())
        .unwrap_or_default();
    Binding {
        practice,
        device,
        id: CommandId(head),
    }
}

/// The library's view of the randomness that was handed in.
struct Draw<'a> {
    randomness: &'a dyn Randomness,
    left: Vec<u8>,
}

impl<'a> Draw<'a> {
    fn new(randomness: &'a dyn Randomness) -> Self {
        Draw {
            randomness,
            left: Vec::new(),
        }
    }
}

impl TryRng for Draw<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        for byte in out {
            if self.left.is_empty() {
                self.left.extend_from_slice(&self.randomness.bytes());
            }
            *byte = self.left.pop().unwrap_or_default();
        }
        Ok(())
    }
}

impl TryCryptoRng for Draw<'_> {}
