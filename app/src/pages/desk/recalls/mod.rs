//! Recalls: who is to come again, who is late, how they were told, and who has a time.

pub mod acts;
pub mod card;
mod data;
mod form;
mod letters;
mod list;

pub use form::{RecallDialog, RecallForm};

use super::booking::sites;
use super::counter::CounterMode;
use super::page::{NotYours, Page};
use crate::pages::desk::booking::people;
use crate::shell::staff::context::use_desk;
use acts::Acts;
use data::{Wanted, due};
use domain::command::CommandName;
use domain::id::{PractitionerId, SiteId};
use domain::recalls::Standing;
use leptos::prelude::*;
use letters::Letters;
use list::Recalls;
use ui::{Dialog, Icon, SelectField};

/// What can be looked at, beside what is due.
const STANDINGS: [(Standing, &str, &str); 5] = [
    (Standing::Overdue, "overdue", "Overdue"),
    (Standing::Soon, "soon", "Due within 30 days"),
    (Standing::Later, "later", "Later"),
    (Standing::Booked, "booked", "Booked"),
    (Standing::Closed, "closed", "Closed"),
];

/// The page.
#[component]
pub fn RecallsPage() -> impl IntoView {
    let desk = use_desk();
    if !desk.may(CommandName::CloseRecall) {
        return view! { <NotYours /> }.into_any();
    }
    let text = || RwSignal::new(String::new());
    let (shown, site, with) = (text(), text(), text());
    let standing = Memo::new(move |_| {
        let found = shown.with(|shown| STANDINGS.into_iter().find(|(_, key, _)| key == shown));
        found.map(|(standing, ..)| standing)
    });
    let today = Memo::new(move |_| {
        desk.now.track();
        desk.today()
    });
    let lines = desk.live(move |engine| {
        let wanted = Wanted {
            standing: standing.get(),
            site: site.with(|site| site.parse().ok().map(SiteId)),
            with: with.with(|with| with.parse().ok().map(PractitionerId)),
        };
        due(engine, &wanted, today.get())
    });
    let facts = move || {
        let all = lines.with(Vec::len);
        let late = lines.with(|lines| {
            let is_late = |line: &&data::Line| line.standing == Standing::Overdue;
            lines.iter().filter(is_late).count()
        });
        match (all, late) {
            (0, _) => "Nobody".to_owned(),
            (all, 0) => format!("{all} on the list"),
            (all, late) => format!("{all} on the list, {late} overdue"),
        }
    };
    let acts = Acts::new();
    let writing = RwSignal::new(false);
    let some = move || standing.get() != Some(Standing::Booked) && standing.get() != Some(Standing::Closed);
    let options = STANDINGS.map(|(_, key, word)| (key.to_owned(), word.to_owned()));
    let known = desk.live(sites);
    let people = desk.live(people);
    view! {
        <Page title="Recalls">
            <div class="page-head">
                <div><h1>"Recalls"</h1><p class="sub" role="status">{facts}</p></div>
                <span class="push"></span>
                {move || (some() && !lines.with(Vec::is_empty)).then(|| view! {
                    <button type="button" class="btn" id="letters" on:click=move |_| writing.set(true)><Icon name="printer" />"Letters"</button>
                })}
                <CounterMode />
            </div>
            <div class="filters">
                <SelectField id="recalls-show" label="Show" value=shown choose="What is due" options=Signal::stored(options.to_vec()) />
                {move || (known.with(Vec::len) > 1).then(|| view! {
                    <SelectField id="recalls-site" label="Where" value=site choose="Every site" options=known />
                })}
                <SelectField id="recalls-with" label="With whom" value=with choose="Anyone" options=people />
            </div>
            <div class="scroll notices" tabindex="0" role="region" aria-label="To come again"><Recalls lines acts /></div>
            <Dialog open=writing title="Letters" close="Close"><Letters lines acts open=writing /></Dialog>
            <acts::Dialogs acts />
        </Page>
    }
    .into_any()
}
