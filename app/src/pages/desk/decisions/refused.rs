//! An entry of this very device that the clinic did not take, before its row in the tray has come.

use crate::pages::desk::when::moment;
use crate::pages::desk::words::command_words;
use crate::shell::staff::context::use_desk;
use crate::state::OutboxItem;
use leptos::prelude::*;
use ui::{Chip, Tone};

/// One of them.
#[component]
pub fn Refused(item: OutboxItem) -> impl IntoView {
    let desk = use_desk();
    let what = command_words(&item.command);
    let title = match &item.patient {
        Some(name) => format!("{what} for {name} was not taken"),
        None => format!("{what} was not taken"),
    };
    let (seq, heading) = (item.seq, format!("refused-{}", item.seq));
    let labelled = heading.clone();
    let when = moment(&desk.engine(), item.entered_at);
    let seen = move |_| {
        let engine = desk.engine();
        leptos::task::spawn_local(async move { engine.dismiss(seq).await });
    };
    view! {
        <article class="case" aria-labelledby=labelled data-refused=seq.to_string()>
            <header>
                <h2 id=heading>{title}</h2>
                <Chip kind=Tone::Stop icon="xc" label="Not taken" />
                <p>{item.refusal.unwrap_or_else(|| "The clinic's server did not say why.".to_owned())}</p>
            </header>
            <div class="one">
                <div><h3>"What"</h3><p class="val">{what}</p></div>
                <div><h3>"When"</h3><p>{format!("{when}, on this device")}</p></div>
            </div>
            <footer><button type="button" class="btn" on:click=seen>"I have seen this"</button></footer>
        </article>
    }
}
