//! Patients: one big search over everybody this device holds.

use super::page::{NotYours, Page};
use super::results::{Finder, Results};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::access::may_export;
use domain::command::CommandName;
use domain::row::Entity;
use leptos::prelude::*;
use ui::{EmptyState, Icon};

/// The page.
#[component]
pub fn Patients() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Patient) {
        return view! { <NotYours /> }.into_any();
    }
    let finder = Finder::new(desk, 50);
    let total = desk.live(|engine| engine.findable());
    let open = move || match finder.chosen() {
        Some(id) => {
            desk.go(&path::patient(id));
            true
        }
        None => false,
    };
    desk.on_keys(move |key| {
        if key == "Enter" {
            open()
        } else {
            finder.moved(key, false)
        }
    });
    let typing = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        if key == "Enter" && open() || finder.moved(&key, true) {
            event.prevent_default();
        }
    };
    desk.engine().ports.page.focus("patient-search");
    let registers = desk.may(CommandName::RegisterPatient);
    let sheets = registers || desk.may(CommandName::BookAppointment) || desk.role().is_some_and(may_export);
    let add = move || {
        registers.then(|| view! {
        <a class="btn primary" href=path::NEW_PATIENT id="new-patient"><Icon name="plus" />"New patient "<kbd>"n"</kbd></a>
    })
    };
    let nobody = move || {
        let text = if registers {
            "They come from the clinic's server, from kiosks, or from you."
        } else {
            "They come from the clinic's server as soon as there is a network."
        };
        view! { <EmptyState icon="patients" title="No patients on this device yet" text=text>{add()}</EmptyState> }
    };
    view! {
        <Page title="Patients">
            <div class="page-head">
                <div>
                    <h1>"Patients"</h1>
                    <p class="sub">{move || format!("{} on this device, also without a network", total.get())}</p>
                </div>
                <span class="push"></span>
                {sheets.then(|| view! { <a class="btn" id="sheet" href=path::SHEET><Icon name="documents" />"Import, export"</a> })}
                {desk.may(CommandName::MergePatients).then(|| view! { <a class="btn" id="duplicates" href=path::DUPLICATES><Icon name="merge" />"Possible duplicates"</a> })}
                {add()}
            </div>
            <div class="filters">
                <label class="search big">
                    <Icon name="search" />
                    <span class="vh">"Search patients"</span>
                    <input
                        type="search"
                        id="patient-search"
                        placeholder="Name, date of birth, phone, record number"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=move || finder.typed.get()
                        on:input=move |event| finder.typed.set(event_target_value(&event))
                        on:keydown=typing
                    />
                </label>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Results">
                <Show
                    when=move || finder.typed.with(|typed| !typed.trim().is_empty())
                    fallback=move || if total.get() == 0 { nobody().into_any() } else { view! {
                        <EmptyState
                            icon="search"
                            title="Type to find somebody"
                            text="Parts of names in any order, a date of birth as 3/9/1984, the end of a phone number, or a \
                                record number. Small slips are forgiven."
                        />
                    }.into_any() }
                >
                    <Results finder href=path::patient />
                </Show>
            </div>
        </Page>
    }
    .into_any()
}
