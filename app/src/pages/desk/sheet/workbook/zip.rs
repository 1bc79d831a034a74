//! Files inside a ZIP archive (PKWARE APPNOTE 6.3), as far as workbooks use it: stored or deflated, not encrypted.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// Larger than any sheet of patients. What unpacks to more was made to fill the memory.
const MOST: usize = 64 << 20;
/// Of the record at the end, without its comment.
const END: usize = 22;
/// The longest comment.
const COMMENT: usize = 65_535;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    let two = bytes.get(at..)?.first_chunk()?;
    Some(u16::from_le_bytes(*two))
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

fn wide(bytes: &[u8], at: usize) -> Option<usize> {
    let eight = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u64::from_le_bytes(*eight)).ok()
}

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(long(bytes, at)?).ok()
}

/// What an entry says in 64 bits, among what else it says besides (4.5).
fn zip64(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let (id, size) = (short(extra, 0)?, usize::from(short(extra, 2)?));
        let data = extra.get(4..4 + size)?;
        if id == 1 {
            return Some(data);
        }
        extra = extra.get(4 + size..)?;
    }
}

/// An archive whose list of files was read.
pub struct Archive<'a> {
    bytes: &'a [u8],
    files: Vec<(String, Packed)>,
}

#[derive(Clone, Copy)]
struct Packed {
    method: u16,
    check: u32,
    size: usize,
    header: usize,
}

impl<'a> Archive<'a> {
    /// Reads the list at its end.
    pub fn open(bytes: &'a [u8]) -> Option<Archive<'a>> {
        let last = bytes.len().checked_sub(END)?;
        let is_end = |at: &usize| {
            bytes
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(b"PK\x05\x06"))
        };
        let end = (last.saturating_sub(COMMENT)..=last).rev().find(is_end)?;
        let mut at = length(bytes, end + 16)?;
        let mut files = Vec::new();
        for _ in 0..short(bytes, end + 10)? {
            let entry = bytes.get(at..)?;
            if !entry.starts_with(b"PK\x01\x02") {
                return None;
            }
            let (name, extra, comment) = (short(entry, 28)?, short(entry, 30)?, short(entry, 32)?);
            let [name, extra, comment] = [name, extra, comment].map(usize::from);
            let besides = entry.get(46 + name..)?.get(..extra)?;
            let mut read = 0;
            // What is too large for 32 bits, or was not known in time, is in the extra field, in this order (4.5.3).
            let mut field = |at: usize| -> Option<usize> {
                if long(entry, at)? != u32::MAX {
                    return length(entry, at);
                }
                let value = wide(zip64(besides)?, read);
                read += 8;
                value
            };
            let (_original, size, header) = (field(24)?, field(20)?, field(42)?);
            let packed = Packed {
                method: short(entry, 10)?,
                check: long(entry, 16)?,
                size,
                header,
            };
            let called = String::from_utf8_lossy(entry.get(46..46 + name)?).into_owned();
            files.push((called, packed));
            at += 46 + name + extra + comment;
        }
        Some(Archive { bytes, files })
    }

    /// A file as text; nothing when it is not there, or not as it was written.
    pub fn text(&self, name: &str) -> Option<String> {
        let (_, packed) = self.files.iter().find(|(known, _)| known == name)?;
        let local = self.bytes.get(packed.header..)?;
        if !local.starts_with(b"PK\x03\x04") {
            return None;
        }
        let start = 30 + usize::from(short(local, 26)?) + usize::from(short(local, 28)?);
        let data = local.get(start..)?.get(..packed.size)?;
        let plain = match packed.method {
            STORED => data.to_vec(),
            DEFLATED => decompress_to_vec_with_limit(data, MOST).ok()?,
            _ => return None,
        };
        if crc_32(&plain) != packed.check {
            return None;
        }
        String::from_utf8(plain).ok()
    }
}

/// CRC-32 as in ISO 3309: a bit that fell over makes another patient.
fn crc_32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            let low = (crc & 1).wrapping_neg();
            (crc >> 1) ^ (0xedb8_8320 & low)
        })
    };
    !bytes.iter().fold(u32::MAX, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One stored file. Of its sizes and its place, those that are said to be large stand in the extra field.
    fn archive(text: &str, [original, packed, place]: [bool; 3]) -> Vec<u8> {
        let (name, check) = (b"a.xml", crc_32(text.as_bytes()).to_le_bytes());
        let mut large = Vec::new();
        let mut field = |value: usize, is_large: bool| -> [u8; 4] {
            if is_large {
                large.extend((value as u64).to_le_bytes());
                return u32::MAX.to_le_bytes();
            }
            (value as u32).to_le_bytes()
        };
        let original = field(text.len(), original);
        let (packed, place) = (field(text.len(), packed), field(0, place));
        // A time stamp stands before it, as many programs write one.
        let mut extra = vec![0x55, 0x54, 1, 0, 0, 1, 0, large.len() as u8, 0];
        extra.extend(large);
        let local = [
            b"PK\x03\x04".as_slice(),
            &[45, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &check,
            &[0xff; 8],
            &[5, 0, 0, 0],
            name,
            text.as_bytes(),
        ]
        .concat();
        let entry = [
            b"PK\x01\x02".as_slice(),
            &[45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0],
            &check,
            &packed,
            &original,
            &[5, 0, extra.len() as u8, 0, 0, 0],
            &[0; 8],
            &place,
            name,
            extra.as_slice(),
        ]
        .concat();
        let end = [
            b"PK\x05\x06".as_slice(),
            &[0, 0, 0, 0, 1, 0, 1, 0],
            &(entry.len() as u32).to_le_bytes(),
            &(local.len() as u32).to_le_bytes(),
            &[0, 0],
        ]
        .concat();
        [local, entry, end].concat()
    }

    fn read(bytes: &[u8]) -> Option<String> {
        Archive::open(bytes)?.text("a.xml")
    }

    #[test]
    fn sizes_in_64_bits_are_read_where_they_stand() {
        for large in [
            [false, false, false],
            [true, true, true],
            [false, true, false],
            [true, false, true],
            [false, false, true],
        ] {
            let bytes = archive("<a/>", large);
            assert_eq!(read(&bytes).as_deref(), Some("<a/>"), "{large:?}");
        }
        // The same without the field that they stand in: another one has its place.
        let mut bytes = archive("<a/>", [true, true, true]);
        let id = 39 + 51 + 5;
        assert_eq!(bytes[id], 1);
        bytes[id] = 9;
        assert_eq!(read(&bytes), None);
    }
}
