//! One patient's answers: where they are, what is wrong, how they go on and back, and how it is sent.

use super::answers::{Answers, Draft};
use super::check::{FieldFault, faults};
use super::machine::{self, Forms, Step};
use super::station::{Stage, Station, fresh, storage_words};
use super::submission::{Surroundings, submit_args};
use super::texts;
use crate::ports::device::JpegPhoto;
use crate::ports::server::KioskSettings;
use crate::state::SubmitError;
use domain::command::Command;
use domain::id::IntakeId;
use domain::text::{Lang, Text};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::rc::Rc;
use sync::device::Photo;

type Flush = Rc<dyn Fn(&mut Answers)>;

/// What was typed is kept after so long.
const KEEP_MILLIS: u32 = 400;

/// What can be wrong beside a field, or with the whole.
#[derive(Clone, PartialEq)]
pub struct Trouble {
    /// The field's id.
    pub id: String,
    /// What to do.
    pub text: Text,
}

/// See the module. A handle, for closures; all it holds goes when the screen goes.
#[derive(Clone, Copy)]
pub struct Intake {
    /// Where it runs.
    pub station: Station,
    /// The forms as they were when this patient began.
    pub settings: StoredValue<KioskSettings>,
    /// Answers, as of the last step.
    pub answers: RwSignal<Answers>,
    /// Where they are.
    pub step: RwSignal<Step>,
    /// Page within a step: of a text, of a long list, of the review.
    pub page: RwSignal<usize>,
    /// Pages of this step.
    pub pages: RwSignal<usize>,
    /// What is wrong on this screen.
    pub troubles: RwSignal<Vec<Trouble>>,
    /// Counts the tries.
    pub attempt: RwSignal<u32>,
    /// Being sent.
    pub busy: RwSignal<bool>,
    /// Photos by name: "front1".
    pub photos: RwSignal<BTreeMap<String, JpegPhoto>, LocalStorage>,
    from_review: RwSignal<bool>,
    bound: StoredValue<Vec<Flush>, LocalStorage>,
    dirty: StoredValue<bool>,
}

/// The intake, from context.
#[allow(clippy::expect_used)]
pub fn use_intake() -> Intake {
    use_context::<Intake>().expect("the flow provides its intake")
}

impl Intake {
    /// From the start, or where a reload found it.
    pub fn new(station: Station, settings: KioskSettings) -> Intake {
        let draft = station
            .take_restored()
            .unwrap_or_else(|| fresh(station.lang.get_untracked()));
        let intake = Intake {
            station,
            settings: StoredValue::new(settings),
            answers: RwSignal::new(draft.answers),
            step: RwSignal::new(draft.step),
            page: RwSignal::new(0),
            pages: RwSignal::new(1),
            troubles: RwSignal::new(Vec::new()),
            attempt: RwSignal::new(0),
            busy: RwSignal::new(false),
            photos: RwSignal::new_local(BTreeMap::new()),
            from_review: RwSignal::new(draft.from_review),
            bound: StoredValue::new_local(Vec::new()),
            dirty: StoredValue::new(false),
        };
        // The forms may have changed since the draft was kept.
        let list = intake.with_answers(|answers| intake.list(answers));
        if !list.contains(&intake.step.get_untracked()) {
            intake.step.set(machine::next(intake.step.get_untracked(), &list));
        }
        intake.restore_photos();
        intake
    }

    /// Language of the screen.
    pub fn lang(self) -> Lang {
        self.station.lang.get()
    }

    /// A sentence in the language of the screen.
    pub fn say(self, text: Text) -> Signal<String> {
        self.station.say(text)
    }

    /// The answers without following them.
    pub fn with_answers<T>(self, f: impl FnOnce(&Answers) -> T) -> T {
        self.answers.with_untracked(f)
    }

    /// Keys of the consents, in order.
    pub fn consent_keys(self) -> Vec<String> {
        self.settings
            .with_value(|s| s.consents.iter().map(|form| form.id.to_string()).collect())
    }

    /// All steps for some answers.
    pub fn list(self, answers: &Answers) -> Vec<Step> {
        let consents = self.consent_keys();
        let today = self.station.engine().ports.clock.now().date_naive();
        self.settings.with_value(|settings| {
            machine::steps(
                answers,
                Forms {
                    forms: settings.forms(),
                    consents: &consents,
                    today,
                },
            )
        })
    }

    /// A signal for one answer; what it holds is taken over when the step ends.
    pub fn bind<T>(self, place: impl for<'a> Fn(&'a mut Answers) -> &'a mut T + 'static) -> RwSignal<T>
    where
        T: Clone + Default + Send + Sync + 'static,
    {
        let mut answers = self.answers.get_untracked();
        let signal = RwSignal::new(std::mem::take(place(&mut answers)));
        self.on_flush(move |answers| {
            if let Some(value) = signal.try_get_untracked() {
                *place(answers) = value;
            }
        });
        signal
    }

    /// What to do when the answers of this step are taken over.
    pub fn on_flush(self, take: impl Fn(&mut Answers) + 'static) {
        self.bound.update_value(|bound| bound.push(Rc::new(take)));
    }

    /// Begins a step with nothing bound.
    pub fn clear_bound(self) {
        self.bound.update_value(Vec::clear);
    }

    /// Takes the answers of this step over.
    pub fn flush(self) {
        let bound = self.bound.get_value();
        self.answers
            .update(|answers| bound.iter().for_each(|take| take(answers)));
    }

    /// Takes over and keeps on the disk.
    pub fn save(self) {
        self.flush();
        let draft = Draft {
            answers: self.answers.get_untracked(),
            step: self.step.get_untracked(),
            lang: self.station.lang.get_untracked(),
            from_review: self.from_review.get_untracked(),
        };
        let engine = self.station.engine();
        leptos::task::spawn_local(async move {
            if self.gone() {
                return;
            }
            if let Err(error) = engine.save_draft("answers", &draft).await
                && !self.gone()
            {
                self.trouble("question-title", storage_words(&error));
            }
        });
    }

    /// Something was typed: it is kept soon, so that a reload loses at most a moment.
    pub fn typed(self) {
        if self.dirty.get_value() {
            return;
        }
        self.dirty.set_value(true);
        let engine = self.station.engine();
        leptos::task::spawn_local(async move {
            engine.ports.clock.sleep(KEEP_MILLIS).await;
            if !self.gone() {
                self.dirty.set_value(false);
                self.save();
            }
        });
    }

    /// Whether this patient has left, so that nothing of theirs is written any more.
    pub fn gone(self) -> bool {
        self.answers.try_get_untracked().is_none() || self.station.stage.get_untracked() != Stage::Patient
    }

    /// Says one thing that is wrong.
    pub fn trouble(self, id: &str, text: Text) {
        self.troubles.set(vec![Trouble {
            id: id.to_owned(),
            text,
        }]);
        self.attempt.update(|count| *count += 1);
    }

    /// What is wrong beside a field.
    pub fn fault(self, id: impl Into<String>) -> Signal<Option<String>> {
        let id = id.into();
        Signal::derive(move || {
            let text = self
                .troubles
                .with(|all| all.iter().find(|one| one.id == id).map(|one| one.text));
            text.map(|text| text.get(self.lang()).to_owned())
        })
    }

    fn check(self, step: Step) -> Vec<FieldFault> {
        let now = self.station.engine().ports.clock.now();
        let lang = self.station.lang.get_untracked();
        self.settings.with_value(|settings| {
            let around = Surroundings {
                consents: &settings.consents,
                lang,
                now,
            };
            self.with_answers(|answers| faults(step, answers, settings.forms(), around))
        })
    }

    /// Says what is wrong with a step; whether anything is.
    fn complain(self, found: Vec<FieldFault>) -> bool {
        let list: Vec<Trouble> = found
            .into_iter()
            .map(|(id, code)| Trouble {
                id,
                text: code.sentence(),
            })
            .collect();
        let wrong = !list.is_empty();
        self.troubles.set(list);
        if wrong {
            self.attempt.update(|count| *count += 1);
        }
        wrong
    }

    /// Continue: turns the page, or checks the step and goes on. At the end it sends.
    pub fn go_on(self) {
        self.flush();
        if self.page.get_untracked() + 1 < self.pages.get_untracked() {
            self.troubles.set(Vec::new());
            return self.page.update(|page| *page += 1);
        }
        let step = self.step.get_untracked();
        if self.complain(self.check(step)) {
            return;
        }
        let list = self.with_answers(|answers| self.list(answers));
        if step == Step::Review {
            return self.send(list);
        }
        let next = match self.from_review.get_untracked() {
            // Back to the review, unless the change brought new questions.
            true => list
                .iter()
                .copied()
                .find(|one| !self.check(*one).is_empty())
                .unwrap_or(Step::Review),
            false => machine::next(step, &list),
        };
        self.enter(next);
    }

    /// Back: turns the page, or goes to the step before.
    pub fn go_back(self) {
        self.flush();
        if self.page.get_untracked() > 0 {
            return self.page.update(|page| *page -= 1);
        }
        let list = self.with_answers(|answers| self.list(answers));
        let before = match self.from_review.get_untracked() {
            true => Some(Step::Review),
            false => machine::back(self.step.get_untracked(), &list),
        };
        match before {
            Some(step) => self.enter(step),
            None => leptos::task::spawn_local(async move {
                self.station.welcome();
                self.station.engine().discard_draft().await;
            }),
        }
    }

    /// From the review to one step and back.
    pub fn change(self, step: Step) {
        self.flush();
        self.enter(step);
        self.from_review.set(true);
        self.save();
    }

    fn enter(self, step: Step) {
        if step == Step::Review {
            self.from_review.set(false);
        }
        self.troubles.set(Vec::new());
        // What the old step bound was taken over; the new one binds its own.
        self.clear_bound();
        batch(self, step);
        self.save();
    }

    /// Another language; every answer stays.
    pub fn speak(self, lang: Lang) {
        self.station.lang.set(lang);
        self.save();
    }

    fn send(self, list: Vec<Step>) {
        if let Some((step, found)) = list
            .into_iter()
            .map(|step| (step, self.check(step)))
            .find(|(_, found)| !found.is_empty())
        {
            self.change(step);
            self.complain(found);
            return;
        }
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let engine = self.station.engine();
        let lang = self.station.lang.get_untracked();
        let now = engine.ports.clock.now();
        let answers = self.answers.get_untracked();
        let id = IntakeId(engine.new_id());
        let args = self
            .settings
            .with_value(|settings| submit_args(id, &answers, settings, lang, now));
        let wanted = args.content.photos();
        let mut photos: Vec<Photo> = Vec::new();
        self.photos.with_untracked(|all| {
            for photo in all.values().filter(|photo| wanted.contains(&photo.hash)) {
                if !photos.iter().any(|known| known.hash == photo.hash) {
                    photos.push(Photo {
                        hash: photo.hash.clone(),
                        bytes: photo.bytes.clone(),
                    });
                }
            }
        });
        leptos::task::spawn_local(async move {
            let sent = engine.submit_draft(Command::SubmitIntake(args), &photos).await;
            match sent {
                Ok(id) => self.station.stage.set(Stage::Done(id)),
                Err(error) => {
                    self.busy.set(false);
                    self.trouble("question-title", submit_words(&error));
                }
            }
        });
    }
}

fn batch(intake: Intake, step: Step) {
    intake.pages.set(1);
    intake.page.set(0);
    intake.step.set(step);
}

fn submit_words(error: &SubmitError) -> Text {
    match error {
        SubmitError::Storage(error) => storage_words(error),
        SubmitError::Refused(_) | SubmitError::Locked => texts::REFUSED,
    }
}
