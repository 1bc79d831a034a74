//! The rescue file: what a stranded device has to send, carried by hand. Everything in it is sealed to the practice, so
//! that it may travel on a stick.
//!
//! One JSON value a line: first the heading, then commands and photos. A line that cannot be read is counted and does
//! not stop the others.

use crate::b64::Bytes;
use crate::wire::SealedCommand;
use chrono::{DateTime, Utc};
use domain::id::{DeviceId, PracticeId};
use serde::{Deserialize, Serialize};

/// Version of the file.
pub const RESCUE: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Heading {
    anteroom_rescue: u32,
    practice: PracticeId,
    device: DeviceId,
    made_at: DateTime<Utc>,
}

/// Any other line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Command(SealedCommand),
    Photo(SealedPhoto),
}

/// A photo, sealed as it travels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedPhoto {
    /// SHA-256 of its bytes in the open.
    pub hash: String,
    /// See [`crate::seal::attachment_binding`].
    pub sealed: Bytes,
}

/// What a rescue file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rescue {
    /// Whose.
    pub practice: PracticeId,
    /// From where.
    pub device: DeviceId,
    /// When, by the device's clock.
    pub made_at: DateTime<Utc>,
    /// In order of their numbers; the server may have some of them.
    pub commands: Vec<SealedCommand>,
    /// Photos that waited.
    pub photos: Vec<SealedPhoto>,
    /// Lines that cannot be read.
    pub unreadable: usize,
}

/// The file is no rescue file, or of a newer program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RescueError {
    /// The first line is something else.
    #[error("this is not a rescue file of a device")]
    Heading,
    /// Made by a newer program.
    #[error("this rescue file was made by a newer version ({0}); update the server, then import it")]
    Newer(u32),
}

impl Rescue {
    /// As a file.
    pub fn write(&self) -> Vec<u8> {
        let heading = Heading {
            anteroom_rescue: RESCUE,
            practice: self.practice,
            device: self.device,
            made_at: self.made_at,
        };
        let mut out = serde_json::to_vec(&heading).unwrap_or_default();
        let commands = self.commands.iter().cloned().map(Line::Command);
        let photos = self.photos.iter().cloned().map(Line::Photo);
        for line in commands.chain(photos) {
            out.push(b'\n');
            out.extend(serde_json::to_vec(&line).unwrap_or_default());
        }
        out.push(b'\n');
        out
    }
}

/// Reads a rescue file.
pub fn parse_rescue(bytes: &[u8]) -> Result<Rescue, RescueError> {
    let mut lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let heading: Heading = lines
        .next()
        .and_then(|line| domain::json::read(line).ok())
        .ok_or(RescueError::Heading)?;
    if heading.anteroom_rescue > RESCUE {
        return Err(RescueError::Newer(heading.anteroom_rescue));
    }
    let mut rescue = Rescue {
        practice: heading.practice,
        device: heading.device,
        made_at: heading.made_at,
        commands: Vec::new(),
        photos: Vec::new(),
        unreadable: 0,
    };
    for line in lines {
        match domain::json::read(line) {
            Ok(Line::Command(command)) => rescue.commands.push(command),
            Ok(Line::Photo(photo)) => rescue.photos.push(photo),
            Err(_) => rescue.unreadable += 1,
        }
    }
    rescue.commands.sort_by_key(|command| command.seq);
    Ok(rescue)
}
