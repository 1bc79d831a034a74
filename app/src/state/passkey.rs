//! Passkeys of the people of this device: an option beside the passphrase, for this device alone. The server is not asked,
//! so a session is still begun with the passphrase.

use super::engine::Engine;
use super::session::SignInError;
use std::rc::Rc;
use sync::b64::Bytes;
use sync::keyring::{Passkey, Ring, TRIES, key_of_secret};
use sync::store::{Store, Tx};

impl Engine {
    /// Whether passkeys can be used here.
    pub fn has_passkeys(&self) -> bool {
        self.ports.passkeys.as_ref().is_some_and(|keys| keys.are_there())
    }

    /// Makes a passkey that opens this device for whoever is at work. The passphrase is asked for, because only it gives
    /// the keys once more.
    pub async fn add_passkey(self: &Rc<Self>, passphrase: &str) -> Result<(), SignInError> {
        let mut ring = self.own_ring().await.ok_or(SignInError::Keys)?;
        let tried = self.count_try(&ring.login).await?;
        let kek = self.derive(passphrase, &ring.salt.0, ring.cost).await?;
        let Ok(keys) = ring.unwrap_keys(&kek) else {
            if tried < TRIES {
                return Err(SignInError::WrongPassphrase);
            }
            self.drop_ring(&ring.login).await?;
            self.lock();
            return Err(SignInError::Dropped);
        };
        let passkeys = self.ports.passkeys.clone().ok_or(SignInError::Passkey)?;
        let salt = self.ports.randomness.bytes().to_vec();
        let made = passkeys
            .make(&ring.login, &ring.display_name, &salt)
            .await
            .ok_or(SignInError::Passkey)?;
        let kek = key_of_secret(&made.secret).ok_or(SignInError::Keys)?;
        // That took a while: what became of the ring in the meantime counts.
        ring = self.own_ring().await.ok_or(SignInError::Keys)?;
        ring.passkeys.push(Passkey {
            id: Bytes(made.id),
            salt: Bytes(salt),
            wraps: Ring::wrap(&ring.login, &keys, &kek, self.ports.randomness.as_ref()),
        });
        self.keep_ring(&ring).await
    }

    /// Forgets every passkey of whoever is at work, on this device.
    pub async fn drop_passkeys(&self) -> Result<(), SignInError> {
        let mut ring = self.own_ring().await.ok_or(SignInError::Keys)?;
        ring.passkeys.clear();
        self.keep_ring(&ring).await
    }

    /// Opens the device with one of somebody's passkeys, with or without the server.
    pub async fn unlock_by_passkey(self: &Rc<Self>, ring: &Ring) -> Result<(), SignInError> {
        let enrolment = self.enrolment().await?.ok_or(SignInError::Keys)?;
        let passkeys = self.ports.passkeys.clone().ok_or(SignInError::Passkey)?;
        if !ring.trusts_passkeys(self.ports.clock.now()) {
            return Err(SignInError::Stale);
        }
        // One after the other: each has a salt of its own, and most people have one.
        for passkey in &ring.passkeys {
            let Some(secret) = passkeys.ask(&passkey.id.0, &passkey.salt.0).await else {
                continue;
            };
            let kek = key_of_secret(&secret).ok_or(SignInError::Keys)?;
            let keys = ring.unwrap_by(passkey, &kek).map_err(|_| SignInError::Passkey)?;
            let keys = self.leased(keys).await?;
            return self.open_for(&enrolment, ring, keys).await;
        }
        Err(SignInError::Passkey)
    }

    /// How many passkeys open this device for whoever is at work.
    pub async fn passkeys(&self) -> usize {
        self.own_ring().await.map_or(0, |ring| ring.passkeys.len())
    }

    /// The server took somebody's passphrase just now.
    pub(super) async fn note_proof(&self, login: &str) {
        let ring = self.rings().await.into_iter().find(|ring| ring.login == login);
        if let Some(mut ring) = ring {
            ring.proved_at = Some(self.ports.clock.now());
            let _next_time = self.keep_ring(&ring).await;
        }
    }

    async fn keep_ring(&self, ring: &Ring) -> Result<(), SignInError> {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        Self::forget_tries(&ring.login, &mut tx);
        tx.put(
            Store::Meta,
            super::passphrase::ring(&ring.login),
            serde_json::to_vec(ring).unwrap_or_default(),
        );
        Ok(self.commit(tx).await?)
    }
}
