//! A photo of one side of a card: taken or chosen, judged, shown, taken again or removed; at the kiosk and at the desk.
//! It never stands in the way: the number can always be typed.

use crate::pages::kiosk::texts::texts;
use crate::ports::device::JpegPhoto;
use crate::state::use_engine;
use domain::text::{Lang, Text};
use domain::validate::FaultCode;
use leptos::prelude::*;
use ui::{Chip, Icon, Tone};
use web_sys::HtmlInputElement;

texts! {
    FRONT "Front" "Frente";
    BACK "Back" "Reverso";
    TAKE_FRONT "Take photo of the front" "Tomar foto del frente";
    TAKE_BACK "Take photo of the back" "Tomar foto del reverso";
    RETAKE_FRONT "Retake the front" "Repetir la foto del frente";
    RETAKE_BACK "Retake the back" "Repetir la foto del reverso";
    REMOVE "Remove photo" "Quitar foto";
    CLEAR "Clear" "Se ve bien";
    KNOWN "In the record" "En el expediente";
    NONE "No photo yet" "Sin foto todavía";
    READING "Reading the photo" "Leyendo la foto";
    BLURRED "This photo may be hard to read. Take it again, use it anyway, or continue without it." "Esta foto puede ser difícil de leer. Tómela de nuevo, úsela de todos modos o continúe sin ella.";
    ANYWAY "Use this photo anyway" "Usar esta foto de todos modos";
    ALT_FRONT "Your photo of the front of the card" "Su foto del frente de la tarjeta";
    ALT_BACK "Your photo of the back of the card" "Su foto del reverso de la tarjeta";
}

/// Where the photo of one side goes: a patient's answers, or a form of the desk's.
pub trait Place: Copy + Send + Sync + 'static {
    /// Front or back.
    fn is_front(self) -> bool;
    /// The photo that was taken here, followed.
    fn photo(self) -> Option<JpegPhoto>;
    /// Takes one that is good enough.
    fn keep(self, photo: JpegPhoto);
    /// Forgets it.
    fn remove(self);
    /// Told when a photo begins to be read, and when that is over.
    fn reads(self, _now: bool) {}
    /// The hash of the one that the record has, followed.
    fn known(self) -> Option<String> {
        None
    }
    /// Shows the one that the record has.
    fn show(self, _hash: String) -> AnyView {
        ().into_any()
    }
}

struct Words {
    id: &'static str,
    title: Text,
    take: Text,
    again: Text,
    alt: Text,
}

const FRONT_WORDS: Words = Words {
    id: "card-front",
    title: FRONT,
    take: TAKE_FRONT,
    again: RETAKE_FRONT,
    alt: ALT_FRONT,
};
const BACK_WORDS: Words = Words {
    id: "card-back",
    title: BACK,
    take: TAKE_BACK,
    again: RETAKE_BACK,
    alt: ALT_BACK,
};

/// The field's id.
pub fn field_id(front: bool) -> &'static str {
    if front { FRONT_WORDS.id } else { BACK_WORDS.id }
}

/// An address for the photo, given back when there is another one or none.
fn shown<P: Place>(place: P) -> RwSignal<Option<String>> {
    let engine = StoredValue::new_local(use_engine());
    let url = RwSignal::new(None::<String>);
    let held = StoredValue::new(None::<String>);
    let release = move |url: Option<String>| {
        if let (Some(engine), Some(url)) = (engine.try_get_value(), url) {
            engine.ports.photos.release(&url);
        }
    };
    Effect::new(move |_| {
        let photos = engine.get_value().ports.photos.clone();
        let fresh = place.photo().map(|photo| photos.show("image/jpeg", &photo.bytes));
        release(held.get_value());
        held.set_value(fresh.clone());
        url.set(fresh);
    });
    on_cleanup(move || release(held.try_get_value().flatten()));
    url
}

/// One side.
#[component]
pub fn Shot<P: Place>(
    place: P,
    lang: Signal<Lang>,
    /// A telephone opens its camera at once, instead of asking whether there is a file.
    #[prop(optional)]
    camera: bool,
    /// What the form says is wrong.
    #[prop(default = Signal::stored(None))]
    fault: Signal<Option<String>>,
) -> impl IntoView {
    let Words {
        id,
        title,
        take,
        again,
        alt,
    } = if place.is_front() { FRONT_WORDS } else { BACK_WORDS };
    let say = move |text: Text| move || text.get(lang.get());
    let reading = RwSignal::new(false);
    let wrong = RwSignal::new(None::<Text>);
    let doubtful = RwSignal::new_local(None::<JpegPhoto>);
    let url = shown(place);
    let known = Memo::new(move |_| place.known());
    let is_there = Memo::new(move |_| url.with(Option::is_some) || known.with(Option::is_some));
    let engine = StoredValue::new_local(use_engine());

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
        place.reads(true);
        wrong.set(None);
        doubtful.set(None);
        let photos = engine.get_value().ports.photos.clone();
        leptos::task::spawn_local(async move {
            let (said, doubt) = match photos.read(file).await {
                // A clear photo is kept at once, a doubtful one only when the person says so.
                Ok(photo) if photo.clear => {
                    place.keep(photo);
                    (None, None)
                }
                Ok(photo) => (Some(BLURRED), Some(photo)),
                Err(_) => (Some(FaultCode::PhotoUnreadable.sentence()), None),
            };
            place.reads(false);
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
            place.keep(photo);
        }
    };
    let remove = move |_| {
        wrong.set(None);
        doubtful.set(None);
        place.remove();
    };
    let picture = move || match (url.get(), known.get()) {
        (Some(url), _) => view! { <img class="thumb" src=url alt=say(alt) /> }.into_any(),
        (None, Some(hash)) => place.show(hash),
        (None, None) => view! { <span class="thumb none"><Icon name="card" /></span> }.into_any(),
    };
    let state = move || match (reading.get(), url.with(Option::is_some), is_there.get()) {
        (true, ..) => (Tone::Note, READING),
        (_, true, _) => (Tone::Ok, CLEAR),
        (_, _, true) => (Tone::Ok, KNOWN),
        _ => (Tone::Plain, NONE),
    };
    let tone = Signal::derive(move || state().0);
    let label = Signal::derive(move || state().1.get(lang.get()).to_owned());
    let fault = Signal::derive(move || {
        let read = wrong.get().map(|text| text.get(lang.get()).to_owned());
        read.or_else(|| fault.get())
    });
    view! {
        <section class="field card-shot" class:has-fault=move || fault.get().is_some() aria-labelledby=format!("{id}-title")>
            <div class="row">
                {picture}
                <div class="what">
                    <h2 id=format!("{id}-title")>{say(title)}</h2>
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
                <span>{move || if is_there.get() { again } else { take }.get(lang.get())}</span>
                <input
                    class="vh"
                    type="file"
                    id=id
                    name=id
                    accept="image/*"
                    capture=camera.then_some("environment")
                    aria-describedby=format!("{id}-fault")
                    on:change=chosen
                />
            </label>
            {move || doubtful.with(Option::is_some).then(|| view! {
                <button type="button" class="btn quiet" id=format!("{id}-anyway") on:click=use_anyway>
                    {say(ANYWAY)}<span class="vh">" "{say(title)}</span>
                </button>
            })}
            {move || is_there.get().then(|| view! {
                <button type="button" class="btn quiet" id=format!("{id}-remove") on:click=remove>
                    {say(REMOVE)}<span class="vh">" "{say(title)}</span>
                </button>
            })}
        </section>
    }
}
