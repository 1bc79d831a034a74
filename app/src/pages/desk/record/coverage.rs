//! Who pays: coverages that count now, and those that did.

use super::card::Card;
use super::card_photos::CardPhotosForm;
use super::coverage_form::CoverageForm;
use crate::pages::desk::photo::Photo;
use crate::pages::desk::words::{order_words, span_words, subscriber_words};
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::coverage::{Coverage, in_force_on};
use domain::id::PatientId;
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::{Chip, Dialog, Icon, KeyValue, Tone};

/// What is edited in the dialog.
#[derive(Clone)]
enum Editing {
    New,
    /// A version that follows this one.
    Replacing(Coverage),
    /// The photos of this one's card.
    Card(Coverage),
}

impl Editing {
    fn title(&self) -> String {
        match self {
            Editing::New => "Add insurance".to_owned(),
            Editing::Replacing(old) => format!("Replace {}", old.payer_name),
            Editing::Card(old) => format!("Card of {}", old.payer_name),
        }
    }
}

/// The card.
#[component]
pub fn CoverageCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let all = desk.live(move |engine| {
        let mut all: Vec<Coverage> = engine
            .get(Key::OfPatient(Entity::Coverage, id))
            .into_iter()
            .filter_map(|row| match row {
                Row::Coverage(coverage) => Some(coverage),
                _ => None,
            })
            .collect();
        all.sort_by(|a, b| {
            a.payer_order
                .cmp(&b.payer_order)
                .then(b.effective_on.cmp(&a.effective_on))
        });
        all
    });
    let may = desk.may(CommandName::RecordCoverage);
    let editing = RwSignal::new(Editing::New);
    let open = RwSignal::new(false);
    let begin = move |what: Editing| {
        editing.set(what);
        open.set(true);
    };
    let act = move || {
        may.then(|| {
            view! {
                <button type="button" class="btn s quiet" id="add-coverage" on:click=move |_| begin(Editing::New)>
                    <Icon name="plus" small=true />"Add"
                </button>
            }
        })
    };
    let split = Memo::new(move |_| {
        let today = desk.today();
        all.with(|all| {
            let now: Vec<_> = in_force_on(all, today).iter().map(|one| one.id).collect();
            // One that is to come may have been replaced by a version from the same day on.
            let to_come = |one: &Coverage| {
                one.effective_on.is_some_and(|from| from > today)
                    && !all.iter().any(|newer| {
                        newer.replaces_id == Some(one.id) && newer.effective_on <= one.effective_on
                    })
            };
            all.iter()
                .cloned()
                .partition::<Vec<_>, _>(|one| now.contains(&one.id) || to_come(one))
        })
    });
    let row = move |(coverage, active): (Coverage, bool)| {
        let buttons = (may && active).then(|| {
            let (replaced, photographed) = (coverage.clone(), coverage.clone());
            let of = || view! { <span class="vh">{format!(" {} {}", coverage.payer_name, coverage.member_id)}</span> };
            view! {
                <button
                    type="button" class="btn s" data-card=coverage.id.to_string()
                    on:click=move |_| begin(Editing::Card(photographed.clone()))
                >
                    <Icon name="camera" small=true />"Card"{of()}
                </button>
                <button
                    type="button" class="btn s" data-replace=coverage.id.to_string()
                    on:click=move |_| begin(Editing::Replacing(replaced.clone()))
                >
                    "Replace"{of()}
                </button>
            }
        });
        view! { <One coverage=coverage.clone() active>{buttons}</One> }
    };
    view! {
        <Card id="card-coverage" title="Insurance" act>
            <Show when=move || all.with(Vec::is_empty)>
                <p class="in soft small">"No insurance recorded. It is paid privately, or the card is still to come."</p>
            </Show>
            {move || split.get().0.into_iter().map(|one| row((one, true))).collect_view()}
            <Show when=move || split.with(|(_, past)| !past.is_empty())>
                <details class="in">
                    <summary>{move || format!("{} past", split.with(|(_, past)| past.len()))}</summary>
                    {move || split.get().1.into_iter().map(|one| row((one, false))).collect_view()}
                </details>
            </Show>
            <Dialog open title=Signal::derive(move || editing.with(Editing::title)) close="Close" large=true>
                {move || match editing.get() {
                    Editing::New => view! { <CoverageForm id replaces=None open /> }.into_any(),
                    Editing::Replacing(old) => view! { <CoverageForm id replaces=Some(old) open /> }.into_any(),
                    Editing::Card(coverage) => view! { <CardPhotosForm coverage open /> }.into_any(),
                }}
            </Dialog>
        </Card>
    }
}

#[component]
fn One(coverage: Coverage, active: bool, children: Children) -> impl IntoView {
    let holder = match &coverage.subscriber {
        Some(subscriber) => format!(
            "{} {} ({})",
            subscriber.given_name,
            subscriber.family_name,
            subscriber_words(coverage.subscriber_relationship)
        ),
        None => subscriber_words(coverage.subscriber_relationship).to_owned(),
    };
    let copay = coverage
        .copay_amount
        .map(|amount| format!("${amount}"))
        .unwrap_or_default();
    let rows = vec![
        ("Member ID".to_owned(), coverage.member_id.clone()),
        (
            "Group".to_owned(),
            coverage.group_number.clone().unwrap_or_default(),
        ),
        ("Plan".to_owned(), coverage.plan_name.clone().unwrap_or_default()),
        ("Held by".to_owned(), holder),
        ("Copay on the card".to_owned(), copay),
        ("Counts".to_owned(), span_words(&coverage)),
    ];
    let order = order_words(coverage.payer_order);
    let sides = [
        ("Front", coverage.card_front.clone()),
        ("Back", coverage.card_back.clone()),
    ];
    let photos = sides.into_iter().filter_map(|(side, hash)| {
        let alt = format!("{side} of the card, {}", coverage.payer_name);
        hash.map(|hash| view! { <Photo hash alt side /> })
    });
    let photos = active.then(|| view! { <div class="photos">{photos.collect_view()}</div> });
    let state = if active {
        view! { <Chip kind=Tone::Wait icon="clock" label="Eligibility not checked" /> }.into_any()
    } else {
        view! { <Chip kind=Tone::Plain label="Past" /> }.into_any()
    };
    view! {
        <div class="in" data-coverage=coverage.id.to_string() data-active=active.to_string()>
            <div class="row wrap">
                <span><b>{coverage.payer_name.clone()}</b>" "<span class="small soft">{order}</span></span>
                <span class="push"></span>{state}{children()}
            </div>
            <KeyValue rows=Signal::derive(move || rows.clone()) none="not given" start=true />
            {photos}
        </div>
    }
}
