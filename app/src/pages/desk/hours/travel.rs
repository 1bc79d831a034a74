//! How long it takes between two sites: nobody is booked at the second before they can be there.

use crate::pages::desk::booking::sites;
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::SiteId;
use domain::row::{Entity, Key, Row};
use domain::schedule::SetTravel;
use leptos::prelude::*;
use ui::{EmptyState, Field};

/// Each pair.
#[component]
pub fn Travel() -> impl IntoView {
    let desk = use_desk();
    let pairs = desk.live(|engine| {
        let all = sites(engine);
        let mut pairs = Vec::new();
        for (at, (a, a_name)) in all.iter().enumerate() {
            for (b, b_name) in all.iter().skip(at + 1) {
                if let (Ok(a), Ok(b)) = (a.parse(), b.parse()) {
                    let way = engine.get(Key::Row(Entity::SiteTravel, a)).into_iter().next();
                    let minutes = match way {
                        Some(Row::SiteTravel(way)) => way.to(SiteId(b)),
                        _ => 0,
                    };
                    pairs.push((SiteId(a), SiteId(b), format!("{a_name} and {b_name}"), minutes));
                }
            }
        }
        pairs
    });
    let row = move |(a, b, words, minutes): (SiteId, SiteId, String, u16)| {
        let typed = RwSignal::new(minutes.to_string());
        let id = format!("way-{a}-{b}");
        let enter = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            match typed.with_untracked(|typed| typed.trim().parse()) {
                Ok(minutes) => desk.submit(
                    "The way",
                    Command::SetTravel(SetTravel { a, b, minutes }),
                    move |done| match done {
                        Ok(_) => desk.say("Saved."),
                        Err(why) => desk.say(why),
                    },
                ),
                Err(_) => desk.say("Enter a whole number of minutes."),
            }
        };
        view! {
            <li>
                <form class="row" novalidate on:submit=enter>
                    <Field id=id label=format!("{words}, minutes") inputmode="numeric" value=typed />
                    <button type="submit" class="btn s">"Save"</button>
                </form>
            </li>
        }
    };
    view! {
        <div class="scroll pad" tabindex="0" role="region" aria-label="Between sites">
            <ul class="expected all">{move || pairs.get().into_iter().map(row).collect_view()}</ul>
            <Show when=move || pairs.with(Vec::is_empty)>
                <EmptyState icon="pin" title="There is one site" text="With a second one, the way between them is entered here." />
            </Show>
        </div>
    }
}
