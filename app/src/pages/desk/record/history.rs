//! What happened before, for roles that hold it: allergies first, then conditions, medications, visits.

use super::answers::Answered;
use super::card::Card;
use crate::pages::desk::when::{day, local};
use crate::shell::staff::context::{Desk, use_desk};
use domain::encounters::{Encounter, HistoryItem, HistoryKind};
use domain::id::PatientId;
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::Icon;

/// Items of one patient, the newest first; those that are over come last.
pub fn items(desk: Desk, id: PatientId) -> Memo<Vec<HistoryItem>> {
    desk.live(move |engine| {
        let mut all: Vec<HistoryItem> = engine
            .get(Key::OfPatient(Entity::HistoryItem, id))
            .into_iter()
            .filter_map(|row| match row {
                Row::HistoryItem(item) => Some(item),
                _ => None,
            })
            .collect();
        all.sort_by(|a, b| is_over(a).cmp(&is_over(b)).then(b.onset_on.cmp(&a.onset_on)));
        all
    })
}

/// Whether an item is no longer so.
pub fn is_over(item: &HistoryItem) -> bool {
    let ended = [
        "resolved",
        "inactive",
        "stopped",
        "completed",
        "cancelled",
        "entered-in-error",
    ];
    item.ended_on.is_some()
        || item
            .status
            .as_deref()
            .is_some_and(|status| ended.contains(&status))
}

/// The strip that is never left out: what not to give, or that nothing is known.
#[component]
pub fn Allergies(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let all = items(desk, id);
    let known = Memo::new(move |_| {
        all.with(|all| {
            all.iter()
                .filter(|item| item.kind == HistoryKind::Allergy && !is_over(item))
                .map(|item| item.display.clone())
                .collect::<Vec<_>>()
        })
    });
    move || {
        let known = known.get();
        if known.is_empty() {
            view! { <p class="allergy none" id="allergies"><Icon name="alert" />"No known allergies recorded"</p> }.into_any()
        } else {
            view! {
                <p class="allergy" id="allergies">
                    <Icon name="alert" /><span><b>"Allergies: "</b>{known.join(", ")}</span>
                </p>
            }
            .into_any()
        }
    }
}

/// Everything else.
#[component]
pub fn HistoryCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let all = items(desk, id);
    let visits = desk.live(move |engine| {
        let mut all: Vec<Encounter> = engine
            .get(Key::OfPatient(Entity::Encounter, id))
            .into_iter()
            .filter_map(|row| match row {
                Row::Encounter(encounter) => Some(encounter),
                _ => None,
            })
            .collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.started_at));
        all
    });
    let part = move |title: &'static str, kind: HistoryKind| {
        let each = move || {
            let mine = all.get().into_iter().filter(move |item| item.kind == kind);
            mine.map(|item| {
                view! {
                    <li>
                        <time>{item.onset_on.map(day)}</time>
                        <span>{item.display.clone()}</span>
                        <small>{item.status.clone()}</small>
                    </li>
                }
            })
            .collect_view()
        };
        let some = Memo::new(move |_| all.with(|all| all.iter().any(|item| item.kind == kind)));
        view! {
            <Show when=move || some.get()>
                <h3 class="in">{title}</h3>
                <ul class="events">{each}</ul>
            </Show>
        }
    };
    let engine = StoredValue::new_local(desk.engine());
    let visit = move |one: Encounter| {
        let on = engine.with_value(|engine| local(engine, one.started_at)).date();
        let what = one.description.clone().unwrap_or_else(|| one.class_code.clone());
        view! { <li><time>{day(on)}</time><span>{what}<small>{one.reason.clone()}</small></span></li> }
    };
    view! {
        <Card id="card-history" title="History">
            {desk.holds(Entity::QuestionnaireResponse).then(|| view! { <Answered id /> })}
            <Show when=move || all.with(Vec::is_empty) && visits.with(Vec::is_empty)>
                <p class="in soft small">"Nothing came from another system."</p>
            </Show>
            {part("Conditions", HistoryKind::Condition)}
            {part("Medications", HistoryKind::Medication)}
            {part("Immunizations", HistoryKind::Immunization)}
            <Show when=move || visits.with(|all| !all.is_empty())>
                <h3 class="in">"Visits"</h3>
                <ul class="events">{move || visits.get().into_iter().map(visit).collect_view()}</ul>
            </Show>
        </Card>
    }
}
