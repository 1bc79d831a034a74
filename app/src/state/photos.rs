//! Photos to look at: from this device when it has them, else from the server, and kept here hidden.

use super::engine::Engine;
use crate::error::AppError;
use crate::server_fns::attachments;
use domain::row::Compartment;
use sync::store::{Store, Tx};

impl Engine {
    /// A photo's bytes, fit for `Photos::show` as `image/jpeg`. Offline, only what was looked at before.
    pub async fn photo(&self, hash: &str) -> Result<Vec<u8>, AppError> {
        let key = format!("seen/{hash}");
        let compartment = Compartment::Administrative;
        if let Ok(Some(hidden)) = self.ports.store.get(Store::Blobs, &key).await
            && let Some(Some(bytes)) =
                self.with_device(|device| device.show(compartment, Store::Blobs.name(), &key, &hidden))
        {
            return Ok(bytes);
        }
        let member = self.with_device(|device| device.actor.as_ref().and_then(|actor| actor.member));
        let photo = attachments::get_attachment(hash.to_owned(), member.flatten()).await?;
        self.remember_photo(hash, &photo.bytes.0).await;
        Ok(photo.bytes.0)
    }

    /// Keeps a photo to be looked at here, hidden. A full disk costs the copy, not the look.
    pub async fn remember_photo(&self, hash: &str, bytes: &[u8]) {
        let (key, compartment) = (format!("seen/{hash}"), Compartment::Administrative);
        let hidden = self
            .with_device(|device| device.hide(compartment, Store::Blobs.name(), &key, bytes))
            .flatten();
        if let Some(hidden) = hidden {
            let mut tx = Tx::default();
            tx.put(Store::Blobs, key, hidden);
            let _kept = self.commit(tx).await;
        }
    }
}
