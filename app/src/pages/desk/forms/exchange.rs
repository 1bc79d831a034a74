//! Forms in and out as FHIR Questionnaires (R4), in files.

use super::draft::Kept;
use crate::pages::desk::answering::all_forms;
use crate::shell::staff::context::Desk;
use domain::intake::Questionnaire;
use domain::intake::questionnaire::newest;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use ui::Icon;

/// Saves a form as a file of the person's.
pub fn export(desk: Desk, form: &Questionnaire) {
    let name = format!("{}-v{}.fhir.json", form.slug, form.version);
    match serde_json::to_string_pretty(&fhir::write_questionnaire(form)) {
        Ok(text) => desk.engine().ports.page.download(&name, &text),
        Err(_) => desk.say("The file could not be written."),
    }
}

/// What came of a file.
#[derive(Clone, PartialEq)]
pub struct Read {
    /// As the person knows it.
    pub file: String,
    /// The draft that it makes.
    pub kept: Kept,
    /// Each thing that was not taken over.
    pub notes: Vec<fhir::Note>,
}

fn read(desk: Desk, file: String, text: &str) -> Result<Read, String> {
    let imported = fhir::read_questionnaire(text.as_bytes()).map_err(|error| {
        let said = error.to_string();
        format!("Nothing was imported: {said}.")
    })?;
    let all = all_forms(&desk.engine());
    let base = newest(&all)
        .into_iter()
        .find(|known| known.slug == imported.form.slug)
        .cloned();
    Ok(Read {
        file,
        kept: Kept {
            form: imported.form,
            base,
        },
        notes: imported.notes,
    })
}

/// The button that chooses a file.
#[component]
pub fn Import(desk: Desk, into: RwSignal<Option<Read>>) -> impl IntoView {
    let chosen = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        // The same file, corrected, may be chosen again.
        input.set_value("");
        leptos::task::spawn_local(async move {
            let name = file.name();
            let found = match desk.engine().ports.page.bytes_of(file).await {
                Some(bytes) => {
                    let text = String::from_utf8_lossy(&bytes);
                    read(desk, name, text.trim_start_matches('\u{feff}'))
                }
                None => Err("The file could not be read.".to_owned()),
            };
            match found {
                Ok(found) => drop(into.try_set(Some(found))),
                Err(why) => desk.say(why),
            }
        });
    };
    view! {
        <label class="btn" for="form-file"><Icon name="documents" small=true />"Import (FHIR)"</label>
        <input type="file" id="form-file" class="vh" accept=".json,application/json,application/fhir+json" on:change=chosen />
    }
}

/// What was taken over from a file and what was not, before anything becomes of it.
#[component]
pub fn Report(read: Read, into: RwSignal<Option<Read>>, begin: Callback<Kept>) -> impl IntoView {
    let form = &read.kept.form;
    let count = form.pages.len();
    let lead = match &read.kept.base {
        Some(base) => format!(
            "{count} questions. They become a draft of version {} of “{}”.",
            base.version + 1,
            base.title.en
        ),
        None => format!("{count} questions. They become the draft of a new form."),
    };
    let notes: Vec<fhir::Note> = read.notes.clone();
    let none = notes.is_empty();
    let each = notes.into_iter().map(|note| {
        let place = note
            .link_id
            .map_or_else(|| "The form".to_owned(), |id| format!("Item {id}"));
        view! { <li><b>{place}</b>": "{note.what}</li> }
    });
    let each = each.collect_view();
    let kept = read.kept.clone();
    let go_on = move |_| {
        begin.run(kept.clone());
        let _left = into.try_set(None);
    };
    view! {
        <section class="card report" id="import-report" aria-label="Import">
            <header><h2>{format!("From {}", read.file)}</h2></header>
            <div class="in">
                <p role="status">{lead}</p>
                {if none {
                    view! { <p>"Everything was taken over."</p> }.into_any()
                } else {
                    view! { <p>"This was not taken over:"</p><ul class="changes" aria-label="Not taken over">{each}</ul> }.into_any()
                }}
                <div class="row">
                    <button type="button" class="btn primary" id="import-go" on:click=go_on>"Open as a draft"</button>
                    <button type="button" class="btn" on:click=move |_| into.set(None)>"Leave it"</button>
                </div>
            </div>
        </section>
    }
}
