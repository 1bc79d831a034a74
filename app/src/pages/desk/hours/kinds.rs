//! What can be booked: how long, what it needs, for whom, and at what price.

use super::save;
use crate::pages::desk::answering::all_forms;
use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use domain::command::Command;
use domain::id::VisitTypeId;
use domain::intake::questionnaire::newest;
use domain::money::Money;
use domain::row::{Entity, Row};
use domain::schedule::{ColorToken, ForWhom, VisitType};
use leptos::prelude::*;
use ui::{
    AreaField, CheckField, Choice, ChoicesField, Dialog, Field, Icon, Problem, ProblemSummary, SelectField,
};

const COLORS: [(ColorToken, &str); 8] = [
    (ColorToken::Slate, "Slate"),
    (ColorToken::Blue, "Blue"),
    (ColorToken::Teal, "Teal"),
    (ColorToken::Green, "Green"),
    (ColorToken::Amber, "Amber"),
    (ColorToken::Red, "Red"),
    (ColorToken::Violet, "Violet"),
    (ColorToken::Pink, "Pink"),
];
const FOR_WHOM: [(ForWhom, &str); 3] = [
    (ForWhom::Anyone, "Anyone"),
    (ForWhom::New, "New patients"),
    (ForWhom::Established, "Established patients"),
];

fn place<T: PartialEq>(all: &[(T, &str)], one: &T) -> String {
    all.iter()
        .position(|(known, _)| known == one)
        .unwrap_or_default()
        .to_string()
}

fn choices<T>(all: &[(T, &str)]) -> Signal<Vec<(String, String)>> {
    Signal::stored(
        all.iter()
            .enumerate()
            .map(|(at, (_, word))| (at.to_string(), (*word).to_owned()))
            .collect(),
    )
}

/// The list.
#[component]
pub fn Kinds() -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    let edit = RwSignal::new(None::<VisitType>);
    let all = desk.live(|engine| {
        let mut all = engine.pick(Entity::VisitType, |row| match row {
            Row::VisitType(row) => Some(row.clone()),
            _ => None,
        });
        all.sort_by(|a, b| (!a.active, &a.name).cmp(&(!b.active, &b.name)));
        all
    });
    let begin = move |row: Option<VisitType>| {
        edit.set(row);
        open.set(true);
    };
    let row = move |one: VisitType| {
        let (id, name, minutes) = (
            one.id.to_string(),
            one.name.clone(),
            format!("{} min", one.minutes),
        );
        let needs = one.resource_kinds.join(", ").replace('_', " ");
        let price = one
            .price_amount
            .map(|price| format!("${price}"))
            .unwrap_or_default();
        let state = match (one.active, one.online) {
            (false, _) => "Not offered",
            (true, true) => "Offered, also online",
            (true, false) => "Offered",
        };
        view! {
            <tr data-kind=id>
                <th scope="row">{name}</th><td class="num">{minutes}</td><td>{needs}</td><td class="num">{price}</td><td>{state}</td>
                <td class="num"><button type="button" class="btn s" on:click=move |_| begin(Some(one.clone()))>"Change"</button></td>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="Kinds of visit">
            <div class="row pad-line">
                <span class="push"></span>
                <button type="button" class="btn primary" id="kind-add" on:click=move |_| begin(None)><Icon name="plus" small=true />"Add a kind of visit"</button>
            </div>
            <table class="table">
                <thead><tr>
                    <th scope="col">"Name"</th><th scope="col" class="num">"Takes"</th><th scope="col">"Needs"</th><th scope="col" class="num">"Price"</th><th scope="col">"State"</th>
                    <th scope="col"><span class="vh">"Do"</span></th>
                </tr></thead>
                <tbody>{move || all.get().into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <Dialog open title="Kind of visit" close="Close" large=true>
            {move || { let known = edit.get(); view! { <KindForm known open /> } }}
        </Dialog>
    }
}

/// The forms that a kind of visit can ask, and those that it asks: by the newest version of each, whichever was named.
fn asked_forms(engine: &Engine, known: Option<&VisitType>) -> (Vec<Choice>, RwSignal<Vec<String>>) {
    let all = all_forms(engine);
    let named = known
        .map(|kind| kind.questionnaire_ids.as_slice())
        .unwrap_or_default();
    let slugs: Vec<&str> = all
        .iter()
        .filter(|form| named.contains(&form.id))
        .map(|form| form.slug.as_str())
        .collect();
    let mut forms = newest(&all);
    forms.retain(|form| !form.retired || slugs.contains(&form.slug.as_str()));
    forms.sort_by(|a, b| a.title.en.cmp(&b.title.en));
    let asked = forms.iter().filter(|form| slugs.contains(&form.slug.as_str()));
    let asked = asked.map(|form| form.id.to_string()).collect();
    let each = forms.iter().map(|form| {
        let choice = Choice::new(form.id.to_string(), form.title.en.clone());
        match form.retired {
            true => choice.with_note("Withdrawn: it is not asked now"),
            false => choice,
        }
    });
    (each.collect(), RwSignal::new(asked))
}

#[component]
fn KindForm(known: Option<VisitType>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let problems = Problems::new();
    let of = |read: fn(&VisitType) -> String, usual: &str| {
        RwSignal::new(known.as_ref().map_or_else(|| usual.to_owned(), read))
    };
    let optional = |number: Option<u16>| number.map(|n| n.to_string()).unwrap_or_default();
    let name = of(|row| row.name.clone(), "");
    let minutes = of(|row| row.minutes.to_string(), "30");
    let grid = of(|row| row.grid_minutes.to_string(), "15");
    let before = of(|row| row.before_minutes.to_string(), "0");
    let after = of(|row| row.after_minutes.to_string(), "0");
    let capacity = of(|row| row.capacity.to_string(), "1");
    let needs = of(|row| row.resource_kinds.join(", "), "exam_room");
    let price = of(
        |row| {
            row.price_amount
                .map(|price| price.to_string())
                .unwrap_or_default()
        },
        "",
    );
    let least = RwSignal::new(optional(known.as_ref().and_then(|row| row.min_age)));
    let most = RwSignal::new(optional(known.as_ref().and_then(|row| row.max_age)));
    let cap = RwSignal::new(optional(known.as_ref().and_then(|row| row.daily_cap)));
    let lead = of(|row| row.lead_minutes.to_string(), "60");
    let horizon = of(|row| row.horizon_days.to_string(), "365");
    let whom = of(|row| place(&FOR_WHOM, &row.for_whom), "0");
    let color = of(|row| place(&COLORS, &row.color), "0");
    let instructions = of(|row| row.instructions.clone().unwrap_or_default(), "");
    let check = |read: fn(&VisitType) -> bool, usual: bool| RwSignal::new(known.as_ref().map_or(usual, read));
    let referral = check(|row| row.referral_needed, false);
    let online = check(|row| row.online, false);
    let active = check(|row| row.active, true);
    let (forms, asked) = asked_forms(&desk.engine(), known.as_ref());
    let none = forms.is_empty();
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut wrong = Vec::new();
        let mut whole = |text: RwSignal<String>, id: &'static str| -> u16 {
            text.with_untracked(|text| text.trim().parse())
                .unwrap_or_else(|_| {
                    wrong.push(Problem::new(id, "Enter a whole number"));
                    0
                })
        };
        let (minutes, grid_minutes) = (whole(minutes, "kind-minutes"), whole(grid, "kind-grid"));
        let (before_minutes, after_minutes) = (whole(before, "kind-before"), whole(after, "kind-after"));
        let (capacity, lead_minutes) = (whole(capacity, "kind-capacity"), whole(lead, "kind-lead"));
        let horizon_days = whole(horizon, "kind-horizon");
        let mut maybe = |text: RwSignal<String>, id: &'static str| -> Option<u16> {
            let empty = text.with_untracked(|text| text.trim().is_empty());
            (!empty).then(|| whole(text, id))
        };
        let (min_age, max_age, daily_cap) = (
            maybe(least, "kind-least"),
            maybe(most, "kind-most"),
            maybe(cap, "kind-cap"),
        );
        let said = price.with_untracked(|price| price.trim().to_owned());
        let price_amount = match said.parse::<Money>() {
            _ if said.is_empty() => None,
            Ok(amount) => Some(amount),
            Err(_) => {
                wrong.push(Problem::new("kind-price", "Enter an amount such as 145.00"));
                None
            }
        };
        let title = name.with_untracked(|name| name.trim().to_owned());
        if title.is_empty() {
            wrong.push(Problem::new("kind-name", "Enter a name"));
        }
        if !problems.show(wrong) {
            return;
        }
        let at = |text: RwSignal<String>| text.with_untracked(|at| at.parse::<usize>().unwrap_or_default());
        let row = VisitType {
            id: known
                .as_ref()
                .map_or_else(|| VisitTypeId(desk.engine().new_id()), |row| row.id),
            name: title,
            minutes,
            grid_minutes,
            before_minutes,
            after_minutes,
            capacity,
            resource_kinds: needs.with_untracked(|needs| {
                let kinds = needs
                    .split(',')
                    .map(|kind| kind.trim().to_lowercase().replace(' ', "_"));
                kinds.filter(|kind| !kind.is_empty()).collect()
            }),
            for_whom: FOR_WHOM.get(at(whom)).map_or(ForWhom::Anyone, |(whom, _)| *whom),
            min_age,
            max_age,
            referral_needed: referral.get_untracked(),
            price_amount,
            color: COLORS
                .get(at(color))
                .map_or(ColorToken::Slate, |(color, _)| *color),
            online: online.get_untracked(),
            lead_minutes,
            horizon_days,
            daily_cap,
            instructions: instructions
                .with_untracked(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            questionnaire_ids: asked
                .with_untracked(|asked| asked.iter().filter_map(|id| id.parse().ok()).collect()),
            active: active.get_untracked(),
        };
        save(desk, "Kind of visit", Command::DefineVisitType(row), open);
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Field id="kind-name" label="Name" value=name autofocus=true fault=problems.at("kind-name") />
            <div class="cols of-3">
                <Field id="kind-minutes" label="Minutes" inputmode="numeric" value=minutes fault=problems.at("kind-minutes") />
                <Field id="kind-grid" label="Begins every so many minutes" inputmode="numeric" value=grid fault=problems.at("kind-grid") />
                <Field id="kind-capacity" label="How many at once" inputmode="numeric" value=capacity fault=problems.at("kind-capacity") />
                <Field id="kind-before" label="Kept free before" inputmode="numeric" value=before fault=problems.at("kind-before") />
                <Field id="kind-after" label="Kept free after" inputmode="numeric" value=after fault=problems.at("kind-after") />
                <Field id="kind-cap" label="Most in a day (optional)" inputmode="numeric" value=cap fault=problems.at("kind-cap") />
                <Field id="kind-lead" label="Booked so many minutes ahead" inputmode="numeric" value=lead fault=problems.at("kind-lead") />
                <Field id="kind-horizon" label="Up to so many days ahead" inputmode="numeric" value=horizon fault=problems.at("kind-horizon") />
                <Field id="kind-price" label="Price (optional)" inputmode="decimal" value=price fault=problems.at("kind-price") />
                <Field id="kind-least" label="From age (optional)" inputmode="numeric" value=least fault=problems.at("kind-least") />
                <Field id="kind-most" label="To age (optional)" inputmode="numeric" value=most fault=problems.at("kind-most") />
                <Field id="kind-needs" label="Rooms and devices" hint="What is needed, with commas between" value=needs />
                <SelectField id="kind-whom" label="For whom" value=whom choose="Choose" options=choices(&FOR_WHOM) />
                <SelectField id="kind-color" label="Colour of the stripe" value=color choose="Choose" options=choices(&COLORS) />
            </div>
            <AreaField id="kind-instructions" label="Instructions for patients (optional)" value=instructions rows=2 />
            {(!none).then(|| view! {
                <ChoicesField id="kind-forms" legend="Forms that patients are asked" value=asked options=Signal::stored(forms) />
            })}
            <CheckField id="kind-referral" label="Needs a referral" value=referral />
            <CheckField id="kind-online" label="Patients may book it themselves" value=online />
            <CheckField id="kind-active" label="Offered" value=active />
            <div class="ends"><button type="submit" class="btn primary" id="kind-save">"Save"</button></div>
        </form>
    }
}
