//! What was read here is written down here, in a lane of its own, and handed in when there is a network
//! (45 CFR 164.312(b)). It never counts as unsent work.

use super::engine::Engine;
use crate::error::AppError;
use crate::ports::server::LocalRead;
use crate::server_fns::sync as wire;
use domain::id::PatientId;
use domain::row::Compartment;
use sync::store::{Store, Tx};

/// Most reads handed in at once.
const BATCH: usize = 500;

impl Engine {
    /// Writes down that someone looked at something.
    pub async fn note_read(&self, patient: Option<PatientId>, what: &str) {
        let member = self
            .with_device(|device| device.actor.as_ref().and_then(|actor| actor.member))
            .flatten();
        let Some(member) = member else { return };
        let read = LocalRead {
            patient,
            what: what.to_owned(),
            member,
            at: self.ports.clock.now(),
        };
        let key = self.new_id().to_string();
        let plain = serde_json::to_vec(&read).unwrap_or_default();
        let hidden = self
            .with_device(|d| d.hide(Compartment::Index, Store::Reads.name(), &key, &plain))
            .flatten();
        if let Some(hidden) = hidden {
            let mut tx = Tx::default();
            tx.put(Store::Reads, key, hidden);
            let _kept = self.commit(tx).await;
        }
    }

    pub(super) async fn push_reads(&self) -> Result<(), AppError> {
        let Ok(kept) = self.ports.store.load(Store::Reads).await else {
            return Ok(());
        };
        let mut reads = Vec::new();
        let mut tx = Tx::default();
        for (key, hidden) in kept.into_iter().take(BATCH) {
            let plain = self
                .with_device(|d| d.show(Compartment::Index, Store::Reads.name(), &key, &hidden))
                .flatten();
            if let Some(read) = plain.and_then(|plain| domain::json::read(&plain).ok()) {
                reads.push(read);
                tx.delete(Store::Reads, key);
            }
        }
        if reads.is_empty() {
            return Ok(());
        }
        wire::push_reads(reads).await?;
        self.commit(tx)
            .await
            .map_err(|error| AppError::Internal(error.to_string()))
    }
}
