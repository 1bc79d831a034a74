//! The one database, in IndexedDB: an object store per [`Store`], keyed by strings, holding bytes.
//!
//! A connection does not last: the browser may close it while the page sleeps, and another tab may need it closed to
//! upgrade. So every operation that fails for that reason runs once more on a new connection. Writes are safe to
//! repeat, because each replaces or removes a whole entry.

use crate::failure::Failure;
use crate::random::BrowserRandomness;
use crate::verdict::EMPTIED;
use async_trait::async_trait;
use futures::channel::oneshot;
use futures::lock::Mutex;
use indexed_db_futures::database::Database;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{TransactionDurability, TransactionMode, TransactionOptions};
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use sync::Randomness;
use sync::store::{LocalStore, Store, StoreError, Tx, Write};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Raised when a store is added; nothing else ever changes about the layout.
const VERSION: u32 = 1;

/// An open database, closed when dropped or when another tab needs it to.
struct Connection {
    database: Database,
    closed: Rc<Cell<bool>>,
    _asked: Closure<dyn FnMut()>,
    _lost: Closure<dyn FnMut()>,
}

impl Connection {
    fn new(database: Database) -> Self {
        let closed = Rc::new(Cell::new(false));
        let asked = Closure::<dyn FnMut()>::new({
            let (closed, database) = (closed.clone(), database.clone());
            move || {
                closed.set(true);
                database.clone().close();
            }
        });
        let lost = Closure::<dyn FnMut()>::new({
            let closed = closed.clone();
            move || closed.set(true)
        });
        let raw = database.as_sys();
        raw.set_onversionchange(Some(asked.as_ref().unchecked_ref()));
        raw.set_onclose(Some(lost.as_ref().unchecked_ref()));
        Connection {
            database,
            closed,
            _asked: asked,
            _lost: lost,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let raw = self.database.as_sys();
        raw.set_onversionchange(None);
        raw.set_onclose(None);
        raw.close();
    }
}

/// The device's storage, in a browser. Opened on first use.
pub struct IndexedDb {
    name: String,
    connection: Mutex<Option<Rc<Connection>>>,
    /// It was open before: finding it empty now means that the browser removed it under a running app.
    seen: Cell<bool>,
    /// Lies in the database while this page is the one that writes.
    fence: Vec<u8>,
}

/// Where it lies.
const FENCE: &str = "fence";

impl IndexedDb {
    /// By the database's name.
    pub fn new(name: &str) -> Self {
        IndexedDb {
            name: name.to_owned(),
            connection: Mutex::new(None),
            seen: Cell::new(false),
            fence: BrowserRandomness.bytes().to_vec(),
        }
    }

    async fn connection(&self) -> Result<Rc<Connection>, Failure> {
        let mut held = self.connection.lock().await;
        if let Some(connection) = held.as_ref().filter(|connection| !connection.closed.get()) {
            return Ok(connection.clone());
        }
        *held = None;
        let connection = Rc::new(open(&self.name, self.seen.get()).await?);
        self.seen.set(true);
        *held = Some(connection.clone());
        Ok(connection)
    }

    async fn attempt<T>(&self, act: &impl AsyncFn(&Database) -> Result<T, Failure>) -> Result<T, Failure> {
        let connection = self.connection().await?;
        let result = act(&connection.database).await;
        if result.as_ref().is_err_and(Failure::may_pass) {
            connection.closed.set(true);
        }
        result
    }

    async fn twice<T>(&self, act: impl AsyncFn(&Database) -> Result<T, Failure>) -> Result<T, StoreError> {
        let result = match self.attempt(&act).await {
            Err(failure) if failure.may_pass() => self.attempt(&act).await,
            result => result,
        };
        result.map_err(StoreError::from)
    }
}

#[async_trait(?Send)]
impl LocalStore for IndexedDb {
    async fn lead(&self) -> Result<(), StoreError> {
        let mut tx = Tx {
            strict: true,
            ..Tx::default()
        };
        tx.put(Store::Meta, FENCE, self.fence.clone());
        self.twice(async |database| write(database, &tx, None).await)
            .await
    }

    async fn commit(&self, tx: Tx) -> Result<(), StoreError> {
        if tx.is_empty() {
            return Ok(());
        }
        self.twice(async |database| write(database, &tx, Some(&self.fence)).await)
            .await
    }

    async fn load(&self, store: Store) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.twice(async |database| read_all(database, store).await).await
    }

    async fn keys(&self, store: Store) -> Result<Vec<String>, StoreError> {
        self.twice(async |database| read_keys(database, store).await)
            .await
    }

    async fn get(&self, store: Store, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.twice(async |database| read_one(database, store, key).await)
            .await
    }
}

/// Opens the database and adds the stores it lacks. A newer one refuses to open, so it is never written to.
async fn open(name: &str, seen: bool) -> Result<Connection, Failure> {
    let (tell, told) = oneshot::channel();
    let tell = Rc::new(RefCell::new(Some(tell)));
    let request = Database::open(name.to_owned())
        .with_version(VERSION)
        .with_on_blocked({
            let tell = tell.clone();
            move |_| {
                if let Some(tell) = tell.take() {
                    let _ = tell.send(Err(Failure::Blocked));
                }
                Ok(())
            }
        })
        .with_on_upgrade_needed(move |event, database| {
            if seen && event.old_version() == 0.0 {
                let error = js_sys::Error::new("the database is gone");
                error.set_name(EMPTIED);
                return Err(error.into());
            }
            let known: Vec<String> = database.object_store_names().collect();
            for store in Store::ALL
                .into_iter()
                .filter(|store| !known.iter().any(|name| name == store.name()))
            {
                database.create_object_store(store.name()).build()?;
            }
            Ok(())
        })
        .build()?;
    // Blocked, the request still goes on once the other tab is gone. It keeps its handlers until then, so that the
    // upgrade is never half done.
    wasm_bindgen_futures::spawn_local(async move {
        let opened = request.await.map(Connection::new).map_err(Failure::from);
        if let Some(tell) = tell.take() {
            let _ = tell.send(opened);
        }
    });
    told.await.unwrap_or_else(|_| Err(Failure::named("AbortError")))
}

/// One transaction over the stores it touches. With a fence, nothing is written when another's lies there: it
/// is read first, within the transaction. After that every request goes out before the next wait, because a transaction
/// with nothing to do ends by itself.
async fn write(database: &Database, tx: &Tx, fence: Option<&[u8]>) -> Result<(), Failure> {
    let mut names: Vec<&str> = tx
        .writes
        .iter()
        .map(|write| match write {
            Write::Put(store, ..)
            | Write::Delete(store, _)
            | Write::Clear(store)
            | Write::ClearPrefix(store, _) => store.name(),
        })
        .chain([Store::Meta.name()])
        .collect();
    names.sort_unstable();
    names.dedup();
    let durability = if tx.strict {
        TransactionDurability::Strict
    } else {
        TransactionDurability::Relaxed
    };
    let transaction = database
        .transaction(names)
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()?;
    let raw = transaction.as_sys().clone();
    // Asked for first, so that it is answered before any write is done.
    let meta = transaction.object_store(Store::Meta.name())?;
    let lies: Option<JsValue> = match fence {
        Some(_) => meta.get::<JsValue, _, _>(FENCE).primitive()?.await?,
        None => None,
    };
    if let (Some(fence), Some(lies)) = (fence, lies)
        && bytes(lies)? != fence
    {
        return Err(Failure::Fenced);
    }
    for write in &tx.writes {
        match write {
            Write::Put(store, key, bytes) => {
                let value = JsValue::from(Uint8Array::from(bytes.as_slice()));
                let store = transaction.object_store(store.name())?;
                drop(
                    store
                        .put(value)
                        .with_key(key.as_str())
                        .without_key_type()
                        .primitive()?,
                );
            }
            Write::Delete(store, key) => {
                drop(
                    transaction
                        .object_store(store.name())?
                        .delete(key.as_str())
                        .primitive()?,
                );
            }
            Write::Clear(store) => drop(transaction.object_store(store.name())?.clear()?),
            Write::ClearPrefix(store, prefix) => {
                // The browser orders by UTF-16, in which nothing comes after this.
                let last = format!("{prefix}\u{ffff}");
                let store = transaction.object_store(store.name())?;
                drop(store.delete(prefix.clone()..=last).primitive()?);
            }
        }
    }
    // A disk that fills up while committing aborts the transaction, and only the transaction knows why.
    transaction.commit().await.map_err(|error| match raw.error() {
        Some(cause) => Failure::Named(cause.name()),
        None => error.into(),
    })
}

async fn read_all(database: &Database, store: Store) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let transaction = database
        .transaction(store.name())
        .with_mode(TransactionMode::Readonly)
        .build()?;
    let store = transaction.object_store(store.name())?;
    let keys = store.get_all_keys::<String>().primitive()?;
    let values = store.get_all::<JsValue>().primitive()?;
    let (keys, values) = (keys.await?, values.await?);
    let mut entries = keys
        .zip(values)
        .map(|(key, value)| Ok((key?, bytes(value?)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    // The browser orders by UTF-16, everyone else by UTF-8.
    entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(entries)
}

async fn read_keys(database: &Database, store: Store) -> Result<Vec<String>, Failure> {
    let transaction = database
        .transaction(store.name())
        .with_mode(TransactionMode::Readonly)
        .build()?;
    let store = transaction.object_store(store.name())?;
    let keys = store.get_all_keys::<String>().primitive()?;
    keys.await?.map(|key| Ok(key?)).collect()
}

async fn read_one(database: &Database, store: Store, key: &str) -> Result<Option<Vec<u8>>, Failure> {
    let transaction = database
        .transaction(store.name())
        .with_mode(TransactionMode::Readonly)
        .build()?;
    let store = transaction.object_store(store.name())?;
    let value = store.get::<JsValue, _, _>(key).primitive()?.await?;
    value.map(bytes).transpose()
}

fn bytes(value: JsValue) -> Result<Vec<u8>, Failure> {
    let array = value
        .dyn_into::<Uint8Array>()
        .map_err(|_| Failure::named("DataError"))?;
    Ok(array.to_vec())
}
