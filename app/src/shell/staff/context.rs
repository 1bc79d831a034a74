//! What every staff page shares: the engine, the time, the keys, what was just entered, and the way to another page.

use crate::routes::path;
use crate::state::{Engine, EngineHandle, Status, SubmitError};
use chrono::{DateTime, NaiveDate, Utc};
use domain::access::{Role, may_command};
use domain::command::{Command, CommandName};
use domain::id::{CommandId, PatientId};
use domain::row::Entity;
use domain::text::Lang;
use leptos::prelude::*;
use std::rc::Rc;
use sync::device::Photo;
use ui::Toast;

/// How long a message stays.
const TOAST_MILLIS: u32 = 6_000;
/// How long one stays that offers something.
const OFFER_MILLIS: u32 = 10_000;

/// What was entered last, so that its way can be shown.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// In words.
    pub what: String,
    /// Its command.
    pub id: CommandId,
    /// Whom it is about.
    pub patient: Option<PatientId>,
}

type Goer = Rc<dyn Fn(&str, bool)>;

/// See the module.
#[derive(Clone, Copy)]
pub struct Desk {
    handle: EngineHandle,
    /// Now, to the second.
    pub now: RwSignal<DateTime<Utc>>,
    minute: Memo<i64>,
    /// The window is a phone's.
    pub narrow: RwSignal<bool>,
    /// Single keys do something.
    pub single_keys: RwSignal<bool>,
    /// Lists that others can see show "Elena D.".
    pub counter: RwSignal<bool>,
    /// The list of keys is open.
    pub help: RwSignal<bool>,
    /// Short messages.
    pub toasts: RwSignal<Vec<Toast>>,
    /// What was entered last.
    pub entry: RwSignal<Option<Entry>>,
    goer: StoredValue<Option<Goer>, LocalStorage>,
    keys: StoredValue<Vec<(u64, Callback<String, bool>)>>,
    next: StoredValue<u64>,
    day: StoredValue<Option<((i64, u64), NaiveDate)>>,
}

/// What pages share. The staff shell provides it.
#[allow(clippy::expect_used)]
pub fn use_desk() -> Desk {
    use_context::<Desk>().expect("the staff shell provides the desk")
}

impl Desk {
    /// For one page load.
    pub fn new(handle: EngineHandle) -> Desk {
        let engine = handle.get();
        let on = |name: &str| engine.ports.settings.get(name).as_deref() != Some("off");
        let now = RwSignal::new(engine.ports.clock.now());
        Desk {
            handle,
            now,
            minute: Memo::new(move |_| now.get().timestamp() / 60),
            narrow: RwSignal::new(engine.ports.page.width() < 640.0),
            single_keys: RwSignal::new(on("single-keys")),
            counter: RwSignal::new(on("counter-mode")),
            help: RwSignal::new(false),
            toasts: RwSignal::new(Vec::new()),
            entry: RwSignal::new(None),
            goer: StoredValue::new_local(None),
            keys: StoredValue::new(Vec::new()),
            next: StoredValue::new(0),
            day: StoredValue::new(None),
        }
    }

    /// The engine.
    pub fn engine(&self) -> Rc<Engine> {
        self.handle.get()
    }

    /// Something read from the replica that follows it, and the time by the minute.
    pub fn live<T>(&self, read: impl Fn(&Engine) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        let (handle, minute) = (self.handle, self.minute);
        Memo::new(move |_| {
            // What is to come now is over in a while.
            minute.track();
            handle.get().follow(|engine| read(engine))
        })
    }

    /// Where a patient's record is, as this width shows it; follows the width.
    pub fn record_path(&self, id: PatientId) -> String {
        match self.narrow.get() {
            true => path::today_patient(id),
            false => path::patient(id),
        }
    }

    /// Something of the machinery's status.
    pub fn status<T>(&self, read: impl Fn(&Status) -> T + Send + Sync + 'static) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        let status = self.engine().status;
        Memo::new(move |_| status.with(&read))
    }

    /// Who is at work; a shell shows no page before that is known.
    pub fn role(&self) -> Option<Role> {
        self.engine().status.with_untracked(|status| status.role)
    }

    /// Whether the person at work may give a command.
    pub fn may(&self, command: CommandName) -> bool {
        self.role().is_some_and(|role| may_command(role, command))
    }

    /// Whether this device holds rows of a kind for the person at work.
    pub fn holds(&self, entity: Entity) -> bool {
        self.role().is_some_and(|role| role.may_hold(entity))
    }

    /// The site's day.
    pub fn today(&self) -> NaiveDate {
        let engine = self.engine();
        let now = engine.ports.clock.now();
        // Zones are slow to ask for, and lists ask for every row: once a minute, and after news, is enough.
        let key = (now.timestamp() / 60, engine.version.get_untracked());
        if let Some((known, day)) = self.day.get_value()
            && known == key
        {
            return day;
        }
        let day = crate::pages::desk::when::local(&engine, now).date();
        self.day.set_value(Some((key, day)));
        day
    }

    /// Saves a command. The words for what happened come back: the entry's id, or why not.
    pub fn submit(
        &self,
        what: impl Into<String>,
        command: Command,
        after: impl FnOnce(Result<CommandId, String>) + 'static,
    ) {
        self.submit_with(what, command, Vec::new(), after);
    }

    /// The same, with photos that go with it.
    pub fn submit_with(
        &self,
        what: impl Into<String>,
        command: Command,
        photos: Vec<Photo>,
        after: impl FnOnce(Result<CommandId, String>) + 'static,
    ) {
        let (desk, engine, what) = (*self, self.engine(), what.into());
        let patient = command.patient_id();
        leptos::task::spawn_local(async move {
            let done = engine.submit(command, &photos).await;
            if let Ok(id) = &done {
                desk.entry.set(Some(Entry {
                    what,
                    id: *id,
                    patient,
                }));
            }
            after(done.map_err(|error| why_not(&error)));
        });
    }

    /// Saves a command; says why when it is not saved.
    pub fn enter(&self, what: impl Into<String>, command: Command) {
        let desk = *self;
        self.submit(what, command, move |done| {
            if let Err(why) = done {
                desk.say(why);
            }
        });
    }

    /// Says something for a few seconds.
    pub fn say(&self, text: impl Into<String>) {
        self.toast(text.into(), None, TOAST_MILLIS);
    }

    /// Says something with one thing to do about it, long enough to decide.
    pub fn offer(&self, text: impl Into<String>, word: &str, act: Callback<()>) {
        // What was offered before is no longer the last thing that was done.
        self.toasts
            .update(|all| all.retain(|toast| toast.action.is_none()));
        self.toast(text.into(), Some((word.to_owned(), act)), OFFER_MILLIS);
    }

    fn toast(&self, text: String, action: Option<(String, Callback<()>)>, millis: u32) {
        let id = self.number();
        self.toasts.update(|all| all.push(Toast { id, text, action }));
        let (desk, clock) = (*self, self.engine().ports.clock.clone());
        leptos::task::spawn_local(async move {
            clock.sleep(millis).await;
            desk.toasts.update(|all| all.retain(|toast| toast.id != id));
        });
    }

    /// Sets how to go to another page; inside the router.
    pub fn set_goer(&self, goer: impl Fn(&str, bool) + 'static) {
        self.goer.set_value(Some(Rc::new(goer)));
    }

    /// Goes to another page.
    pub fn go(&self, path: &str) {
        if let Some(goer) = self.goer.get_value() {
            goer(path, false);
        }
    }

    /// Goes to another page, leaving none behind.
    pub fn replace(&self, path: &str) {
        if let Some(goer) = self.goer.get_value() {
            goer(path, true);
        }
    }

    /// Takes keys while the caller's page is shown; the newest page is asked first.
    pub fn on_keys(&self, pressed: impl Fn(&str) -> bool + Send + Sync + 'static) {
        let (id, keys) = (self.number(), self.keys);
        keys.update_value(|all| all.push((id, Callback::new(move |key: String| pressed(&key)))));
        on_cleanup(move || {
            let _gone = keys.try_update_value(|all| all.retain(|(known, _)| *known != id));
        });
    }

    /// Gives a key to the pages, the newest first.
    pub fn press(&self, key: &str) -> bool {
        let all = self.keys.get_value();
        all.iter().rev().any(|(_, pressed)| pressed.run(key.to_owned()))
    }

    /// Keeps a switch.
    pub fn keep(&self, name: &str, on: bool) {
        self.engine()
            .ports
            .settings
            .set(name, if on { "on" } else { "off" });
    }

    fn number(&self) -> u64 {
        self.next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default()
    }
}

/// Why a command was not saved, as a sentence.
pub fn why_not(error: &SubmitError) -> String {
    match error {
        SubmitError::Refused(refusal) => refusal.sentence(Lang::En),
        SubmitError::Storage(error) => format!("Not saved: {error}. What you typed is still here."),
        SubmitError::Locked => "Unlock this device first.".to_owned(),
    }
}
