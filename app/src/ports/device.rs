//! What the interface asks of the browser. Implemented once, in `frontend/device`.

use crate::error::AppError;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::rc::Rc;
use sync::Randomness;
use sync::cipher::DataKey;
use sync::keyring::Cost;
use sync::store::LocalStore;
use web_sys::File;

/// Time.
#[async_trait(?Send)]
pub trait Clock {
    /// Now, by this device's clock, to the millisecond.
    fn now(&self) -> DateTime<Utc>;
    /// Milliseconds that only grow, for measuring.
    fn ticks(&self) -> f64;
    /// Waits.
    async fn sleep(&self, millis: u32);
    /// Gives the page its turn: what was pressed is answered, and what changed is drawn.
    async fn turn(&self);
}

/// Small settings that say nothing about patients (gloo-storage).
pub trait Settings {
    /// One of them.
    fn get(&self, name: &str) -> Option<String>;
    /// Sets it.
    fn set(&self, name: &str, value: &str);
    /// Forgets it.
    fn remove(&self, name: &str);
    /// The same for this tab's session only: gone when the browser is closed.
    fn session_get(&self, name: &str) -> Option<String>;
    /// See `session_get`.
    fn session_set(&self, name: &str, value: &str);
    /// See `session_get`.
    fn session_remove(&self, name: &str);
}

/// Argon2id away from the page's own thread.
#[async_trait(?Send)]
pub trait Kdf {
    /// Nothing when the device cannot do it.
    async fn derive(&self, passphrase: &str, salt: &[u8], cost: Cost) -> Option<DataKey>;
}

/// A passkey that was just made.
pub struct NewPasskey {
    /// By which its authenticator knows it.
    pub id: Vec<u8>,
    /// What it gives for the salt it was made with.
    pub secret: Vec<u8>,
}

/// Passkeys of this device or of a key that is plugged in (WebAuthn, with its PRF extension).
#[async_trait(?Send)]
pub trait Passkeys {
    /// Whether this browser has any.
    fn are_there(&self) -> bool;
    /// Makes one for somebody; nothing when they say no, or when what they have gives no secrets.
    async fn make(&self, login: &str, name: &str, salt: &[u8]) -> Option<NewPasskey>;
    /// Asks one for the secret of its salt.
    async fn ask(&self, id: &[u8], salt: &[u8]) -> Option<Vec<u8>>;
}

/// A file that is not an image, or was cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPhoto;

/// A photo, made anew: JPEG, at most 1600 pixels, without the camera's notes.
#[derive(Clone)]
pub struct JpegPhoto {
    /// SHA-256 of the bytes.
    pub hash: String,
    /// The bytes.
    pub bytes: Rc<Vec<u8>>,
    /// Large and sharp enough to read a card.
    pub clear: bool,
}

/// Pictures.
#[async_trait(?Send)]
pub trait Photos {
    /// Makes a chosen file into a photo.
    async fn read(&self, file: File) -> Result<JpegPhoto, NoPhoto>;
    /// An address under which the page can show bytes; give it back with `release`.
    fn show(&self, media_type: &str, bytes: &[u8]) -> String;
    /// Gives an address back.
    fn release(&self, url: &str);
}

/// The page and its surroundings.
#[async_trait(?Send)]
pub trait Page {
    /// Loads the page anew, dropping everything in memory.
    fn reload(&self);
    /// Goes to a path without leaving the present page in the history.
    fn replace(&self, path: &str);
    /// Sets the page's language, title and density.
    fn describe(&self, lang: &str, title: &str, density: &str);
    /// Moves the focus to an element, once it is there.
    fn focus(&self, id: &str);
    /// Calls back when the page is seen again, the network seems back, or another tab changed something.
    fn on_wake(&self, wake: Rc<dyn Fn()>);
    /// Calls back on every touch and key, for idle timers.
    fn on_activity(&self, active: Rc<dyn Fn()>);
    /// Calls back for a new version that waits.
    fn on_update_ready(&self, ready: Rc<dyn Fn()>);
    /// Switches to the version that waits, and reloads.
    fn apply_update(&self);
    /// Calls back for every key pressed outside of a field: the key's name.
    fn on_key(&self, pressed: Rc<dyn Fn(String) -> bool>);
    /// Width of the window in CSS pixels.
    fn width(&self) -> f64;
    /// Asks the browser to keep this site's storage, and says whether it will.
    async fn persist(&self) -> bool;
    /// Makes this the tab that works, unless another one is; with `seize`, in any case. `lost` is called once another
    /// tab took over.
    async fn hold_tab(&self, seize: bool, lost: Rc<dyn Fn()>) -> bool;
    /// What is in a file that a person chose; nothing when it cannot be read.
    async fn bytes_of(&self, file: File) -> Option<Vec<u8>>;
    /// Saves a text as a file of the person's.
    fn download(&self, name: &str, text: &str);
}

/// Files of the own server.
#[async_trait(?Send)]
pub trait Files {
    /// One of them, unpacked.
    async fn get(&self, path: &str) -> Result<Vec<u8>, AppError>;
}

/// The server's "something changed".
pub trait Pokes {
    /// Listens until `stop` is called: `poked` for every poke, `lost` when the line breaks.
    fn listen(&self, poked: Rc<dyn Fn(u64)>, lost: Rc<dyn Fn()>);
    /// Stops.
    fn stop(&self);
}

/// Everything of a device.
#[derive(Clone)]
pub struct DevicePorts {
    /// Time.
    pub clock: Rc<dyn Clock>,
    /// Random bytes.
    pub randomness: Rc<dyn Randomness>,
    /// The one database.
    pub store: Rc<dyn LocalStore>,
    /// Small settings.
    pub settings: Rc<dyn Settings>,
    /// Passphrases; nothing on a kiosk, which none opens.
    pub kdf: Option<Rc<dyn Kdf>>,
    /// Passkeys; nothing on a kiosk.
    pub passkeys: Option<Rc<dyn Passkeys>>,
    /// Pictures.
    pub photos: Rc<dyn Photos>,
    /// Page.
    pub page: Rc<dyn Page>,
    /// Pokes.
    pub pokes: Rc<dyn Pokes>,
    /// Parts of snapshots; nothing on a kiosk, which fetches none.
    pub files: Option<Rc<dyn Files>>,
}
