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

fn length(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(long(bytes, at)?).ok()
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
            let packed = Packed {
                method: short(entry, 10)?,
                check: long(entry, 16)?,
                size: length(entry, 20)?,
                header: length(entry, 42)?,
            };
            let (name, extra, comment) = (short(entry, 28)?, short(entry, 30)?, short(entry, 32)?);
            let [name, extra, comment] = [name, extra, comment].map(usize::from);
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
