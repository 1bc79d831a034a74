//! Entering a command: decided on the device at once, sealed once, saved before anyone is told so.

use super::{Actor, By, Device, Pending};
use crate::b64::Bytes;
use crate::seal;
use crate::sha256_hex;
use crate::store::{Store, Tx};
use crate::wire::SealedCommand;
use chrono::{DateTime, Utc};
use domain::command::{Command, Envelope};
use domain::decide::{Decision, Refusal, RefusalCode};
use domain::id::CommandId;
use std::rc::Rc;

/// A photo that goes with a command: its bytes, named by their hash.
#[derive(Clone)]
pub struct Photo {
    /// SHA-256 of the bytes.
    pub hash: String,
    /// JPEG.
    pub bytes: Rc<Vec<u8>>,
}

/// A command that is decided and sealed, but not yet saved.
pub struct Entered {
    /// What it does, as seen from here.
    pub decision: Decision,
    pending: Pending,
    photos: Vec<String>,
}

impl Device {
    /// Decides and seals a command. Commit the transaction, then call [`Device::entered`]. Refusals are told at
    /// once and nothing is queued.
    pub fn enter(
        &self,
        id: CommandId,
        command: &Command,
        photos: &[Photo],
        now: DateTime<Utc>,
    ) -> Result<(Entered, Tx), Refusal> {
        let actor: &Actor = self
            .actor
            .as_ref()
            .ok_or_else(|| Refusal::new(RefusalCode::NotAllowed))?;
        if self.queue().is_full() {
            return Err(Refusal::new(RefusalCode::QueueFull));
        }
        let mut ctx = self.ctx(id, now, actor);
        ctx.unseen_entries = self.has_unseen_entries();
        let decision = (self.rules.decide)(&self.view(), command, &mut ctx)?;
        let seq = self.meta.next_seq.max(1);
        let unreadable = |_| Refusal::new(RefusalCode::Unreadable);
        let envelope = Envelope {
            id,
            seq,
            name: command.name().as_str().to_owned(),
            version: command.name().version(),
            args: (self.rules.args)(command).map_err(unreadable)?,
            base_rev: self.meta.cursor.as_ref().map_or(0, |cursor| cursor.rev),
            actor: actor.member,
            device_time: now,
        };
        let who = &self.identity;
        let unsealed = |_| Refusal::new(RefusalCode::Unreadable);
        let sealed = seal::seal_envelope(
            &who.intake_key,
            self.sealer().map_err(unsealed)?,
            who.practice,
            who.device,
            &envelope,
            self.randomness.as_ref(),
        )
        .map_err(unsealed)?;
        let local = self.own_compartment().and_then(|compartment| {
            let plain = serde_json::to_vec(&envelope).ok()?;
            let hidden = self.hide(compartment, Store::Outbox.name(), &Self::outbox_key(seq), &plain)?;
            Some((compartment, Bytes(hidden)))
        });
        let pending = Pending {
            sealed: SealedCommand {
                id,
                seq,
                args_hash: sha256_hex(&sealed),
                sealed: Bytes(sealed),
            },
            name: envelope.name.clone(),
            entered_at: now,
            receipt: None,
            dismissed: false,
            by: actor.member.map(|_| By {
                name: actor.name.clone(),
                role: actor.role,
            }),
            local,
            envelope: self.own_compartment().map(|_| envelope),
        };
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.put(Store::Outbox, Self::outbox_key(seq), Self::json(&pending));
        let mut meta = self.meta.clone();
        meta.next_seq = seq + 1;
        meta.schema = self.disk();
        for photo in photos {
            // The same picture again: it waits again.
            meta.kept.remove(&photo.hash);
        }
        tx.put(Store::Meta, "meta", Self::json(&meta));
        for photo in photos {
            let binding = seal::attachment_binding(who.practice, who.device, &photo.hash);
            let sealed = seal::seal(&who.intake_key, &binding, &photo.bytes, self.randomness.as_ref())
                .map_err(unsealed)?;
            tx.put(Store::Blobs, super::photos::place(&photo.hash), sealed);
        }
        let photos = photos.iter().map(|photo| photo.hash.clone()).collect();
        Ok((
            Entered {
                decision,
                pending,
                photos,
            },
            tx,
        ))
    }

    /// Takes note of a command that is saved.
    pub fn entered(&mut self, entered: Entered) {
        let seq = entered.pending.sealed.seq;
        self.meta.next_seq = self.meta.next_seq.max(seq + 1);
        self.meta.schema = self.disk();
        if entered.pending.envelope.is_some() {
            (self.rules.show)(&mut self.overlay, entered.decision.facts);
        }
        for hash in &entered.photos {
            self.meta.kept.remove(hash);
        }
        self.photos.extend(entered.photos);
        self.pending.insert(seq, entered.pending);
    }
}
