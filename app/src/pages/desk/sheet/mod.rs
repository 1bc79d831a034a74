//! Patients from a sheet and into one: columns are matched, every row is tried before one is taken, and what is wrong is
//! named by its row.

mod run;
mod table;
mod workbook;

use super::page::{NotYours, Page};
use crate::shell::staff::context::{Desk, use_desk};
use domain::access::may_export;
use domain::command::CommandName;
use domain::patients::sheet::{CellFault, Column, guess, to_row};
use domain::row::{Entity, Row};
use domain::text::Lang;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use run::{Progress, Tried, run, try_all};
use table::Sheet;
use ui::{Banner, EmptyState, Icon, Tone};

/// How many rows with faults are listed.
const LISTED: usize = 50;

/// Everybody on this device as a sheet.
fn export(desk: Desk) {
    let engine = desk.engine();
    let mut rows = engine.pick(Entity::Patient, |row| match row {
        Row::Patient(patient) if engine.survivor(patient.id) == patient.id => Some(to_row(patient)),
        _ => None,
    });
    rows.sort();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headings: Vec<&str> = Column::ALL.iter().map(|column| column.label()).collect();
    let written = writer
        .write_record(&headings)
        .and_then(|()| rows.iter().try_for_each(|row| writer.write_record(row)));
    let text = written
        .ok()
        .and_then(|()| writer.into_inner().ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    match text {
        Some(text) => {
            engine.ports.page.download("patients.csv", &text);
            leptos::task::spawn_local(async move { engine.note_read(None, "export of patients").await });
            desk.say(format!("{} patients exported.", rows.len()));
        }
        None => desk.say("The file could not be written."),
    }
}

/// "Row 12, ZIP: …"
fn fault_words(row: usize, fault: &CellFault) -> String {
    format!(
        "Row {row}, {}: {}",
        fault.column.label(),
        fault.code.sentence().get(Lang::En)
    )
}

/// The page.
#[component]
pub fn SheetPage() -> impl IntoView {
    let desk = use_desk();
    let imports = desk.may(CommandName::RegisterPatient);
    let exports = desk.role().is_some_and(may_export);
    if !imports && !exports {
        return view! { <NotYours /> }.into_any();
    }
    let sheet = RwSignal::new(None::<Sheet>);
    let fault = RwSignal::new(None::<String>);
    let columns = RwSignal::new(Vec::<Option<Column>>::new());
    let progress = RwSignal::new(None::<Progress>);
    let stop = RwSignal::new(false);
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
        if progress.with_untracked(|progress| progress.is_some_and(|progress| !progress.done)) {
            return;
        }
        let engine = desk.engine();
        leptos::task::spawn_local(async move {
            let name = file.name();
            let found = match engine.ports.page.bytes_of(file).await {
                Some(bytes) => table::read(name, &bytes),
                None => Err("The file could not be read.".to_owned()),
            };
            let (found, why) = match found {
                Ok(found) => (Some(found), None),
                Err(why) => (None, Some(why)),
            };
            progress.set(None);
            fault.set(why);
            columns.set(
                found
                    .as_ref()
                    .map(|found| guess(&found.headings))
                    .unwrap_or_default(),
            );
            sheet.set(found);
        });
    };
    // What was taken meanwhile is known after.
    let is_over =
        Memo::new(move |_| progress.with(|progress| progress.is_some_and(|progress| progress.done)));
    let tried = Memo::new(move |_| {
        is_over.track();
        let columns = columns.get();
        sheet.with(|sheet| sheet.as_ref().map(|sheet| try_all(desk, sheet, &columns)))
    });
    let runs = move || progress.with(|progress| progress.as_ref().is_some_and(|progress| !progress.done));
    let begin = move |_| {
        let (Some(found), Some(tried)) = (sheet.get_untracked(), tried.get_untracked()) else {
            return;
        };
        stop.set(false);
        run(desk, found.name, tried, progress, stop);
    };
    let choice = move |(at, heading): (usize, String)| {
        let now = move || columns.with(|columns| columns.get(at).copied().flatten());
        let example = sheet.with(|sheet| {
            let first = sheet.as_ref().and_then(|sheet| sheet.rows.first());
            first
                .and_then(|(_, row)| row.get(at))
                .cloned()
                .unwrap_or_default()
        });
        let set = move |event| {
            let value = event_target_value(&event);
            let column = Column::ALL.iter().copied().find(|column| column.label() == value);
            columns.update(|all| {
                // One column of a kind: what it was before is none now.
                for known in all
                    .iter_mut()
                    .filter(|known| column.is_some() && **known == column)
                {
                    *known = None;
                }
                if let Some(one) = all.get_mut(at) {
                    *one = column;
                }
            });
        };
        let options = move || {
            let each = Column::ALL.iter().map(|column| {
                let label = column.label();
                view! { <option value=label prop:selected=move || now() == Some(*column)>{label}</option> }
            });
            view! { <option value="" prop:selected=move || now().is_none()>"Leave out"</option> {each.collect_view()} }
        };
        let name = format!("column-{at}");
        view! {
            <tr>
                <th scope="row"><label for=name.clone()>{heading}</label></th>
                <td>{example}</td>
                <td><span class="select"><select id=name on:change=set>{options()}</select><Icon name="down" /></span></td>
            </tr>
        }
    };
    let headings = move || {
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map(|sheet| sheet.headings.clone())
                .unwrap_or_default()
        })
    };
    let verdict = move || tried.with(|tried| tried.as_ref().map(Tried::words).unwrap_or_default());
    let faults = move || {
        tried.with(|tried| {
            let all = tried.iter().flat_map(|tried| &tried.faults);
            all.take(LISTED)
                .flat_map(|(row, faults)| {
                    faults
                        .iter()
                        .map(|fault| fault_words(*row, fault))
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        })
    };
    let ready = move || tried.with(|tried| tried.as_ref().is_some_and(|tried| !tried.ready.is_empty()));
    view! {
        <Page title="Import and export">
            <div class="page-head">
                <div><h1>"Import and export"</h1><p class="sub">"Patients from a sheet, and into one"</p></div>
                <span class="push"></span>
                {exports.then(|| view! { <button type="button" class="btn" id="export" on:click=move |_| export(desk)><Icon name="download" small=true />"Export patients"</button> })}
            </div>
            <div class="scroll pad" tabindex="0" role="region" aria-label="Import and export">
                <div class="sheet-form">
                    {imports.then(|| view! {
                    <label class="btn" for="sheet-file"><Icon name="documents" small=true />"Choose a file (Excel or CSV)"</label>
                    <input type="file" id="sheet-file" class="vh" accept=".xlsx,.csv,.tsv,.txt,text/csv" on:change=chosen />
                    })}
                    <div role="alert" id="sheet-fault">
                        {move || fault.get().map(|lead| view! { <Banner kind=Tone::Stop lead /> })}
                    </div>
                    <Show when=move || sheet.with(Option::is_none)>
                        <EmptyState icon="documents" title="Nothing is chosen" text="An Excel workbook (.xlsx) or a CSV file. Nothing is taken before you have seen what would be." />
                    </Show>
                    <Show when=move || sheet.with(Option::is_some)>
                        <table class="table flush">
                            <caption class="vh">"Columns"</caption>
                            <thead><tr><th scope="col">"In the file"</th><th scope="col">"First row"</th><th scope="col">"Is"</th></tr></thead>
                            <tbody>{move || headings().into_iter().enumerate().map(choice).collect_view()}</tbody>
                        </table>
                        <p id="sheet-verdict" role="status">{verdict}</p>
                        <ul class="findings" aria-label="What is wrong">{move || faults().into_iter().map(|words| view! { <li class="wait">{words}</li> }).collect_view()}</ul>
                        <div class="row">
                            {move || (ready() && !runs()).then(|| view! { <button type="button" class="btn primary" id="sheet-run" on:click=begin>"Import what is sound"</button> })}
                            {move || runs().then(|| view! { <button type="button" class="btn" id="sheet-stop" on:click=move |_| stop.set(true)>"Stop"</button> })}
                        </div>
                    </Show>
                    {move || progress.get().map(|now| view! {
                        <div role="status" id="sheet-progress" data-done=now.done.to_string()>
                            <progress class="meter" max=now.of.to_string() value=now.at.to_string() aria-label="Imported"></progress>
                            <p>{now.words()}</p>
                        </div>
                    })}
                </div>
            </div>
        </Page>
    }
    .into_any()
}
