//! Small texts, made smaller (DEFLATE, RFC 1951): each command is packed by itself before it is sealed, because what is
//! sealed no longer yields to anything. A single command is too short to repeat itself, so it is packed as if a text
//! with the words of commands had gone before it, which is not sent.

use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, compress, create_comp_flags_from_zip_params};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What goes before. It is a part of the sealed form: never changed, only followed by another in a new version.
const BEFORE: &[u8] = include_bytes!("pack.dict");
/// Best of the usual levels: the texts are short.
const LEVEL: i32 = 9;
/// Raw, without zlib's header.
const RAW: i32 = -15;

/// It was not packed by this, or is larger than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the packed text cannot be unpacked")]
pub struct NotPacked;

/// Packs a command's text.
pub fn pack(plain: &[u8]) -> Vec<u8> {
    squeeze(BEFORE, plain)
}

/// Unpacks a command's text, up to a size.
pub fn unpack(packed: &[u8], limit: usize) -> Result<Vec<u8>, NotPacked> {
    unsqueeze(BEFORE, packed, limit)
}

/// Packs a whole body, which repeats itself enough.
pub fn pack_body(plain: &[u8]) -> Vec<u8> {
    squeeze(&[], plain)
}

/// Packs what is written and read on the same device: not as small, but in a fraction of the time (LZ4 block format,
/// behind the plain length).
pub fn pack_quickly(plain: &[u8]) -> Vec<u8> {
    lz4_flex::compress_prepend_size(plain)
}

/// Unpacks that, up to a size.
pub fn unpack_quickly(packed: &[u8], limit: usize) -> Result<Vec<u8>, NotPacked> {
    let (length, _) = lz4_flex::block::uncompressed_size(packed).map_err(|_| NotPacked)?;
    if length > limit {
        return Err(NotPacked);
    }
    lz4_flex::decompress_size_prepended(packed).map_err(|_| NotPacked)
}

/// Unpacks a whole body, up to a size.
pub fn unpack_body(packed: &[u8], limit: usize) -> Result<Vec<u8>, NotPacked> {
    unsqueeze(&[], packed, limit)
}

fn squeeze(before: &[u8], plain: &[u8]) -> Vec<u8> {
    let flags = create_comp_flags_from_zip_params(LEVEL, RAW, 0);
    let mut compressor = Box::new(CompressorOxide::new(flags));
    if !before.is_empty() {
        // Flushed to a whole byte, and left out.
        feed(&mut compressor, before, TDEFLFlush::Sync);
    }
    feed(&mut compressor, plain, TDEFLFlush::Finish)
}

/// Everything that a compressor gives for an input.
fn feed(compressor: &mut CompressorOxide, mut input: &[u8], flush: TDEFLFlush) -> Vec<u8> {
    let mut out = Vec::with_capacity(input.len() / 2 + 64);
    let mut room = [0; 4096];
    loop {
        let (_, read, written) = compress(compressor, input, &mut room, flush);
        out.extend_from_slice(&room[..written]);
        input = &input[read..];
        if input.is_empty() && written < room.len() {
            return out;
        }
    }
}

fn unsqueeze(before: &[u8], packed: &[u8], limit: usize) -> Result<Vec<u8>, NotPacked> {
    // What goes before, as a block that is stored as it is.
    let length = u16::try_from(before.len()).map_err(|_| NotPacked)?;
    let mut stream = Vec::with_capacity(before.len() + packed.len() + 5);
    if length > 0 {
        stream.push(0);
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(&(!length).to_le_bytes());
        stream.extend_from_slice(before);
    }
    stream.extend_from_slice(packed);
    let mut plain = decompress_to_vec_with_limit(&stream, before.len() + limit).map_err(|_| NotPacked)?;
    Ok(plain.split_off(before.len().min(plain.len())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: usize = 1 << 20;

    #[test]
    fn what_goes_before_never_changes() {
        assert_eq!(
            crate::sha256_hex(BEFORE),
            "803a7fc472f17ccabc214f6f9faaeccbc7978c66dbc1280c8fd28a0d97a7354b"
        );
    }

    #[test]
    fn a_command_shrinks_to_what_is_its_own() {
        let command = br#"{"id":"01956f3a-a919-71af-885c-72c1bb87445d","seq":10,"name":"CorrectPatient","version":1,"args":{"patient_id":"01956f3a-6d08-7862-8e33-0243512d1c38","changes":[{"field":"mobile_phone","from":{"system":"phone","usage":"mobile","value":"414 555 0134","may_text":true},"to":{"system":"phone","usage":"mobile","value":"414 555 0199","may_text":false}}]},"base_rev":50,"actor":"01956f3a-29dd-76c6-8f3f-bf18a1445357","device_time":"2026-03-10T15:04:05Z"}"#;
        let packed = pack(command);
        assert_eq!(unpack(&packed, LIMIT).unwrap(), command);
        assert!(
            packed.len() * 3 < command.len(),
            "{} of {}",
            packed.len(),
            command.len()
        );
        assert!(packed.len() * 2 < pack_body(command).len());
    }

    #[test]
    fn more_than_is_allowed_and_what_was_not_packed_are_refused() {
        let packed = pack(&[b'a'; 5000]);
        assert_eq!(unpack(&packed, 4999), Err(NotPacked));
        assert!(unpack(&packed, 5000).is_ok());
        assert_eq!(unpack(&packed[..packed.len() - 1], LIMIT), Err(NotPacked));
        assert_eq!(unpack(&[0xff; 40], LIMIT), Err(NotPacked));
        assert_eq!(unpack(&[], LIMIT), Err(NotPacked));
        let packed = pack_quickly(&[b'a'; 5000]);
        assert_eq!(unpack_quickly(&packed, 4999), Err(NotPacked));
        assert!(unpack_quickly(&packed, 5000).is_ok());
        assert_eq!(unpack_quickly(&packed[..packed.len() - 1], LIMIT), Err(NotPacked));
        assert_eq!(unpack_quickly(&[0xff; 3], LIMIT), Err(NotPacked));
    }

    proptest! {
        #[test]
        fn whatever_is_packed_comes_back(plain in proptest::collection::vec(any::<u8>(), 0..20_000), text in ".{0,400}") {
            for plain in [plain.as_slice(), text.as_bytes()] {
                prop_assert_eq!(unpack(&pack(plain), LIMIT).unwrap(), plain);
                prop_assert_eq!(unpack_body(&pack_body(plain), LIMIT).unwrap(), plain);
                prop_assert_eq!(unpack_quickly(&pack_quickly(plain), LIMIT).unwrap(), plain);
            }
        }
    }
}
