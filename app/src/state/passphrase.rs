//! Passphrases of the people of this device: counting wrong ones, and changing one.

use super::engine::Engine;
use super::session::SignInError;
use crate::error::AppError;
use crate::ports::server::ChangePassphrase;
use crate::server_fns::access;
use std::rc::Rc;
use sync::keyring::Ring;
use sync::store::{Store, StoreError, Tx};

impl Engine {
    /// Counts a try before it is made, on disk, so that pulling the plug gains nothing. How many there were in a row,
    /// this one included.
    pub(super) async fn count_try(&self, login: &str) -> Result<u32, StoreError> {
        let key = tries(login);
        let before = self.ports.store.get(Store::Meta, &key).await?;
        let before = before.and_then(|bytes| <[u8; 4]>::try_from(bytes).ok());
        let now = before.map_or(0, u32::from_le_bytes).saturating_add(1);
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.put(Store::Meta, key, now.to_le_bytes().to_vec());
        self.commit(tx).await?;
        Ok(now)
    }

    /// The next wrong passphrase is the first again.
    pub(super) fn forget_tries(login: &str, tx: &mut Tx) {
        tx.delete(Store::Meta, tries(login));
    }

    /// Drops what a passphrase opens here. What was entered stays: it is sealed to the practice, and is still sent.
    pub(super) async fn drop_ring(&self, login: &str) -> Result<(), StoreError> {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.delete(Store::Meta, ring(login));
        Self::forget_tries(login, &mut tx);
        self.commit(tx).await
    }

    /// The ring of whoever is at work.
    pub(super) async fn own_ring(&self) -> Option<Ring> {
        let member = self
            .with_device(|device| device.actor.as_ref().and_then(|actor| actor.member))
            .flatten()?;
        let known = self.rings().await;
        known.into_iter().find(|ring| ring.member == member)
    }

    /// Changes the passphrase of whoever is at work: at the server, which ends their other sessions, and then here.
    /// Cut off between the two, this device still opens with the old one, and with the new one once it has a network.
    pub async fn change_passphrase(self: &Rc<Self>, old: &str, new: &str) -> Result<(), SignInError> {
        let mine = self
            .own_ring()
            .await
            .ok_or(SignInError::Server(AppError::SignedOut))?;
        let signed = access::change_passphrase(ChangePassphrase {
            old: old.to_owned(),
            new: new.to_owned(),
        })
        .await?;
        self.take_in(&mine.login, new, signed).await?;
        Ok(())
    }
}

/// Where the tries of a person are counted.
fn tries(login: &str) -> String {
    format!("tries/{login}")
}

/// Where a person's ring lies.
pub(super) fn ring(login: &str) -> String {
    format!("ring/{login}")
}
