//! Who renders care, and where.

use super::{Listed, typed};
use crate::pages::desk::booking::sites;
use crate::pages::desk::form::Problems;
use crate::pages::desk::hours::{named, save};
use crate::shell::staff::context::use_desk;
use domain::command::Command;
use domain::id::{PractitionerId, SiteId};
use domain::practice::{Practitioner, is_taxonomy_code, npi_check_digit_ok};
use domain::row::{Entity, Row};
use leptos::prelude::*;
use ui::{CheckField, Choice, ChoicesField, Dialog, Field, Problem, ProblemSummary};

/// The list.
#[component]
pub fn Practitioners() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<Practitioner>);
    let places = desk.live(sites);
    let all = desk.live(move |engine| {
        let mut all = engine.pick(Entity::Practitioner, |row| match row {
            Row::Practitioner(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| {
            (!a.active, &a.family_name, &a.given_name).cmp(&(!b.active, &b.family_name, &b.given_name))
        });
        all
    });
    let begin = move |row: Option<Practitioner>| {
        edit.set(row);
        open.set(true);
    };
    let row = move |one: Practitioner| {
        let (id, name, npi) = (one.id.to_string(), one.titled(), one.npi.clone());
        let at = one.site_ids.clone();
        let where_ = move || {
            places.with(|places| {
                let names: Vec<String> = at.iter().map(|site| named(places, site.0)).collect();
                names.join(", ")
            })
        };
        let state = if one.active { "Sees patients" } else { "Left" };
        view! {
            <tr data-practitioner=id>
                <th scope="row">{name}</th><td>{where_}</td><td class="num">{npi}</td><td>{state}</td>
                <td class="num"><button type="button" class="btn s" on:click=move |_| begin(Some(one.clone()))>"Change"</button></td>
            </tr>
        }
    };
    view! {
        <Listed
            label="Practitioners"
            add=("practitioner-add", "Add a practitioner")
            columns=&[("Name", false), ("Sites", false), ("NPI", true), ("State", false)]
            none=("person", "There is nobody yet", "Who sees patients is entered here; their weekly hours are entered under Hours.")
            is_empty=Signal::derive(move || all.with(Vec::is_empty))
            begin=Callback::new(move |()| begin(None))
            rows=move || all.get().into_iter().map(row).collect_view()
        />
        <Dialog open title="Practitioner" close="Close" large=true>
            {move || { let known = edit.get(); view! { <PractitionerForm known open /> } }}
        </Dialog>
    }
}

#[component]
fn PractitionerForm(known: Option<Practitioner>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let places = desk.live(sites);
    let choices = Signal::derive(move || {
        let all = places.get().into_iter();
        all.map(|(id, name)| Choice::new(id, name)).collect::<Vec<_>>()
    });
    let of = |read: fn(&Practitioner) -> Option<String>| {
        RwSignal::new(known.as_ref().and_then(read).unwrap_or_default())
    };
    let given = of(|row| Some(row.given_name.clone()));
    let family = of(|row| Some(row.family_name.clone()));
    let credentials = of(|row| row.credentials.clone());
    let npi = of(|row| row.npi.clone());
    let taxonomy = of(|row| row.taxonomy_code.clone());
    let at: Vec<String> = known.as_ref().map_or_else(Vec::new, |row| {
        row.site_ids.iter().map(|site| site.0.to_string()).collect()
    });
    let at = RwSignal::new(at);
    let active = RwSignal::new(known.as_ref().is_none_or(|row| row.active));
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let code = typed(taxonomy).map(|code| code.to_uppercase());
        let site_ids: Vec<SiteId> = at.with_untracked(|at| {
            let each = at.iter().filter_map(|id| id.parse().ok());
            each.map(SiteId).collect()
        });
        let active = active.get_untracked();
        let checks = [
            (
                typed(family).is_none(),
                "practitioner-family",
                "Enter the family name",
            ),
            (
                typed(npi).is_some_and(|npi| !npi_check_digit_ok(&npi)),
                "practitioner-npi",
                "Check the NPI: it has ten digits, and the last one does not fit the others",
            ),
            (
                code.as_deref().is_some_and(|code| !is_taxonomy_code(code)),
                "practitioner-taxonomy",
                "Enter all ten letters and digits of the specialty code, such as 207Q00000X",
            ),
            (
                active && site_ids.is_empty(),
                "practitioner-sites",
                "Choose at least one site",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let row = Practitioner {
            id: known
                .as_ref()
                .map_or_else(|| PractitionerId(desk.engine().new_id()), |row| row.id),
            family_name: typed(family).unwrap_or_default(),
            given_name: typed(given).unwrap_or_default(),
            credentials: typed(credentials),
            npi: typed(npi),
            taxonomy_code: code,
            site_ids,
            active,
        };
        save(desk, "Practitioner", Command::RecordPractitioner(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <div class="cols">
                <Field id="practitioner-given" label="Given name" value=given autofocus=true />
                <Field id="practitioner-family" label="Family name" value=family fault=problems.at("practitioner-family") />
            </div>
            <Field id="practitioner-credentials" label="Credentials (optional)" hint="MD, DO, NP, PA" value=credentials maxlength=40 />
            <div class="cols">
                <Field id="practitioner-npi" label="NPI (optional)" inputmode="numeric" maxlength=10 value=npi fault=problems.at("practitioner-npi") />
                <Field id="practitioner-taxonomy" label="Specialty code (optional)" hint="NUCC taxonomy" maxlength=10 value=taxonomy fault=problems.at("practitioner-taxonomy") />
            </div>
            <ChoicesField id="practitioner-sites" legend="Sites" value=at options=choices fault=problems.at("practitioner-sites") />
            <CheckField id="practitioner-active" label="Sees patients now" hint="Who left stays on their past visits" value=active />
            <div class="ends"><button type="submit" class="btn primary" id="practitioner-save">"Save"</button></div>
        </form>
    }
}
