//! Patients from a sheet and into one, and appointments from one: columns are matched, every row is tried before one is
//! taken, and what is wrong is named by its row.

mod appointments;
mod kind;
mod patients;
mod run;
mod table;
mod workbook;

use super::page::{NotYours, Page};
use crate::shell::staff::context::{Desk, use_desk};
use domain::access::may_export;
use domain::patients::sheet::{Column, to_row};
use domain::row::{Entity, Row};
use kind::Kind;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;
use run::{Progress, Tried, run};
use table::Sheet;
use ui::{Banner, EmptyState, Icon, Segmented, Tone};

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

/// The page.
#[component]
pub fn SheetPage() -> impl IntoView {
    let desk = use_desk();
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| desk.may(kind.command()))
        .collect();
    let exports = desk.role().is_some_and(may_export);
    if kinds.is_empty() && !exports {
        return view! { <NotYours /> }.into_any();
    }
    let imports = !kinds.is_empty();
    let chosen_kind = RwSignal::new(
        kinds
            .first()
            .map(|kind| kind.words().to_owned())
            .unwrap_or_default(),
    );
    let kind = Memo::new(move |_| chosen_kind.with(|words| Kind::of(words)));
    let sheet = RwSignal::new(None::<Sheet>);
    let fault = RwSignal::new(None::<String>);
    let columns = RwSignal::new(Vec::<Option<usize>>::new());
    let progress = RwSignal::new(None::<Progress>);
    let refused = RwSignal::new(Vec::<(usize, String)>::new());
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
            // The page was left while the file was read.
            let Some(kind) = kind.try_get_untracked() else {
                return;
            };
            progress.set(None);
            refused.set(Vec::new());
            fault.set(why);
            let headings = found.as_ref().map_or(Vec::new(), |found| found.headings.clone());
            columns.set(kind.guess(&headings));
            sheet.set(found);
        });
    };
    // The headings of the same file mean something else in a sheet of another kind.
    Effect::new(move |before: Option<Kind>| {
        let now = kind.get();
        if before.is_some_and(|before| before != now) {
            let headings = sheet.with_untracked(|sheet| sheet.as_ref().map(|sheet| sheet.headings.clone()));
            columns.set(now.guess(&headings.unwrap_or_default()));
        }
        now
    });
    // What was taken meanwhile is known after.
    let is_over =
        Memo::new(move |_| progress.with(|progress| progress.is_some_and(|progress| progress.done)));
    let tried = Memo::new(move |_| {
        is_over.track();
        let columns = columns.get();
        sheet.with(|sheet| {
            sheet
                .as_ref()
                .map(|sheet| kind.get().try_all(desk, sheet, &columns))
        })
    });
    let runs = move || progress.with(|progress| progress.as_ref().is_some_and(|progress| !progress.done));
    let begin = move |_| {
        let (Some(found), Some(tried)) = (sheet.get_untracked(), tried.get_untracked()) else {
            return;
        };
        stop.set(false);
        run(desk, found.name, tried, progress, refused, stop);
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
            let column = kind
                .get_untracked()
                .labels()
                .iter()
                .position(|label| *label == value);
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
            let labels = kind.get().labels().into_iter().enumerate();
            let each = labels.map(|(column, label)| {
                view! { <option value=label prop:selected=move || now() == Some(column)>{label}</option> }
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
                        .map(|fault| format!("Row {row}, {fault}"))
                        .collect::<Vec<_>>()
                })
                .collect::<Vec<_>>()
        })
    };
    let refusals = move || {
        refused.with(|all| {
            let each = all.iter().take(LISTED);
            let said = each.map(|(row, why)| view! { <li class="stop">{format!("Row {row}: {why}")}</li> });
            let said = said.collect_view();
            (!all.is_empty()).then(|| view! { <ul class="findings" id="sheet-refused" aria-label="What was refused">{said}</ul> })
        })
    };
    let ready = move || tried.with(|tried| tried.as_ref().is_some_and(|tried| !tried.ready.is_empty()));
    view! {
        <Page title="Import and export">
            <div class="page-head">
                <div><h1>"Import and export"</h1><p class="sub">"Patients and appointments from a sheet, and patients into one"</p></div>
                <span class="push"></span>
                {exports.then(|| view! { <button type="button" class="btn" id="export" on:click=move |_| export(desk)><Icon name="download" small=true />"Export patients"</button> })}
            </div>
            <div class="scroll pad" tabindex="0" role="region" aria-label="Import and export">
                <div class="sheet-form">
                    <div class="row">
                    {(kinds.len() > 1).then(|| view! {
                        <Segmented name="sheet-kind" legend="What the sheet holds" value=chosen_kind options=Kind::options(&kinds) />
                    })}
                    {imports.then(|| view! {
                    <label class="btn" for="sheet-file"><Icon name="documents" small=true />"Choose a file (Excel or CSV)"</label>
                    <input type="file" id="sheet-file" class="vh" accept=".xlsx,.csv,.tsv,.txt,text/csv" on:change=chosen />
                    })}
                    </div>
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
                            <tbody>{move || { kind.track(); headings().into_iter().enumerate().map(choice).collect_view() }}</tbody>
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
                    {refusals}
                </div>
            </div>
        </Page>
    }
    .into_any()
}
