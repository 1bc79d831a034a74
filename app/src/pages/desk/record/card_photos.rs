//! Photos of an insurance card, both sides: in the form of a coverage, and by themselves. Taken without a network too.

use crate::pages::desk::form::Problems;
use crate::pages::desk::photo::Photo;
use crate::pages::shot::{Place, Shot, field_id};
use crate::ports::device::JpegPhoto;
use crate::shell::staff::context::{Desk, use_desk};
use domain::command::Command;
use domain::coverage::{Coverage, Eligibility, RecordCoverage, Source};
use domain::id::{CommandId, CoverageId};
use domain::text::Lang;
use leptos::prelude::*;
use sync::device;
use ui::{Banner, Problem};

const STILL_READ: &str = "The photo is still being read. Wait a moment, then save again.";

/// One side in a form.
#[derive(Clone, Copy)]
struct CardSide {
    front: bool,
    /// The hash of the one that the record has.
    known: RwSignal<Option<String>>,
    /// The record's photo is still of this card.
    same: Signal<bool>,
    fresh: RwSignal<Option<JpegPhoto>, LocalStorage>,
    reading: RwSignal<bool>,
}

impl CardSide {
    fn new(front: bool, known: Option<String>, same: Signal<bool>) -> CardSide {
        CardSide {
            front,
            known: RwSignal::new(known),
            same,
            fresh: RwSignal::new_local(None),
            reading: RwSignal::new(false),
        }
    }

    fn hash(self) -> Option<String> {
        let fresh = self
            .fresh
            .with_untracked(|photo| photo.as_ref().map(|photo| photo.hash.clone()));
        let known = || self.known.get_untracked().filter(|_| self.same.get_untracked());
        fresh.or_else(known)
    }
}

impl Place for CardSide {
    fn is_front(self) -> bool {
        self.front
    }

    fn photo(self) -> Option<JpegPhoto> {
        self.fresh.get()
    }

    fn keep(self, photo: JpegPhoto) {
        // The form may have been closed while it was read.
        let _closed = self.fresh.try_set(Some(photo));
    }

    fn remove(self) {
        self.fresh.set(None);
        self.known.set(None);
    }

    fn reads(self, now: bool) {
        let _closed = self.reading.try_set(now);
    }

    fn known(self) -> Option<String> {
        self.known.get().filter(|_| self.same.get())
    }

    fn show(self, hash: String) -> AnyView {
        let side = if self.front { "Front" } else { "Back" };
        let alt = format!("{side} of the card, as recorded");
        view! { <Photo hash alt side /> }.into_any()
    }
}

/// Both sides in a form.
#[derive(Clone, Copy)]
pub struct CardPhotos {
    front: CardSide,
    back: CardSide,
}

impl CardPhotos {
    /// Those that a coverage has, for as long as the card is the `same`.
    pub fn of(coverage: Option<&Coverage>, same: Signal<bool>) -> CardPhotos {
        let known = |side: fn(&Coverage) -> Option<String>| coverage.and_then(side);
        CardPhotos {
            front: CardSide::new(true, known(|one| one.card_front.clone()), same),
            back: CardSide::new(false, known(|one| one.card_back.clone()), same),
        }
    }

    /// What a coverage says of its front and back.
    pub fn hashes(self) -> (Option<String>, Option<String>) {
        (self.front.hash(), self.back.hash())
    }

    /// What is still being read, and would be left out.
    pub fn unread(self) -> Vec<Problem> {
        let sides = [self.front, self.back].into_iter();
        let unread = sides.filter(|side| side.reading.get_untracked());
        unread
            .map(|side| Problem::new(field_id(side.front), STILL_READ))
            .collect()
    }

    /// Those that were taken here and go with the command.
    fn fresh(self) -> Vec<device::Photo> {
        let fresh = |side: CardSide| side.fresh.get_untracked();
        [fresh(self.front), fresh(self.back)]
            .into_iter()
            .flatten()
            .map(|photo| device::Photo {
                hash: photo.hash,
                bytes: photo.bytes,
            })
            .collect()
    }
}

/// Saves a coverage with the photos that were taken for it.
pub fn record(
    desk: Desk,
    args: RecordCoverage,
    photos: CardPhotos,
    after: impl FnOnce(Result<CommandId, String>) + 'static,
) {
    let (engine, photos) = (desk.engine(), photos.fresh());
    leptos::task::spawn_local(async move {
        // What goes to the server is sealed for the server alone. This desk shows what it took, too.
        for photo in &photos {
            engine.remember_photo(&photo.hash, &photo.bytes).await;
        }
        let what = format!("Insurance {}", args.coverage.payer_name);
        desk.submit_with(what, Command::RecordCoverage(args), photos, after);
    });
}

/// The fields of both sides.
#[component]
pub fn CardShots(photos: CardPhotos, problems: Problems) -> impl IntoView {
    let lang = Signal::stored(Lang::En);
    // Said only for as long as it is so.
    let fault = move |side: CardSide| {
        let found = problems.at(field_id(side.front));
        Signal::derive(move || found.get().filter(|_| side.reading.get()))
    };
    view! {
        <div class="cols">
            <Shot place=photos.front lang fault=fault(photos.front) />
            <Shot place=photos.back lang fault=fault(photos.back) />
        </div>
    }
}

/// Photos of a card that is recorded already; it closes its dialog when they are saved.
#[component]
pub fn CardPhotosForm(coverage: Coverage, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let photos = CardPhotos::of(Some(&coverage), Signal::stored(true));
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let old = StoredValue::new(coverage);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || !problems.show(photos.unread()) {
            return;
        }
        let old = old.get_value();
        let (card_front, card_back) = photos.hashes();
        if (&card_front, &card_back) == (&old.card_front, &old.card_back) {
            open.set(false);
            return;
        }
        busy.set(true);
        let engine = desk.engine();
        // The same insurance from the same day on: only what is known of its card is another.
        let replaces_from = old.effective_on;
        let coverage = Coverage {
            id: CoverageId(engine.new_id()),
            replaces_id: Some(old.id),
            card_front,
            card_back,
            eligibility: Eligibility::NotChecked,
            source: Source::Staff,
            recorded_at: engine.ports.clock.now(),
            ..old
        };
        let args = RecordCoverage {
            coverage,
            replaces_from,
        };
        record(desk, args, photos, move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(wrong.try_set(Some(why))),
            }
        });
    };
    view! {
        <form class="form" novalidate on:submit=save>
            <div role="alert">{move || wrong.get().map(|why| view! { <Banner kind=ui::Tone::Stop icon="stop" lead="Not saved." text=why /> })}</div>
            <CardShots photos problems />
            <div class="ends">
                <button type="submit" class="btn primary" id="save-card" aria-busy=move || busy.get().to_string()>"Save photos"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
