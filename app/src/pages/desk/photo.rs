//! A photo of a card: from this device when it was looked at before, else from the server, else on its way.

use crate::shell::staff::context::use_desk;
use leptos::prelude::*;
use ui::{Dialog, Icon};

/// How long until a photo that is awaited is asked for again.
const LOOK_AGAIN_MILLIS: u32 = 2_000;

/// What became of the bytes.
#[derive(Clone, PartialEq)]
enum Shown {
    Asking,
    Waiting(String),
    Here(String),
}

/// One photo, asked for again whenever something arrives.
#[component]
pub fn Photo(
    hash: String,
    /// "Front of the card, Blue Ridge PPO"
    alt: String,
    /// "Front"
    side: &'static str,
) -> impl IntoView {
    let desk = use_desk();
    let shown = RwSignal::new(Shown::Asking);
    let large = RwSignal::new(false);
    let busy = StoredValue::new(false);
    let short = hash.chars().take(8).collect::<String>();
    let wanted = StoredValue::new(hash.clone());
    let version = desk.engine().version;
    let online = desk.status(|s| s.online);
    let again = RwSignal::new(0u32);
    Effect::new(move || {
        version.track();
        online.track();
        again.track();
        let done = shown.with_untracked(|shown| matches!(shown, Shown::Here(_)));
        if done || busy.get_value() {
            return;
        }
        busy.set_value(true);
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            let Some(hash) = wanted.try_get_value() else {
                return;
            };
            let now = match engine.photo(&hash).await {
                Ok(bytes) => Shown::Here(engine.ports.photos.show("image/jpeg", &bytes)),
                Err(error) => Shown::Waiting(error.to_string()),
            };
            let waits = matches!(now, Shown::Waiting(_));
            // The page may have been left meanwhile: then the address is given back at once.
            let unseen = shown.try_set(now);
            if let Some(Shown::Here(url)) = unseen {
                engine.ports.photos.release(&url);
            }
            let _gone = busy.try_set_value(false);
            // A photo may come after its entry, without a word: look again while it is awaited.
            if waits {
                engine.ports.clock.sleep(LOOK_AGAIN_MILLIS).await;
                let _left = again.try_update(|tries| *tries += 1);
            }
        });
    });
    on_cleanup(move || {
        if let Some(Shown::Here(url)) = shown.try_get_untracked() {
            desk.engine().ports.photos.release(&url);
        }
    });
    let (title, words) = (format!("Photo {short}"), StoredValue::new(alt));
    let picture = move || match shown.get() {
        Shown::Here(url) => {
            view! { <img src=url alt=words.get_value() data-hash=wanted.get_value() title=title.clone() /> }
                .into_any()
        }
        Shown::Asking => {
            view! { <p class="soft small on-way" data-hash-wait=wanted.get_value()>"Fetching the photo"</p> }
                .into_any()
        }
        Shown::Waiting(why) => view! {
            <p class="soft small on-way" title=why data-hash-wait=wanted.get_value()>
                <Icon name="clock" small=true />" Photo on its way. It comes as soon as the clinic has it."
            </p>
        }
        .into_any(),
    };
    let here = Memo::new(move |_| match shown.get() {
        Shown::Here(url) => Some(url),
        _ => None,
    });
    view! {
        <figure class="card-img">
            {picture}
            <figcaption>
                {side}
                <Show when=move || here.get().is_some()>
                    <button type="button" class="btn s quiet" on:click=move |_| large.set(true)>
                        "Enlarge"<span class="vh">" "{side}</span>
                    </button>
                </Show>
            </figcaption>
            <Dialog open=large title=side close="Close" large=true>
                {move || here.get().map(|url| view! { <img class="whole" src=url alt=words.get_value() /> })}
            </Dialog>
        </figure>
    }
}
