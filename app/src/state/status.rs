//! What a person sees of the machinery: three words, counts, and the age of the data.

use chrono::{DateTime, Utc};
use domain::access::Role;
use domain::text::{Lang, Text};
use sync::device::EntryState;

/// Where the app is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    /// Reading the device's storage.
    #[default]
    Starting,
    /// Another tab has it.
    OtherTab,
    /// Nobody was ever here: sign in, or enrol.
    New,
    /// People were here: unlock, or sign in.
    Locked,
    /// At work.
    Ready,
    /// A kiosk that the practice shut out: it sends what it has, and asks nobody.
    ShutOut,
    /// The device's storage does not answer.
    Broken,
}

/// The machinery, for badges and banners.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Status {
    /// Where the app is.
    pub phase: Phase,
    /// Whether the server answered last time; nothing when it was not asked yet.
    pub online: Option<bool>,
    /// Entries saved here and not yet sent.
    pub saved: usize,
    /// Entries sent, their rows not yet back.
    pub sent: usize,
    /// Entries and conflicts that need a person.
    pub needs_decision: usize,
    /// When the oldest unsent entry was made.
    pub oldest_unsent: Option<DateTime<Utc>>,
    /// When the server last answered.
    pub heard_at: Option<DateTime<Utc>>,
    /// The session is over: entries still go out, news does not come in.
    pub session_over: bool,
    /// The browser promised to keep this site's storage.
    pub persisted: bool,
    /// A new version waits.
    pub update_ready: bool,
    /// This version is too old for the clinic's server: entries still go out, news does not come in.
    pub outdated: bool,
    /// So many entries wait that people are to be warned.
    pub long_queue: bool,
    /// What is wrong with the device's storage.
    pub storage_fault: Option<String>,
    /// How far the first fetch has come, in percent, while it runs.
    pub fetching: Option<u8>,
    /// Who is at work.
    pub actor_name: String,
    /// What they may do.
    pub role: Option<Role>,
    /// Whose device.
    pub practice_name: String,
    /// Made-up data.
    pub demo: bool,
}

/// What to call this device in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceWord {
    /// A kiosk.
    Tablet,
    /// Narrow.
    Phone,
    /// Wide.
    Computer,
}

impl DeviceWord {
    /// By the window's width.
    pub fn of_width(width: f64) -> DeviceWord {
        if width < 640.0 {
            DeviceWord::Phone
        } else {
            DeviceWord::Computer
        }
    }

    /// "Saved on this tablet"
    pub fn saved(self) -> Text {
        match self {
            DeviceWord::Tablet => Text {
                en: "Saved on this tablet",
                es: "Guardado en esta tableta",
            },
            DeviceWord::Phone => Text {
                en: "Saved on this phone",
                es: "Guardado en este teléfono",
            },
            DeviceWord::Computer => Text {
                en: "Saved on this computer",
                es: "Guardado en esta computadora",
            },
        }
    }
}

/// The three words.
pub fn state_words(state: EntryState, device: DeviceWord) -> Text {
    match state {
        EntryState::Saved => device.saved(),
        EntryState::Sent => Text {
            en: "Sent to clinic",
            es: "Enviado a la clínica",
        },
        EntryState::NeedsDecision => Text {
            en: "Needs your decision",
            es: "Necesita su decisión",
        },
    }
}

/// "4 min ago". A clock that runs behind the server's gives "just now", never a negative age.
pub fn age_words(then: DateTime<Utc>, now: DateTime<Utc>, lang: Lang) -> String {
    let minutes = (now - then).num_minutes().max(0);
    let (number, en, es) = match minutes {
        0 => {
            return Text {
                en: "just now",
                es: "ahora mismo",
            }
            .get(lang)
            .to_owned();
        }
        1..=59 => (minutes, "min", "min"),
        60..=1439 => (minutes / 60, "h", "h"),
        _ => (minutes / 1440, "d", "d"),
    };
    match lang {
        Lang::En => format!("{number} {en} ago"),
        Lang::Es => format!("hace {number} {es}"),
    }
}
