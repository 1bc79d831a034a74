//! The kiosk between patients: which screen, which language, and whether someone is still there.

use super::answers::{Answers, Draft};
use super::texts;
use crate::ports::server::KioskSettings;
use crate::state::{Engine, EngineHandle};
use domain::id::CommandId;
use domain::text::{Lang, Text};
use leptos::prelude::*;
use std::rc::Rc;

/// Without a touch for so long, the screen asks whether someone is there.
pub const IDLE_SECONDS: u32 = 60;
/// And then waits so long for an answer.
pub const ANSWER_SECONDS: u32 = 20;
/// The thanks stay so long.
pub const THANKS_SECONDS: u32 = 20;
/// A setting that replaces the first, for tests.
const IDLE_SETTING: &str = "anteroom.idle-seconds";

/// Who is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not known yet.
    Starting,
    /// Nobody.
    Welcome,
    /// A patient.
    Patient,
    /// A patient who has finished.
    Done(CommandId),
    /// Someone who knows the PIN.
    Staff,
}

/// See the module. A handle, for closures.
#[derive(Clone, Copy)]
pub struct Station {
    engine: EngineHandle,
    /// Language of the screen.
    pub lang: RwSignal<Lang>,
    /// The practice's forms.
    pub settings: RwSignal<Option<KioskSettings>>,
    /// Who is served.
    pub stage: RwSignal<Stage>,
    /// Seconds left to answer "Are you still there?", while it is asked.
    pub asking: RwSignal<Option<u32>>,
    /// When the screen was last touched, in ticks.
    touched: StoredValue<f64>,
    /// When the question is over.
    deadline: StoredValue<f64>,
    /// What a reload found.
    restored: StoredValue<Option<Draft>>,
}

/// The station, from context.
#[allow(clippy::expect_used)]
pub fn use_station() -> Station {
    use_context::<Station>().expect("the kiosk provides its station")
}

impl Station {
    /// A station that has not looked at the disk yet.
    pub fn new(engine: EngineHandle) -> Station {
        let now = engine.get().ports.clock.ticks();
        Station {
            engine,
            lang: RwSignal::new(Lang::En),
            settings: RwSignal::new(None),
            stage: RwSignal::new(Stage::Starting),
            asking: RwSignal::new(None),
            touched: StoredValue::new(now),
            deadline: StoredValue::new(0.0),
            restored: StoredValue::new(None),
        }
    }

    /// The engine.
    pub fn engine(&self) -> Rc<Engine> {
        self.engine.get()
    }

    /// A sentence in the language of the screen.
    pub fn say(&self, text: Text) -> Signal<String> {
        let lang = self.lang;
        Signal::derive(move || text.get(lang.get()).to_owned())
    }

    /// Reads the disk and watches for people who have gone.
    pub fn begin(self) {
        let engine = self.engine();
        leptos::task::spawn_local(async move {
            let settings = engine.start_kiosk().await;
            if settings.is_some() {
                self.settings.set(settings);
                self.open().await;
            }
        });
        let clock = self.engine().ports.clock.clone();
        self.engine()
            .ports
            .page
            .on_activity(Rc::new(move || self.touched.set_value(clock.ticks())));
        leptos::task::spawn_local(async move {
            loop {
                let engine = self.engine();
                engine.ports.clock.sleep(500).await;
                self.watch(engine.ports.clock.ticks()).await;
            }
        });
    }

    /// After the disk was read, or a code was accepted: a patient who was here goes on where they were.
    pub async fn open(self) {
        let draft = self.engine().load_draft::<Draft>("answers").await;
        match draft {
            Some(draft) => {
                self.lang.set(draft.lang);
                self.restored.set_value(Some(draft));
                self.stage.set(Stage::Patient);
            }
            None => self.welcome(),
        }
    }

    /// Shows the first question.
    pub fn start(self) {
        self.touch();
        self.restored.set_value(None);
        self.stage.set(Stage::Patient);
    }

    /// Shows the first question to someone who only says that they are here.
    pub fn check_in(self) {
        self.touch();
        let mut draft = fresh(self.lang.get_untracked());
        (draft.answers.checks_in, draft.step) = (true, super::machine::Step::Birth);
        self.restored.set_value(Some(draft));
        self.stage.set(Stage::Patient);
    }

    /// What a reload found, once.
    pub fn take_restored(self) -> Option<Draft> {
        self.restored.try_update_value(Option::take).flatten()
    }

    /// Nobody is here.
    pub fn welcome(self) {
        self.restored.set_value(None);
        self.asking.set(None);
        self.lang.set(Lang::En);
        self.stage.set(Stage::Welcome);
    }

    /// As if the screen was touched now.
    pub fn touch(self) {
        self.touched.set_value(self.engine().ports.clock.ticks());
    }

    /// Someone is still there.
    pub fn more_time(self) {
        self.touch();
        self.asking.set(None);
    }

    /// Drops the answers from the disk, and from memory by loading the page anew.
    pub async fn erase(self) {
        self.restored.set_value(None);
        // The screen is emptied first, whatever the disk and the network do.
        self.asking.set(None);
        self.stage.set(Stage::Starting);
        let engine = self.engine();
        engine.discard_draft().await;
        engine.ports.page.replace(crate::routes::path::KIOSK);
    }

    async fn watch(self, now: f64) {
        let idle = now - self.touched.get_value();
        match (self.stage.get_untracked(), self.asking.get_untracked()) {
            (Stage::Patient, None) if idle >= self.patience() => {
                self.deadline.set_value(now + millis(ANSWER_SECONDS));
                self.asking.set(Some(ANSWER_SECONDS));
            }
            (Stage::Patient, Some(shown)) => {
                let left = (self.deadline.get_value() - now) / 1000.0;
                if left <= 0.0 {
                    self.erase().await;
                } else if seconds(left.ceil()) != shown {
                    self.asking.set(Some(seconds(left.ceil())));
                }
            }
            (Stage::Staff, _) if idle >= self.patience() => self.welcome(),
            _ => {}
        }
    }

    /// In milliseconds.
    fn patience(self) -> f64 {
        let set = self.engine().ports.settings.get(IDLE_SETTING);
        let set = set.and_then(|text| text.trim().parse().ok());
        millis(set.filter(|set| *set > 0).unwrap_or(IDLE_SECONDS))
    }

    /// Sets language and title of the page.
    pub fn describe(self, title: &str) {
        let practice = self.engine().status.with_untracked(|s| s.practice_name.clone());
        let title = if practice.is_empty() {
            title.to_owned()
        } else {
            format!("{title}. {practice}")
        };
        self.engine()
            .ports
            .page
            .describe(self.lang.get_untracked().tag(), &title, "kiosk");
    }

    /// Keeps title and language of a screen without a question up to date.
    pub fn describe_as(self, text: Text) {
        Effect::new(move |_| self.describe(text.get(self.lang.get())));
    }
}

fn millis(seconds: u32) -> f64 {
    f64::from(seconds) * 1000.0
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn seconds(of: f64) -> u32 {
    of.max(0.0) as u32
}

/// The first answers, for a screen that starts empty.
pub fn fresh(lang: Lang) -> Draft {
    Draft {
        answers: Answers::default(),
        step: super::machine::Step::Language,
        lang,
        from_review: false,
    }
}

/// The words for a failure of this tablet's storage.
pub fn storage_words(error: &sync::store::StoreError) -> Text {
    match error {
        sync::store::StoreError::Full => texts::STORE_FULL,
        _ => texts::STORE_FAILED,
    }
}
