//! Records that may be the same person: compared side by side, told apart, never merged here.

use crate::pages::desk::new_patient::reasons;
use crate::pages::desk::words::{mrn_words, shown};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::patients::matching::Candidate;
use domain::patients::{MarkDistinct, Patient, PatientField};
use domain::row::{Entity, Row};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Banner, Dialog, Tone};

/// A strip for each.
#[component]
pub fn Duplicates(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    let desk = use_desk();
    // Comparing with everybody is worth it only when this record or what was told apart has changed.
    let told_apart = desk.live(|engine| {
        engine
            .pick(Entity::PatientLink, |row| match row {
                Row::PatientLink(link) => Some(link.id),
                _ => None,
            })
            .len()
    });
    let known = Memo::new(move |_| patient.get());
    let found = Memo::new(move |_| {
        told_apart.track();
        let engine = desk.engine();
        let all = known.with(|one| one.as_ref().map(|one| engine.duplicates(one)).unwrap_or_default());
        all.into_iter()
            .take(3)
            .filter_map(|one| Some((one.clone(), engine.patient(one.id)?)))
            .collect::<Vec<_>>()
    });
    let compared = RwSignal::new(None::<Patient>);
    let open = RwSignal::new(false);
    let may = desk.may(CommandName::MarkDistinct);
    let apart = move |other: PatientId| {
        let command = Command::MarkDistinct(MarkDistinct { a: id, b: other });
        desk.submit("Two people, told apart", command, move |done| {
            if let Err(why) = done {
                desk.say(why);
            }
        });
        open.set(false);
    };
    let strip = move |(one, other): (Candidate, Patient)| {
        let lead = format!(
            "May be the same person as {}, {}.",
            other.display_name(),
            mrn_words(&other.mrn)
        );
        let why = reasons(&one);
        let beside = other.clone();
        let compare = move |_| {
            compared.set(Some(beside.clone()));
            open.set(true);
        };
        view! {
            <div data-duplicate=one.id.to_string()>
                <Banner kind=Tone::Wait icon="merge" lead text=format!("They have the {why}.")>
                    <button type="button" class="btn s" on:click=compare>"Compare"</button>
                    {may.then(|| view! {
                        <button type="button" class="btn s" on:click=move |_| apart(one.id)>"Not the same"</button>
                    })}
                </Banner>
            </div>
        }
    };
    view! {
        {move || found.get().into_iter().map(strip).collect_view()}
        <Dialog open title="Are these the same person?" close="Close" large=true>
            {move || match (known.get(), compared.get()) {
                (Some(one), Some(other)) => {
                    let id = other.id;
                    view! {
                        <Beside one other />
                        <p class="small soft">"Records cannot be joined yet. Work in one of them; say so only when they are two people."</p>
                        <div class="ends">
                            <a class="btn" href=path::patient(id)>"Open the other record"</a>
                            {may.then(|| view! {
                                <button type="button" class="btn" on:click=move |_| apart(id)>"Not the same"</button>
                            })}
                        </div>
                    }
                    .into_any()
                }
                _ => ().into_any(),
            }}
        </Dialog>
    }
}

/// Two records, field by field; what differs is marked.
#[component]
fn Beside(one: Patient, other: Patient) -> impl IntoView {
    let rows = PatientField::ALL.iter().filter_map(|field| {
        let (a, b) = (
            shown(*field, &field.read(&one)),
            shown(*field, &field.read(&other)),
        );
        if a.is_empty() && b.is_empty() {
            return None;
        }
        let label = field.label().get(Lang::En);
        let value = |text: String, differs: bool| {
            if text.is_empty() {
                view! { <span class="empty">"none"</span> }.into_any()
            } else if differs {
                view! { <ins>{text}</ins> }.into_any()
            } else {
                text.into_any()
            }
        };
        let differs = a != b;
        Some(view! {
            <tr class:same=!differs>
                <th scope="row">{label}</th>
                <td class="val">{value(a, differs)}</td>
                <td class="val">{value(b, differs)}</td>
            </tr>
        })
    });
    view! {
        <table class="table diff flush">
            <thead><tr>
                <th scope="col">"Field"</th>
                <th scope="col">{mrn_words(&one.mrn)}</th>
                <th scope="col">{mrn_words(&other.mrn)}</th>
            </tr></thead>
            <tbody>{rows.collect::<Vec<_>>()}</tbody>
        </table>
    }
}
