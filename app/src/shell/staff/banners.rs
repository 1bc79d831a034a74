//! Strips above the page: what a person must know of the machinery, and what to do about it.

use super::context::use_desk;
use crate::pages::desk::words::age;
use crate::routes::path;
use leptos::prelude::*;
use ui::{Banner, Tone};

/// After how many hours an unsent entry is worth a warning.
const OLD_HOURS: i64 = 24;

/// All of them, the gravest first.
#[component]
pub fn Banners() -> impl IntoView {
    let desk = use_desk();
    let fault = desk.status(|s| s.storage_fault.clone());
    let over = desk.status(|s| s.session_over);
    let offline = desk.status(|s| s.online == Some(false));
    let heard = desk.status(|s| s.heard_at);
    let saved = desk.status(|s| s.saved);
    let oldest = desk.status(|s| s.oldest_unsent);
    let long = desk.status(|s| s.long_queue);
    let outdated = desk.status(|s| s.outdated);
    let update = desk.status(|s| s.update_ready);
    let demo = desk.status(|s| s.demo);
    let old = Memo::new(move |_| {
        oldest
            .get()
            .filter(|then| (desk.now.get() - *then).num_hours() >= OLD_HOURS)
    });
    let heard_words = Memo::new(move |_| match heard.get() {
        Some(heard) => format!("The data here is of {}.", age(heard, desk.now.get())),
        None => "No data has been fetched yet.".to_owned(),
    });
    let waiting = move || match saved.get() {
        0 => "You can go on working.".to_owned(),
        1 => "You can go on working. 1 entry is saved here and will be sent.".to_owned(),
        n => format!("You can go on working. {n} entries are saved here and will be sent."),
    };
    let apply = move |_| desk.engine().ports.page.apply_update();
    let lock = move |_| desk.engine().lock();
    view! {
        {move || fault.get().map(|fault| view! {
            <div data-banner="storage">
                <Banner kind=Tone::Stop lead="This device cannot save." text=format!("{fault}. Do not enter more until this strip is gone.") />
            </div>
        })}
        <Show when=move || over.get()>
            <div data-banner="session">
                <Banner kind=Tone::Wait icon="key" lead="Your session is over." text="Sign in again to get news; entries still go out.">
                    <button type="button" class="btn s" on:click=lock>"Sign in again"</button>
                </Banner>
            </div>
        </Show>
        <Show when=move || offline.get()>
            <div data-banner="offline">
                <Banner
                    kind=Tone::Wait
                    icon="off"
                    lead="The clinic's server cannot be reached."
                    text=Signal::derive(move || Some(format!("{} {}", heard_words.get(), waiting())))
                />
            </div>
        </Show>
        {move || old.get().map(|then| view! {
            <div data-banner="old">
                <Banner
                    kind=Tone::Stop
                    icon="clock"
                    lead="An entry has been waiting here for more than a day."
                    text=format!("It was entered {}. Bring this device to a network.", age(then, desk.now.get_untracked()))
                >
                    <a class="btn s" href=path::OUTBOX>"See the outbox"</a>
                </Banner>
            </div>
        })}
        <Show when=move || long.get()>
            <div data-banner="long">
                <Banner
                    kind=Tone::Stop
                    icon="outbox"
                    lead="Very many entries wait here."
                    text="Bring this device to a network soon: when it is full, it takes no more. Nothing is dropped."
                >
                    <a class="btn s" href=path::OUTBOX>"See the outbox"</a>
                </Banner>
            </div>
        </Show>
        <Show when=move || outdated.get()>
            <div data-banner="outdated">
                <Banner
                    kind=Tone::Stop
                    icon="refresh"
                    lead="This version is too old for the clinic's server."
                    text="Entries still go out, but no news comes in. Finish what you are typing, then load the page again."
                >
                    <button type="button" class="btn s" on:click=apply>"Load again"</button>
                </Banner>
            </div>
        </Show>
        <Show when=move || update.get()>
            <div data-banner="update">
                <Banner kind=Tone::Note icon="refresh" lead="New version ready." text="Finish what you are typing first: the page loads again.">
                    <button type="button" class="btn s" on:click=apply>"Update"</button>
                </Banner>
            </div>
        </Show>
        <Show when=move || demo.get()>
            <div data-banner="demo">
                <Banner kind=Tone::Note lead="DEMO DATA." text="Everybody here is made up." />
            </div>
        </Show>
    }
}
