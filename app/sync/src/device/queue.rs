//! How much may wait. A queue that is too long is said so, before it is full; nothing is ever dropped from it.

use super::{Device, Pending};
use crate::rescue::{Rescue, SealedPhoto};
use chrono::{DateTime, Utc};

/// From so many entries on, people are warned.
pub const QUEUE_WARN: usize = 2_000;
/// So many entries at most.
pub const QUEUE_MOST: usize = 20_000;
/// So many sealed bytes at most.
pub const QUEUE_MOST_BYTES: usize = 20 * 1024 * 1024;

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Entries.
    pub entries: usize,
    /// Their sealed bytes.
    pub bytes: usize,
}

impl Queue {
    /// Whether people are to be warned.
    pub fn is_long(self) -> bool {
        self.entries >= QUEUE_WARN
    }

    /// Whether nothing more may be entered until something was sent.
    pub fn is_full(self) -> bool {
        self.entries >= QUEUE_MOST || self.bytes >= QUEUE_MOST_BYTES
    }
}

impl Device {
    /// How much waits here.
    pub fn queue(&self) -> Queue {
        self.pending
            .values()
            .fold(Queue::default(), |queue, entry| Queue {
                entries: queue.entries + 1,
                bytes: queue.bytes + entry.sealed.sealed.0.len(),
            })
    }

    /// Everything that no verified backup has, sealed as it travels, for a device that cannot reach the server any
    /// more. `photos` are those of [`Device::photos`], as they lie on the disk.
    pub fn rescue_file(&self, now: DateTime<Utc>, photos: Vec<SealedPhoto>) -> Vec<u8> {
        let waiting = self.pending.values();
        let sent = self.sent.values().map(|sent| &sent.pending);
        let mut commands: Vec<_> = waiting
            .chain(sent)
            .map(|entry: &Pending| entry.sealed.clone())
            .collect();
        commands.sort_by_key(|command| command.seq);
        Rescue {
            practice: self.identity.practice,
            device: self.identity.device,
            made_at: now,
            commands,
            photos,
            unreadable: 0,
        }
        .write()
    }
}
