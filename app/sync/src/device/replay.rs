//! What a person sees: what is pending here, laid over what the server confirmed.

use super::{Actor, Device, EntryState, Pending};
use domain::command::Envelope;
use domain::row::{Entity, Over, Row, Rows};

impl Device {
    /// Lays what is pending over what is confirmed, anew.
    pub(super) fn replay(&mut self) {
        self.overlay = (self.rules.replay)(self);
    }

    /// What the pending commands make of the confirmed rows.
    pub(super) fn replayed(&self) -> Rows {
        let Some(actor) = self.actor.clone() else {
            return Rows::default();
        };
        let mut overlay = Rows::default();
        let unseen_entries = self.has_unseen_entries();
        for entry in self.pending.values() {
            if entry.dismissed || entry.state() == EntryState::NeedsDecision {
                continue;
            }
            let Some(envelope) = &entry.envelope else { continue };
            let Some(command) = (self.rules.read)(envelope) else {
                continue;
            };
            let by = self.entered_by(entry, envelope).unwrap_or_else(|| actor.clone());
            let mut ctx = self.ctx(entry.sealed.id, entry.entered_at, &by);
            ctx.unseen_entries = unseen_entries;
            // What no longer applies shows nothing; the server's receipt will say why.
            if let Ok(decision) = (self.rules.decide)(
                &Over {
                    base: &self.confirmed,
                    top: &overlay,
                },
                &command,
                &mut ctx,
            ) {
                for row in decision.facts {
                    overlay.put(row);
                }
            }
        }
        overlay
    }

    /// Whether something that was entered here may not be seen here: it waits and is closed to whoever works here, or it
    /// is confirmed and the replica began anew and is not there yet.
    pub(super) fn has_unseen_entries(&self) -> bool {
        let mut waiting = self.pending.values();
        let closed = |entry: &Pending| entry.envelope.is_none() && entry.state() != EntryState::NeedsDecision;
        !self.meta.whole || waiting.any(closed)
    }

    /// Whoever entered it, when that is someone else who used this device before.
    pub(super) fn entered_by(&self, entry: &Pending, envelope: &Envelope) -> Option<Actor> {
        let member = envelope
            .actor
            .filter(|member| self.actor.as_ref().and_then(|a| a.member) != Some(*member))?;
        let (name, role) = match self.confirmed.row(Entity::WorkforceMember, member.0) {
            Some(Row::WorkforceMember(row)) => (row.display_name.clone(), row.role),
            _ => entry.by.clone().map(|by| (by.name, by.role))?,
        };
        Some(Actor {
            member: Some(member),
            name,
            role,
        })
    }
}
