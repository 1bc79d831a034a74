//! A minor for whom no adult is responsible: said on top of the record, with the way to name one.

use super::person_form::PersonForm;
use crate::pages::desk::guarantor::who_pays;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::PatientId;
use domain::patients::guarantor::Responsible;
use leptos::prelude::*;
use ui::{Banner, Dialog, Tone};

/// The banner; nothing while somebody pays.
#[component]
pub fn NoAdult(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let who = who_pays(desk, id);
    let nobody = Memo::new(move |_| who.with(|who| *who == Some(Responsible::Nobody)));
    let may = desk.may(CommandName::RecordRelatedPerson);
    let open = RwSignal::new(false);
    view! {
        <Show when=move || nobody.get()>
            <div data-banner="no-adult">
                <Banner
                    kind=Tone::Wait icon="warn" lead="No responsible adult."
                    text="This patient is under 18, and nobody is recorded who pays for them."
                >
                    {may.then(|| view! {
                        <button type="button" class="btn s" id="add-guarantor" on:click=move |_| open.set(true)>"Say who pays"</button>
                    })}
                </Banner>
            </div>
        </Show>
        <Dialog open title="Who pays" close="Close">
            <PersonForm id open known=None pays=true />
        </Dialog>
    }
}
