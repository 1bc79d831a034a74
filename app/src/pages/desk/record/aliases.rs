//! What a record was joined with: said on both, with the way back.

use super::join::take_apart;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::mrn_words;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::command::CommandName;
use domain::id::PatientId;
use domain::patients::PatientAlias;
use domain::row::{Entity, Key, Row};
use leptos::prelude::*;
use ui::{Banner, Tone};

fn open(rows: Vec<Row>) -> Vec<PatientAlias> {
    rows.into_iter()
        .filter_map(|row| match row {
            Row::PatientAlias(alias) if alias.undone_at.is_none() => Some(alias),
            _ => None,
        })
        .collect()
}

/// A strip for each.
#[component]
pub fn Aliases(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let may = desk.may(CommandName::UnmergePatients);
    let all = desk.live(move |engine| {
        let own = open(engine.get(Key::Row(Entity::PatientAlias, id.0)));
        let joined = open(engine.get(Key::OfPatient(Entity::PatientAlias, id)));
        own.into_iter().chain(joined).collect::<Vec<_>>()
    });
    let strip = move |alias: PatientAlias| {
        let engine = desk.engine();
        let away = alias.id == id;
        let beside = if away { alias.patient_id } else { alias.id };
        let name = engine.patient(beside).map_or_else(
            || "another record".to_owned(),
            |one| format!("{}, {}", one.display_name(), mrn_words(&one.mrn)),
        );
        let lead = match away {
            true => format!("This record was joined to {name}."),
            false => format!("{name} was joined to this record."),
        };
        let text = format!("{}, {}", alias.merged_by, moment(&engine, alias.merged_at));
        let apart = move |_| take_apart(desk, alias.patient_id, alias.id);
        view! {
            <div data-alias=alias.id.to_string()>
                <Banner kind=Tone::Note icon="merge" lead text>
                    {away.then(|| view! { <a class="btn s" href=path::patient(beside)>"Open that record"</a> })}
                    {may.then(|| view! { <button type="button" class="btn s" on:click=apart>"Take apart"</button> })}
                </Banner>
            </div>
        }
    };
    move || all.get().into_iter().map(strip).collect_view()
}
