//! What staff see of a kiosk: its name, what waits, and how old that is. Nothing of any patient.

use super::frame::{Help, TopBar};
use super::station::use_station;
use super::texts;
use crate::state::age_words;
use leptos::prelude::*;
use ui::{Icon, KeyValue};

/// Behind the PIN.
#[component]
pub fn StaffPage() -> impl IntoView {
    let station = use_station();
    station.describe_as(texts::STAFF_TITLE);
    let engine = station.engine();
    let status = engine.status;
    engine.ports.page.focus("question-title");
    engine.poke();
    let rows = Signal::derive(move || {
        let lang = station.lang.get();
        let now = station.engine().ports.clock.now();
        let age = |then: Option<_>| then.map(|then| age_words(then, now, lang)).unwrap_or_default();
        let (label, site) = station.settings.with(|s| {
            s.as_ref()
                .map(|s| (s.label.clone(), s.site_name.clone()))
                .unwrap_or_default()
        });
        status.with(|s| {
            let network = match s.online {
                Some(true) => texts::ONLINE.get(lang),
                Some(false) => texts::OFFLINE.get(lang),
                None => "",
            };
            let storage = match (&s.storage_fault, s.persisted) {
                (Some(fault), _) => fault.clone(),
                (None, true) => texts::STORAGE_OK.get(lang).to_owned(),
                (None, false) => texts::STORAGE_WEAK.get(lang).to_owned(),
            };
            vec![
                (texts::STAFF_LABEL, label),
                (texts::STAFF_SITE, site),
                (texts::STAFF_SAVED, s.saved.to_string()),
                (texts::STAFF_OLDEST, age(s.oldest_unsent)),
                (texts::STAFF_SENT, s.sent.to_string()),
                (texts::STAFF_DECIDE, s.needs_decision.to_string()),
                (texts::STAFF_HEARD, age(s.heard_at)),
                (texts::STAFF_NETWORK, network.to_owned()),
                (texts::STAFF_STORAGE, storage),
            ]
            .into_iter()
            .chain(
                s.update_ready
                    .then(|| (texts::STAFF_UPDATE, texts::UPDATE_SOON.get(lang).to_owned())),
            )
            .map(|(name, value)| (name.get(lang).to_owned(), value))
            .collect::<Vec<_>>()
        })
    });
    view! {
        <div class="kiosk" data-step="staff">
            <TopBar />
            <main class="k-main">
                <h1 id="question-title" tabindex="-1">{station.say(texts::STAFF_TITLE)}</h1>
                <div class="k-facts"><KeyValue rows none=station.say(texts::NONE) /></div>
            </main>
            <p class="k-saved"></p>
            <footer class="k-actions">
                <Help />
                <button type="button" class="btn primary" id="back-to-patients" on:click=move |_| station.welcome()>
                    {station.say(texts::BACK_TO_PATIENTS)}
                    <Icon name="go" />
                </button>
            </footer>
        </div>
    }
}
