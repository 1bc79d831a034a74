//! Photos of a card, front and back. They never stand in the way: the number can always be typed.

use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::photos::{Side, Taken};
use crate::pages::kiosk::texts;
use crate::ports::device::JpegPhoto;
use domain::text::Text;
use leptos::prelude::*;
use ui::{Chip, Icon, Tone};
use web_sys::HtmlInputElement;

/// Both sides of one card.
#[component]
pub fn Photos(card: u8) -> impl IntoView {
    view! {
        <div class="k-fields two">
            <Shot side=Side { card, front: true } />
            <Shot side=Side { card, front: false } />
        </div>
    }
}

struct Words {
    id: &'static str,
    title: Text,
    take: Text,
    again: Text,
    alt: Text,
}

const FRONT: Words = Words {
    id: "card-front",
    title: texts::FRONT,
    take: texts::TAKE_FRONT,
    again: texts::RETAKE_FRONT,
    alt: texts::ALT_FRONT,
};
const BACK: Words = Words {
    id: "card-back",
    title: texts::CARD_BACK,
    take: texts::TAKE_BACK,
    again: texts::RETAKE_BACK,
    alt: texts::ALT_BACK,
};

#[component]
fn Shot(side: Side) -> impl IntoView {
    let intake = use_intake();
    let words = if side.front { FRONT } else { BACK };
    let Words {
        id,
        title,
        take,
        again,
        alt,
    } = words;
    let reading = RwSignal::new(false);
    let wrong = RwSignal::new(None::<Text>);
    let doubtful = RwSignal::new_local(None::<JpegPhoto>);
    let url = RwSignal::new(None::<String>);

    let release = move |station: crate::pages::kiosk::station::Station, url: Option<String>| {
        if let Some(url) = url {
            station.engine().ports.photos.release(&url);
        }
    };
    let station = intake.station;
    let shown = StoredValue::new(None::<String>);
    Effect::new(move |_| {
        let photo = intake.photos.with(|all| all.get(&side.name()).cloned());
        let fresh = photo.map(|photo| station.engine().ports.photos.show("image/jpeg", &photo.bytes));
        release(station, shown.get_value());
        shown.set_value(fresh.clone());
        url.set(fresh);
    });
    let engine = StoredValue::new_local(station.engine());
    on_cleanup(move || {
        if let (Some(engine), Some(Some(url))) = (engine.try_get_value(), shown.try_get_value()) {
            engine.ports.photos.release(&url);
        }
    });

    let chosen = move |event: leptos::ev::Event| {
        let input: HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // So that the same file can be chosen again.
        input.set_value("");
        if reading.get_untracked() {
            return;
        }
        reading.set(true);
        wrong.set(None);
        doubtful.set(None);
        leptos::task::spawn_local(async move {
            let (said, doubt) = match intake.take_photo(side, file).await {
                Taken::Kept => (None, None),
                Taken::Doubtful(photo) => (Some(texts::PHOTO_BLURRED), Some(photo)),
                Taken::Wrong(text) => (Some(text), None),
            };
            let _gone = (
                wrong.try_set(said),
                doubtful.try_set(doubt),
                reading.try_set(false),
            );
        });
    };
    let use_anyway = move |_| {
        wrong.set(None);
        if let Some(photo) = doubtful.write().take() {
            leptos::task::spawn_local(intake.keep_photo(side, photo));
        }
    };
    let word = Signal::derive(move || {
        let text = if url.get().is_some() { again } else { take };
        text.get(intake.lang()).to_owned()
    });
    let picture = move || match url.get() {
        Some(url) => view! { <img class="thumb" src=url alt=intake.say(alt) /> }.into_any(),
        None => view! { <span class="thumb none"><Icon name="card" /></span> }.into_any(),
    };
    let state = Signal::derive(move || {
        let (tone, text) = match (reading.get(), wrong.get(), url.get()) {
            (true, ..) => (Tone::Note, texts::PHOTO_READING),
            (_, _, Some(_)) => (Tone::Ok, texts::PHOTO_CLEAR),
            _ => (Tone::Plain, texts::PHOTO_NONE),
        };
        (tone, text.get(intake.lang()).to_owned())
    });
    let fault = Signal::derive(move || {
        let read = wrong.get().map(|text| text.get(intake.lang()).to_owned());
        read.or_else(|| intake.fault(id).get())
    });
    let tone = Signal::derive(move || state.get().0);
    let label = Signal::derive(move || state.get().1);
    view! {
        <section class="field k-shot" class:has-fault=move || fault.get().is_some() aria-labelledby=format!("{id}-title")>
            <div class="row">
                {picture}
                <div class="what">
                    <h2 id=format!("{id}-title")>{intake.say(title)}</h2>
                    <span role="status"><Chip kind=tone label /></span>
                </div>
            </div>
            <div role="alert">
                {move || fault.get().map(|text| view! {
                    <p class="fault" id=format!("{id}-fault")><Icon name="stop" /><span>{text}</span></p>
                })}
            </div>
            <label class="btn tint file" for=id>
                <Icon name="camera" />
                <span>{word}</span>
                <input
                    class="vh"
                    type="file"
                    id=id
                    name=id
                    accept="image/*"
                    capture="environment"
                    aria-describedby=format!("{id}-fault")
                    on:change=chosen
                />
            </label>
            {move || doubtful.with(Option::is_some).then(|| view! {
                <button type="button" class="btn quiet" id=format!("{id}-anyway") on:click=use_anyway>
                    {intake.say(texts::PHOTO_ANYWAY)}
                    <span class="vh">{intake.say(title)}</span>
                </button>
            })}
            {move || url.get().is_some().then(|| view! {
                <button
                    type="button"
                    class="btn quiet"
                    id=format!("{id}-remove")
                    on:click=move |_| {
                        wrong.set(None);
                        doubtful.set(None);
                        intake.drop_photo(side);
                    }
                >
                    {intake.say(texts::REMOVE_PHOTO)}
                    <span class="vh">{intake.say(title)}</span>
                </button>
            })}
        </section>
    }
}
