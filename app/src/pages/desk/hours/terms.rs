//! On what terms each practitioner is booked: new patients, who must be there beside, and the payers that may be billed.

use super::{named, read_day, save};
use crate::pages::desk::booking::people;
use crate::pages::desk::booking::sites;
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::Command;
use domain::id::{PractitionerId, SiteId};
use domain::row::{Entity, Key, Row};
use domain::schedule::{Enrolment, PractitionerTerms};
use leptos::prelude::*;
use ui::{CheckField, Choice, ChoicesField, Dialog, Field, Icon, Problem, ProblemSummary, SelectField};
use uuid::Uuid;

/// Everyone who sees patients, with their name.
fn all_terms(engine: &Engine) -> Vec<(String, PractitionerTerms)> {
    let of = |(id, name): (String, String)| {
        let id = PractitionerId(id.parse().ok()?);
        let known = engine.get(Key::Row(Entity::PractitionerTerms, id.0));
        let terms = match known.into_iter().next() {
            Some(Row::PractitionerTerms(terms)) => terms,
            _ => PractitionerTerms::new(id),
        };
        Some((name, terms))
    };
    people(engine).into_iter().filter_map(of).collect()
}

/// Those who supervise and have left, so that they are seen, and can be taken out.
fn left(engine: &Engine, here: &[(String, String)], ids: &[PractitionerId]) -> Vec<(String, String)> {
    let gone = ids
        .iter()
        .map(|id| (id, id.to_string()))
        .filter(|(_, key)| !here.iter().any(|(known, _)| known == key));
    gone.map(|(id, key)| {
        let known = engine.get(Key::Row(Entity::Practitioner, id.0));
        let name = match known.into_iter().next() {
            Some(Row::Practitioner(who)) => format!("{} {} (left)", who.given_name, who.family_name),
            _ => "Someone who left".to_owned(),
        };
        (key, name)
    })
    .collect()
}

/// The payers that may be billed on a day, wherever that is.
fn payers(terms: &PractitionerTerms, on: NaiveDate) -> String {
    if terms.enrolments.is_empty() {
        return "Not entered".to_owned();
    }
    let counts = |one: &&Enrolment| {
        one.from_on.is_none_or(|first| first <= on) && one.until_on.is_none_or(|last| on <= last)
    };
    let all = terms.enrolments.iter().filter(counts);
    let mut names: Vec<&str> = all.map(|one| one.payer_name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names.is_empty() {
        true => "None today".to_owned(),
        false => names.join(", "),
    }
}

/// The list.
#[component]
pub fn Terms() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<(String, PractitionerTerms)>);
    let who = desk.live(people);
    let all = desk.live(all_terms);
    let row = move |(name, one): (String, PractitionerTerms)| {
        let id = one.id.to_string();
        let comes = if one.accepts_new { "Yes" } else { "No" };
        let known = one.clone();
        let beside = move || {
            let ids = &known.supervised_by;
            let mut all = who.get();
            let gone = left(&desk.engine(), &all, ids);
            all.extend(gone);
            let names = ids.iter().map(|id| named(&all, id.0));
            names.collect::<Vec<_>>().join(" or ")
        };
        let may_bill = payers(&one, desk.today());
        let begin = {
            let name = name.clone();
            move |_| {
                edit.set(Some((name.clone(), one.clone())));
                open.set(true);
            }
        };
        view! {
            <tr data-terms=id>
                <th scope="row">{name}</th><td>{comes}</td><td>{beside}</td><td class="small">{may_bill}</td>
                <td class="num"><button type="button" class="btn s" on:click=begin>"Change"</button></td>
            </tr>
        }
    };
    let title = move || {
        edit.with(|edit| {
            edit.as_ref()
                .map_or_else(String::new, |(name, _)| format!("Terms of {name}"))
        })
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Terms">
            <table class="table">
                <thead><tr>
                    <th scope="col">"Who"</th><th scope="col">"New patients"</th><th scope="col">"Supervised by"</th><th scope="col">"Enrolled with"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Dialog open title=Signal::derive(title) close="Close" large=true>
            {move || edit.get().map(|(_, known)| view! { <TermsForm known open /> })}
        </Dialog>
    }
}

/// One payer, as it is typed: at one site, or at every one.
#[derive(Clone, Copy)]
struct Line {
    id: u32,
    payer: RwSignal<String>,
    code: RwSignal<String>,
    site: RwSignal<String>,
    from: RwSignal<String>,
    until: RwSignal<String>,
}

impl Line {
    fn of(id: u32, one: &Enrolment, site: Option<SiteId>) -> Line {
        let text = |known: Option<String>| RwSignal::new(known.unwrap_or_default());
        let day = |on: Option<NaiveDate>| text(on.map(|on| on.to_string()));
        Line {
            id,
            payer: text(Some(one.payer_name.clone())),
            code: text(one.payer_code.clone()),
            site: text(site.map(|site| site.to_string())),
            from: day(one.from_on),
            until: day(one.until_on),
        }
    }

    /// Of what is known: a line for each of several sites.
    fn all(known: &[Enrolment]) -> Vec<Line> {
        let each = known.iter().flat_map(|one| match one.site_ids.is_empty() {
            true => vec![(one, None)],
            false => one.site_ids.iter().map(|site| (one, Some(*site))).collect(),
        });
        (0..)
            .zip(each)
            .map(|(id, (one, site))| Line::of(id, one, site))
            .collect()
    }

    fn field(self, part: &str) -> String {
        format!("terms-{part}-{}", self.id)
    }

    fn read(self) -> Enrolment {
        let text = |text: RwSignal<String>| text.with_untracked(|text| text.trim().to_owned());
        Enrolment {
            payer_name: text(self.payer),
            payer_code: Some(text(self.code)).filter(|code| !code.is_empty()),
            site_ids: text(self.site).parse().ok().map(SiteId).into_iter().collect(),
            from_on: read_day(self.from),
            until_on: read_day(self.until),
        }
    }

    fn wrong(self) -> Vec<Problem> {
        let one = self.read();
        let mut wrong = Vec::new();
        if one.payer_name.is_empty() {
            wrong.push(Problem::new(
                self.field("payer"),
                "Enter the payer, as on its cards",
            ));
        }
        if one
            .until_on
            .zip(one.from_on)
            .is_some_and(|(last, first)| last < first)
        {
            wrong.push(Problem::new(
                self.field("until"),
                "Enter a last day that is not before the first, or none",
            ));
        }
        wrong
    }
}

#[component]
fn TermsForm(known: PractitionerTerms, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let places = desk.live(sites);
    let id = known.id;
    let accepts = RwSignal::new(known.accepts_new);
    let beside = RwSignal::new(
        known
            .supervised_by
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    );
    let mut others = people(&desk.engine());
    let gone = left(&desk.engine(), &others, &known.supervised_by);
    others.extend(gone);
    let others = others.into_iter().filter(|(other, _)| *other != id.to_string());
    let others: Vec<Choice> = others.map(|(id, name)| Choice::new(id, name)).collect();
    let first = Line::all(&known.enrolments);
    let next = StoredValue::new(first.len() as u32);
    let lines = RwSignal::new(first);
    let add = move |_| {
        let line = next.get_value();
        next.set_value(line + 1);
        let empty = Enrolment {
            payer_name: String::new(),
            payer_code: None,
            site_ids: Vec::new(),
            from_on: Some(desk.today()),
            until_on: None,
        };
        lines.update(|all| all.push(Line::of(line, &empty, None)));
    };
    let fault = move |field: String| {
        MaybeProp::derive(move || {
            let is_it = |one: &&Problem| one.field == field;
            problems
                .list
                .with(|all| all.iter().find(is_it).map(|one| one.text.clone()))
        })
    };
    let line = move |one: Line| {
        let remove = move |_| lines.update(|all| all.retain(|line| line.id != one.id));
        let at = move |part: &str| fault(one.field(part));
        let name = move |part: &str| one.field(part);
        view! {
            <li class="week-line payer-line">
                <Field id=name("payer") label="Payer" value=one.payer fault=at("payer") />
                <Field id=name("code") label="Payer ID" value=one.code />
                <SelectField id=name("site") label="Where" value=one.site choose="Every site" options=places />
                <Field id=name("from") label="First day" kind="date" value=one.from />
                <Field id=name("until") label="Last day" kind="date" value=one.until fault=at("until") />
                <button type="button" class="btn s only" aria-label="Remove this payer" on:click=remove><Icon name="x" /></button>
            </li>
        }
    };
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let all = lines.get_untracked();
        if !problems.show(all.iter().flat_map(|line| line.wrong()).collect()) {
            return;
        }
        let ids = beside.get_untracked();
        let terms = PractitionerTerms {
            id,
            accepts_new: accepts.get_untracked(),
            supervised_by: (ids.iter().filter_map(|id| id.parse::<Uuid>().ok()))
                .map(PractitionerId)
                .collect(),
            enrolments: all.into_iter().map(Line::read).collect(),
        };
        save(desk, "Terms", Command::SetPractitionerTerms(terms), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <CheckField id="terms-new" label="Takes new patients" value=accepts />
            <ChoicesField
                id="terms-beside" legend="Supervised by"
                hint="One of them works at the site whenever this practitioner sees patients. Nobody chosen: nobody must be there."
                value=beside options=Signal::stored(others)
            />
            <h3>"Enrolled with"</h3>
            <p class="small soft">"While no payer is entered, nothing is said about payers when a visit is booked. An enrolment that ended stays with its last day."</p>
            <ul class="week-lines" aria-label="Payers">
                <For each=move || lines.get() key=|line| line.id children=line />
            </ul>
            <div class="row">
                <button type="button" class="btn s" id="terms-add" on:click=add><Icon name="plus" small=true />"Add a payer"</button>
            </div>
            <div class="ends"><button type="submit" class="btn primary" id="terms-save">"Save"</button></div>
        </form>
    }
}
