//! A referral or an authorization to add, or to correct.

use crate::pages::desk::form::Problems;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::Command;
use domain::coverage::{Coverage, in_force_on};
use domain::id::{CoverageId, PatientId, ReferralId, VisitTypeId};
use domain::referrals::{RecordReferral, Referral, ReferralKind, ReferralState};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use domain::validate::Validate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{AreaField, Choice, ChoicesField, Field, Problem, ProblemSummary, Segmented, SelectField};

const VISITS: &str = "Enter a whole number from 1 to 999, or nothing";

/// The coverages that count today, and the one that it names already.
fn coverages(
    engine: &Engine,
    patient: PatientId,
    today: NaiveDate,
    also: Option<CoverageId>,
) -> Vec<(String, String)> {
    let rows = engine.get(Key::OfPatient(Entity::Coverage, patient)).into_iter();
    let all: Vec<Coverage> = rows
        .filter_map(|row| match row {
            Row::Coverage(coverage) => Some(coverage),
            _ => None,
        })
        .collect();
    let now: Vec<CoverageId> = in_force_on(&all, today).into_iter().map(|one| one.id).collect();
    let shown = all
        .iter()
        .filter(|one| now.contains(&one.id) || Some(one.id) == also);
    shown
        .map(|one| {
            (
                one.id.to_string(),
                format!("{} {}", one.payer_name, one.member_id),
            )
        })
        .collect()
}

/// The kinds of visit that are offered, and those that it names already.
fn kind_choices(engine: &Engine, also: &[VisitTypeId]) -> Vec<Choice> {
    let mut all = engine.pick(Entity::VisitType, |row| match row {
        Row::VisitType(kind) if kind.active || also.contains(&kind.id) => Some((kind.name.clone(), kind.id)),
        _ => None,
    });
    all.sort();
    let choice = |(name, id): (String, VisitTypeId)| Choice::new(id.to_string(), name);
    all.into_iter().map(choice).collect()
}

/// What is wrong with a field, and which one on the page that is.
fn wrong_with(field: &str) -> Problem {
    let (id, words) = match field {
        "number" => (
            "referral-number",
            "Enter the number, as the office or the payer gave it",
        ),
        "referrer_name" => ("referral-name", "Enter who referred the patient"),
        "referrer_npi" => (
            "referral-npi",
            "Check the NPI: its ten digits do not fit together",
        ),
        "visits_allowed" => ("referral-visits", VISITS),
        "valid_from" => ("referral-from", "Enter the first day"),
        "valid_until" => (
            "referral-until",
            "Enter a last day that is not before the first, or none",
        ),
        _ => ("referral-note", "Use fewer words"),
    };
    Problem::new(id, words)
}

/// The form; it closes its dialog when the entry is saved.
#[component]
pub fn ReferralForm(
    id: PatientId,
    /// As it is seen now, when it is to be corrected.
    base: Option<Referral>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let old = base.as_ref();
    let text = |value: Option<String>| RwSignal::new(value.unwrap_or_default());
    let kind = text(Some(
        old.map_or(ReferralKind::Referral, |one| one.kind)
            .name()
            .to_owned(),
    ));
    let number = text(old.map(|one| one.number.clone()));
    let name = text(old.and_then(|one| one.referrer_name.clone()));
    let npi = text(old.and_then(|one| one.referrer_npi.clone()));
    let known_coverage = old.and_then(|one| one.coverage_id);
    let coverage = text(known_coverage.map(|id| id.to_string()));
    let visits = text(old.and_then(|one| one.visits_allowed.map(|most| most.to_string())));
    let from = text(Some(
        old.map_or_else(|| desk.today(), |one| one.valid_from).to_string(),
    ));
    let until = text(old.and_then(|one| one.valid_until.map(|on| on.to_string())));
    let note = text(old.and_then(|one| one.note.clone()));
    let known_kinds = old.map(|one| one.visit_type_ids.clone()).unwrap_or_default();
    let chosen = RwSignal::new(known_kinds.iter().map(ToString::to_string).collect::<Vec<_>>());
    let engine = desk.engine();
    let payers = coverages(&engine, id, desk.today(), known_coverage);
    let none = payers.is_empty();
    let all_kinds = kind_choices(&engine, &known_kinds);
    let base = StoredValue::new(base);
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let line = |field: RwSignal<String>| {
            let text = field.with_untracked(|text| text.trim().to_owned());
            Some(text).filter(|text| !text.is_empty())
        };
        let mut wrong = Vec::new();
        let valid_from = line(from).and_then(|on| on.parse::<NaiveDate>().ok());
        if valid_from.is_none() {
            wrong.push(wrong_with("valid_from"));
        }
        let most = line(visits).map(|most| most.parse::<u16>());
        if matches!(most, Some(Err(_))) {
            wrong.push(wrong_with("visits_allowed"));
        }
        let before = base.get_value();
        let engine = desk.engine();
        let is_chosen = |one: &ReferralKind| kind.with_untracked(|kind| *kind == one.name());
        let referral = Referral {
            id: before
                .as_ref()
                .map_or_else(|| ReferralId(engine.new_id()), |one| one.id),
            patient_id: id,
            number: line(number).unwrap_or_default(),
            former_numbers: Vec::new(),
            kind: (ReferralKind::ALL.into_iter().find(is_chosen)).unwrap_or(ReferralKind::Referral),
            referrer_name: line(name),
            referrer_npi: line(npi),
            coverage_id: line(coverage).and_then(|id| id.parse().ok()),
            visits_allowed: most.and_then(Result::ok),
            valid_from: valid_from.unwrap_or(desk.today()),
            valid_until: line(until).and_then(|on| on.parse::<NaiveDate>().ok()),
            visit_type_ids: chosen
                .with_untracked(|ids| ids.iter().filter_map(|id| id.parse().ok()).collect()),
            note: line(note),
            state: before.as_ref().map_or(ReferralState::Active, |one| one.state),
            recorded_at: engine.ports.clock.now(),
            recorded_by: String::new(),
            ended_at: None,
            ended_by: None,
        };
        let faults = referral.faults(desk.today()).0;
        wrong.extend(faults.iter().map(|fault| wrong_with(&fault.field)));
        if !problems.show(wrong) {
            return;
        }
        busy.set(true);
        let what = referral.kind.label().get(Lang::En);
        let command = RecordReferral {
            referral,
            base: before,
        };
        desk.submit(what, Command::RecordReferral(command), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => drop(open.try_set(false)),
                Err(why) => drop(problems.show(vec![Problem::new("referral-number", why)])),
            }
        });
    };
    let both = ReferralKind::ALL.map(|one| (one.name().to_owned(), one.label().get(Lang::En).to_owned()));
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <Segmented name="referral-kind" legend="What it is" value=kind options=Signal::stored(both.to_vec()) />
            <div class="cols">
                <Field id="referral-number" label="Number" value=number fault=problems.at("referral-number") />
                <Field id="referral-visits" label="How many visits (optional)" inputmode="numeric" value=visits fault=problems.at("referral-visits") />
                <Field id="referral-from" label="First day" kind="date" value=from fault=problems.at("referral-from") />
                <Field id="referral-until" label="Last day (optional)" kind="date" value=until fault=problems.at("referral-until") />
                <Field id="referral-name" label="Referred by" hint="Optional for a prior authorization" value=name fault=problems.at("referral-name") />
                <Field id="referral-npi" label="Their NPI (optional)" inputmode="numeric" value=npi fault=problems.at("referral-npi") />
            </div>
            {(!none).then(|| view! {
                <SelectField id="referral-coverage" label="Insurance that asks for it" value=coverage choose="Not said" options=Signal::stored(payers) />
            })}
            <ChoicesField
                id="referral-kinds" legend="For which kinds of visit" hint="Nothing chosen: for any"
                value=chosen options=Signal::stored(all_kinds)
            />
            <AreaField id="referral-note" label="Note (optional)" value=note rows=2 fault=problems.at("referral-note") />
            <div class="ends">
                <button type="submit" class="btn primary" id="save-referral" aria-busy=move || busy.get().to_string()>"Save"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
            </div>
        </form>
    }
}
