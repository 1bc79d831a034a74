//! What the patient was referred on, and what is left of it.

use super::card::Card;
use super::referral_form::ReferralForm;
use crate::pages::desk::referrals::{Line, kind_words, of_patient, payer_words};
use crate::pages::desk::when::day;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use chrono::NaiveDate;
use domain::command::{Command, CommandName};
use domain::id::PatientId;
use domain::referrals::{EndReferral, RecordReferral, Referral, ReferralState};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Dialog, Icon, Tone};

/// Whether it counts, as a word and a colour.
fn standing(line: &Line, today: NaiveDate) -> (Tone, &'static str, String) {
    let from = line.referral.valid_from;
    match line.referral.state {
        ReferralState::Ended => (Tone::Plain, "circle", "Ended".to_owned()),
        ReferralState::Active if line.is_past(today) => (Tone::Plain, "circle", "Over".to_owned()),
        ReferralState::Active if line.left == Some(0) => (Tone::Stop, "warn", "Used up".to_owned()),
        ReferralState::Active if today < from => (Tone::Plain, "clock", format!("From {}", day(from))),
        ReferralState::Active => (Tone::Ok, "check", "Counts".to_owned()),
    }
}

/// "Prior authorization · Dr. Quill (NPI 1234567893) · Lakeside Health · Follow-up"
fn facts(engine: &Engine, referral: &Referral) -> String {
    let mut all = vec![referral.kind.label().get(Lang::En).to_owned()];
    let npi = referral.referrer_npi.as_deref().map(|npi| format!("NPI {npi}"));
    match (&referral.referrer_name, npi) {
        (Some(name), Some(npi)) => all.push(format!("{name} ({npi})")),
        (Some(name), None) => all.push(name.clone()),
        (None, npi) => all.extend(npi),
    }
    all.extend(referral.coverage_id.and_then(|id| payer_words(engine, id)));
    all.push(kind_words(engine, &referral.visit_type_ids));
    all.extend(referral.note.clone());
    all.retain(|fact| !fact.is_empty());
    all.join(" · ")
}

/// Lets one that was ended count again.
fn count_again(desk: Desk, referral: &Referral) {
    let in_state = |state| Referral {
        state,
        ..referral.clone()
    };
    let command = RecordReferral {
        referral: in_state(ReferralState::Active),
        base: Some(in_state(ReferralState::Ended)),
    };
    desk.enter("Referral counts again", Command::RecordReferral(command));
}

/// Ends one, and offers to let it count again.
fn end(desk: Desk, referral: Referral) {
    let command = EndReferral {
        referral_id: referral.id,
        patient_id: referral.patient_id,
    };
    desk.submit(
        "Referral ended",
        Command::EndReferral(command),
        move |done| match done {
            Ok(_) => {
                let again = move |()| count_again(desk, &referral);
                desk.offer("Referral ended", "Undo", Callback::new(again));
            }
            Err(why) => desk.say(why),
        },
    );
}

/// The card.
#[component]
pub fn ReferralsCard(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let lines = desk.live(move |engine| of_patient(engine, id));
    let may = desk.may(CommandName::RecordReferral);
    let open = RwSignal::new(false);
    // What is corrected in the dialog; nothing while one is added.
    let known = RwSignal::new(None::<Referral>);
    let show = move |referral: Option<Referral>| {
        known.set(referral);
        open.set(true);
    };
    let act = move || {
        may.then(|| {
            view! {
                <button type="button" class="btn s quiet" id="add-referral" on:click=move |_| show(None)>
                    <Icon name="plus" small=true />"Add"
                </button>
            }
        })
    };
    let split = Memo::new(move |_| {
        let today = desk.today();
        let all = lines.get().into_iter();
        all.partition::<Vec<_>, _>(|line: &Line| !line.is_past(today))
    });
    let row = move |line: Line| {
        let engine = desk.engine();
        let (kind, icon, label) = standing(&line, desk.today());
        let number = line.referral.number.clone();
        let of = || view! { <span class="vh">{format!(" {number}")}</span> };
        let (one, ended) = (line.referral.clone(), line.referral.state == ReferralState::Ended);
        let buttons = may.then(|| {
            let other = one.clone();
            match ended {
                true => view! {
                    <button type="button" class="btn s quiet" data-act="again" on:click=move |_| count_again(desk, &one)>"Counts again"{of()}</button>
                }
                .into_any(),
                false => view! {
                    <button type="button" class="btn s quiet" data-act="edit" on:click=move |_| show(Some(one.clone()))>"Correct"{of()}</button>
                    <button type="button" class="btn s quiet" data-act="end" on:click=move |_| end(desk, other.clone())>"End"{of()}</button>
                }
                .into_any(),
            }
        });
        view! {
            <li data-referral=line.referral.id.to_string()>
                <span>
                    <b>{number.clone()}</b>
                    <small>{facts(&engine, &line.referral)}</small>
                    <small>{line.left_words()}</small>
                    <Chip kind icon label />
                </span>
                <span>{buttons}</span>
            </li>
        }
    };
    let title = move || match known.with(Option::is_some) {
        true => "Correct a referral".to_owned(),
        false => "Add a referral".to_owned(),
    };
    view! {
        <Card id="card-referrals" title="Referrals and authorizations" act>
            <Show when=move || lines.with(Vec::is_empty)>
                <p class="in soft small">"None recorded: nothing is counted of the numbers that visits name."</p>
            </Show>
            <ul class="consents">{move || split.get().0.into_iter().map(row).collect_view()}</ul>
            <Show when=move || split.with(|(_, past)| !past.is_empty())>
                <details class="in">
                    <summary>{move || format!("{} past", split.with(|(_, past)| past.len()))}</summary>
                    <ul class="consents">{move || split.get().1.into_iter().map(row).collect_view()}</ul>
                </details>
            </Show>
            <Dialog open title=Signal::derive(title) close="Close" large=true>
                <ReferralForm id open base=known.get_untracked() />
            </Dialog>
        </Card>
    }
}
