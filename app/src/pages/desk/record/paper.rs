//! The record on paper: a label for the chart or a tube, or the whole of it as a face sheet.

use crate::pages::desk::words::{mrn_words, sex_words};
use crate::shell::staff::context::use_desk;
use domain::id::PatientId;
use domain::patients::Patient;
use leptos::prelude::*;
use ui::Icon;

/// How long until what is printed is drawn.
const DRAWN_MILLIS: u32 = 60;

/// The two buttons, and the label while it is printed.
#[component]
pub fn Paper(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    let desk = use_desk();
    let label = RwSignal::new(false);
    let print = move |as_label: bool| {
        label.set(as_label);
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            // Paper leaves the house as a file does, and is noted like one.
            engine
                .note_read(Some(id), if as_label { "label" } else { "face sheet" })
                .await;
            engine.ports.clock.sleep(DRAWN_MILLIS).await;
            // A browser that cannot print says so itself.
            let _said = window().print();
            let _left = label.try_set(false);
        });
    };
    let drawn = move || {
        let one = patient.get()?;
        Some(view! {
            <div class="print-only print-alone print-label">
                <b>{format!("{}, {}", one.family_name, one.given_name)}</b>
                <p>{format!("{} · {}", one.birth_on.format("%m/%d/%Y"), sex_words(one.sex))}</p>
                <p>{mrn_words(&one.mrn)}</p>
            </div>
        })
    };
    view! {
        <button type="button" class="btn s" id="print-label" on:click=move |_| print(true)><Icon name="printer" small=true />"Label"</button>
        <button type="button" class="btn s" id="print-sheet" on:click=move |_| print(false)><Icon name="printer" small=true />"Face sheet"</button>
        {move || label.get().then(drawn)}
    }
}
