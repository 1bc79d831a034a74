//! What a device keeps, as one transaction at a time. Everything here is ciphertext already, or says nothing about
//! patients, so an adapter only moves bytes.

use async_trait::async_trait;
use std::fmt;

/// Object stores of the one database. One database, so that one transaction can span them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Store {
    /// Cursor, next number, generation. Says nothing about patients.
    Meta,
    /// Sealed commands that wait, with their receipts.
    Outbox,
    /// Sealed commands that the server has, until a verified backup covers them.
    Sent,
    /// Rows under their compartment's key.
    Rows,
    /// Photos: sealed for sending, or under a data key for looking at.
    Blobs,
    /// A kiosk's answers so far, under a key of the kiosk session.
    Drafts,
    /// What was read here while offline.
    Reads,
}

impl Store {
    /// All of them.
    pub const ALL: [Store; 7] = [
        Store::Meta,
        Store::Outbox,
        Store::Sent,
        Store::Rows,
        Store::Blobs,
        Store::Drafts,
        Store::Reads,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Store::Meta => "meta",
            Store::Outbox => "outbox",
            Store::Sent => "sent",
            Store::Rows => "rows",
            Store::Blobs => "blobs",
            Store::Drafts => "drafts",
            Store::Reads => "reads",
        }
    }
}

/// One write.
#[derive(Clone, PartialEq, Eq)]
pub enum Write {
    /// Adds or replaces.
    Put(Store, String, Vec<u8>),
    /// Removes; nothing there is fine.
    Delete(Store, String),
    /// Removes everything in a store.
    Clear(Store),
    /// Removes whatever lies in a store under keys that begin so.
    ClearPrefix(Store, String),
}

/// Writes that happen all or not at all.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tx {
    /// Wait until it is on disk: for whatever a person was told is saved.
    pub strict: bool,
    /// In order.
    pub writes: Vec<Write>,
}

impl Tx {
    /// Nothing to write.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    /// Adds a put.
    pub fn put(&mut self, store: Store, key: impl Into<String>, bytes: Vec<u8>) {
        self.writes.push(Write::Put(store, key.into(), bytes));
    }

    /// Adds a delete.
    pub fn delete(&mut self, store: Store, key: impl Into<String>) {
        self.writes.push(Write::Delete(store, key.into()));
    }
}

/// The device's storage failed. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room.
    #[error("this device is full; nothing was lost. Free some space and try again")]
    Full,
    /// Another tab holds an older version open.
    #[error("close the other tabs of this app, then reload")]
    Blocked,
    /// Another page took over: whatever this one holds may be old.
    #[error("this app was opened in another tab, which goes on from here")]
    Fenced,
    /// Anything else.
    #[error("this device's storage does not answer ({0}); reload the page")]
    Broken(String),
}

/// The device's storage.
#[async_trait(?Send)]
pub trait LocalStore {
    /// From here on only this page writes: what any page before it still tries to write is refused with
    /// [`StoreError::Fenced`], whole, by the store itself.
    async fn lead(&self) -> Result<(), StoreError>;
    /// Writes all or nothing; returns once it is as safe as `strict` asks.
    async fn commit(&self, tx: Tx) -> Result<(), StoreError>;
    /// Everything in a store, in order of keys.
    async fn load(&self, store: Store) -> Result<Vec<(String, Vec<u8>)>, StoreError>;
    /// The keys of everything in a store.
    async fn keys(&self, store: Store) -> Result<Vec<String>, StoreError>;
    /// One entry.
    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, StoreError>;
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tx({} writes, strict {})", self.writes.len(), self.strict)
    }
}
