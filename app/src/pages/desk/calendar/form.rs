//! A new appointment, entered beside the calendar: whom, for what, with whom, when, and how often.

use super::booked::{Entry, save};
use super::columns::Holder;
use super::head::SideHead;
use super::openings::{Opening, Openings, Wanted, openings};
use super::repeat::{CHOICES, Time, Times, rule};
use super::state::{Calendar, Panel, Spot, use_calendar};
use crate::pages::desk::booking::{
    Findings, PatientPick, Picked, ReferralPick, SCENARIOS, clock_words, findings, kinds, practitioners,
    read_time, scenario_options, sites, time_value, with_rooms,
};
use crate::pages::desk::form::Problems;
use crate::pages::desk::referrals::left_of;
use chrono::NaiveDate;
use domain::id::{
    AppointmentId, PatientId, PractitionerId, ResourceId, SiteId, VisitTypeId, WaitlistEntryId,
};
use domain::schedule::findings::Weight;
use domain::schedule::{BookAppointment, Finding, Mode, Place, Scenario};
use domain::text::Lang;
use leptos::prelude::*;
use std::collections::BTreeSet;
use ui::{Field, Problem, ProblemSummary, Segmented, SelectField};
use uuid::Uuid;

/// What is known before anything is typed.
#[derive(Clone, Default, PartialEq)]
pub struct Draft {
    /// Whom.
    pub patient: Option<PatientId>,
    /// For what.
    pub kind: Option<VisitTypeId>,
    /// Where.
    pub site: Option<SiteId>,
    /// With whom.
    pub with: Option<PractitionerId>,
    /// In which room.
    pub room: Option<ResourceId>,
    /// Which day.
    pub on: Option<NaiveDate>,
    /// Which minute of it.
    pub minute: Option<u16>,
    /// Whose waiting ends with it.
    pub waiting: Option<(WaitlistEntryId, PatientId)>,
}

/// Begins a booking at a place of the calendar.
pub fn begin(calendar: Calendar, spot: Spot) {
    let draft = calendar.grid.with_untracked(|grid| {
        let column = grid.columns.iter().find(|column| column.key == spot.column)?;
        let (with, room) = match column.holder {
            Holder::Practitioner(id) => (Some(id), None),
            Holder::Room(id) => (None, Some(id)),
            Holder::Site => (None, None),
        };
        Some(Draft {
            site: Some(column.site),
            with,
            room,
            on: Some(column.on),
            minute: Some(spot.minute),
            ..Draft::default()
        })
    });
    calendar.spot.set(Some(spot));
    calendar.panel.set(Panel::Book(draft.unwrap_or_default()));
}

fn id_of<T>(value: &str, of: fn(Uuid) -> T) -> Option<T> {
    value.parse().ok().map(of)
}

/// The form.
#[component]
pub fn BookForm(draft: Draft) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let text = |known: Option<String>| RwSignal::new(known.unwrap_or_default());
    let picked = Picked::new(draft.patient);
    let kind = text(draft.kind.map(|id| id.0.to_string()));
    let site = text(
        draft
            .site
            .or(calendar.site_id.get_untracked())
            .map(|id| id.0.to_string()),
    );
    let with = text(draft.with.map(|id| id.0.to_string()));
    let on = text(Some(
        draft
            .on
            .unwrap_or_else(|| calendar.on.get_untracked())
            .to_string(),
    ));
    let time = text(draft.minute.map(time_value));
    let mode = RwSignal::new("here".to_owned());
    let (scenario, reason, referral, why) =
        (RwSignal::new("0".to_owned()), text(None), text(None), text(None));
    let (repeat, times) = (text(None), RwSignal::new("6".to_owned()));
    let left_out = RwSignal::new(BTreeSet::new());
    let problems = Problems::new();
    let busy = RwSignal::new(false);
    let all_kinds = kinds(desk);
    let all_sites = desk.live(sites);
    let site_id = Memo::new(move |_| site.with(|site| id_of(site, SiteId)));
    let people = practitioners(desk, site_id.into());
    let chosen_kind = Memo::new(move |_| {
        kind.with(|id| all_kinds.with(|all| all.iter().find(|one| one.id.0.to_string() == *id).cloned()))
    });
    let day = Memo::new(move |_| on.with(|on| on.parse::<NaiveDate>().ok()));
    let video = move || mode.with(|mode| mode == "video");
    let days = Memo::new(move |_| {
        let first = day.get()?;
        let rule = repeat.with(|repeat| times.with(|times| rule(repeat, times, first)));
        Some(rule.map_or_else(|| vec![first], |rule| rule.days(first)))
    });
    let room = draft.room;
    // As they would be entered now; nothing while something is missing. The server and each save give other ids.
    let bookings = desk.live(
        move |engine| -> Option<Vec<(NaiveDate, BookAppointment, Vec<Finding>)>> {
            let (kind, site, days) = (chosen_kind.get()?, site_id.get()?, days.get()?);
            let with = with.with(|with| id_of(with, PractitionerId))?;
            let patient_id = picked.patient.get()?;
            let minute = time.with(|time| read_time(time))?;
            let clock = crate::pages::desk::booking::clock(engine, site)?;
            let paid = scenario.with(|at| SCENARIOS.get(at.parse::<usize>().ok()?));
            let said = |text: RwSignal<String>| {
                text.with(|text| Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
            };
            let each = days.into_iter().map(|on| {
                let place = Place {
                    site_id: site,
                    practitioner_ids: vec![with],
                    resource_ids: room.into_iter().collect(),
                    start_at: clock.at_minute(on, minute),
                    minutes: kind.minutes,
                    mode: if video() { Mode::Video } else { Mode::InPerson },
                };
                let booking = BookAppointment {
                    appointment_id: AppointmentId(Uuid::nil()),
                    patient_id,
                    visit_type_id: kind.id,
                    place: with_rooms(engine, &kind, place, None),
                    scenario: paid.map_or(Scenario::Insurance, |(scenario, _)| *scenario),
                    reason: said(reason),
                    referral: said(referral),
                    overbook_reason: said(why),
                    hold_minutes: None,
                    series_id: None,
                };
                let found = findings(engine, &booking);
                (on, booking, found)
            });
            Some(each.collect())
        },
    );
    let left = desk.live(move |engine| {
        let patient = picked.patient.get()?;
        referral.with(|number| left_of(engine, patient, number))
    });
    let kept = move || -> Vec<(NaiveDate, BookAppointment, Vec<Finding>)> {
        let mut all = bookings.get().unwrap_or_default();
        if all.len() > 1 {
            left_out.with(|out: &BTreeSet<NaiveDate>| all.retain(|(on, ..)| !out.contains(on)));
        }
        // Each was looked at by itself, and they go on one referral together.
        let beyond = left.get().map_or(all.len(), usize::from);
        for (_, _, found) in all.iter_mut().skip(beyond) {
            found.push(Finding::ReferralUsedUp);
        }
        all
    };
    let found = Memo::new(move |_| {
        let all: BTreeSet<Finding> = kept().into_iter().flat_map(|(_, _, found)| found).collect();
        all.into_iter().collect::<Vec<_>>()
    });
    let needs_reason =
        Memo::new(move |_| found.with(|all| all.iter().any(|one| one.weight() == Weight::NeedsReason)));
    let shown_times = Signal::derive(move || {
        let all = bookings.get().unwrap_or_default();
        let time = |(on, _, found): (NaiveDate, BookAppointment, Vec<Finding>)| Time {
            on,
            words: on.format("%a %b %-d").to_string(),
            against: found.first().map(|one| one.sentence().get(Lang::En).to_owned()),
        };
        all.into_iter().map(time).collect()
    });
    let open = desk.live(move |engine| {
        let wanted = Wanted {
            kind: chosen_kind.get().map(|kind| kind.id)?,
            with: with.with(|with| id_of(with, PractitionerId)),
            site: site_id.get(),
            from: day.get()?,
            video: video(),
        };
        Some(openings(engine, &wanted))
    });
    let take = Callback::new(move |one: Opening| {
        site.set(one.slot.site_id.0.to_string());
        with.set(one.slot.practitioner_id.0.to_string());
        on.set(one.on.to_string());
        time.set(time_value(one.minute));
        calendar.on.set(one.on);
        desk.engine().ports.page.focus("book-save");
    });
    // Later than whatever was to have the focus before the form was opened.
    desk.engine().ports.page.focus("book-patient");
    let waiting = draft.waiting;
    let enter = move |hold: Option<u16>| {
        if busy.get_untracked() {
            return;
        }
        let missing = |signal: RwSignal<String>| signal.with_untracked(String::is_empty);
        let checks = [
            (
                picked.patient.get_untracked().is_none(),
                "book-patient",
                "Choose the patient",
            ),
            (missing(kind), "book-kind", "Choose for what"),
            (
                missing(with),
                "book-with",
                "Choose with whom, or take one of the first open times",
            ),
            (day.get_untracked().is_none(), "book-on", "Enter the day"),
            (
                time.with_untracked(|time| read_time(time)).is_none(),
                "book-time",
                "Enter the time, such as 10:30 AM",
            ),
            (
                !missing(repeat) && untrack(|| days.get().is_none_or(|days| days.len() < 2)),
                "book-times",
                "Enter how many times, from 2 to 104",
            ),
            (
                needs_reason.get_untracked() && missing(why),
                "book-why",
                "Say why it may be so",
            ),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let rule = untrack(|| repeat.with(|repeat| times.with(|times| rule(repeat, times, day.get()?))));
        let entry = Entry {
            rule: rule.map(|rule| rule.to_string()),
            bookings: untrack(kept).into_iter().map(|(_, one, _)| one).collect(),
            hold,
            waiting,
        };
        busy.set(true);
        save(
            calendar,
            entry,
            Callback::new(move |()| {
                let _left = busy.try_set(false);
            }),
        );
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        enter(None);
    };
    let kind_options = move || {
        let words = |kind: &domain::schedule::VisitType| {
            (
                kind.id.0.to_string(),
                format!("{}, {} min", kind.name, kind.minutes),
            )
        };
        all_kinds.with(|all| all.iter().map(words).collect::<Vec<_>>())
    };
    let options = |all: &[(&str, &str)]| -> Vec<(String, String)> {
        all.iter()
            .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
            .collect()
    };
    let until = move || {
        let minute = time.with(|time| read_time(time))?;
        let kind = chosen_kind.get()?;
        Some(format!("Until {}", clock_words(minute + kind.minutes)))
    };
    let kind_id = Memo::new(move |_| chosen_kind.with(|kind| kind.as_ref().map(|kind| kind.id)));
    let needs_referral =
        move || chosen_kind.with(|kind| kind.as_ref().is_some_and(|kind| kind.referral_needed));
    view! {
        <SideHead title="New appointment" />
        <form class="form scroll side-form" id="book-form" novalidate on:submit=submit>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <PatientPick id="book-patient" label="Patient" picked problems />
            <SelectField id="book-kind" label="For what" value=kind choose="Choose" options=Signal::derive(kind_options) fault=problems.at("book-kind") />
            <SelectField id="book-with" label="With whom" value=with choose="Anyone" options=people fault=problems.at("book-with") />
            {move || (all_sites.with(Vec::len) > 1).then(|| view! {
                <SelectField id="book-site" label="Where" value=site choose="Any site" options=all_sites />
            })}
            <div class="cols">
                <Field id="book-on" label="Day" kind="date" value=on fault=problems.at("book-on") />
                <Field id="book-time" label="Time" kind="time" value=time hint=MaybeProp::derive(until) fault=problems.at("book-time") />
            </div>
            <Openings all=Signal::derive(move || open.get().unwrap_or_default()) take />
            <div class="cols">
                <SelectField id="book-repeat" label="How often" value=repeat choose="Once" options=Signal::stored(options(CHOICES.get(1..).unwrap_or_default())) />
                {move || (!repeat.with(String::is_empty)).then(|| view! {
                    <Field id="book-times" label="How many times" value=times inputmode="numeric" fault=problems.at("book-times") />
                })}
            </div>
            <Times all=shown_times left_out />
            <Findings all=found />
            {move || needs_reason.get().then(|| view! {
                <Field id="book-why" label="Why it may be so" value=why fault=problems.at("book-why") />
            })}
            <Segmented name="book-mode" legend="Where the patient is" value=mode options=Signal::stored(options(&[("here", "At the site"), ("video", "Video")])) />
            <SelectField id="book-scenario" label="Who pays" value=scenario choose="Choose" options=Signal::stored(scenario_options()) />
            <ReferralPick patient=picked.patient kind=kind_id on=day needed=Signal::derive(needs_referral) value=referral />
            <Field id="book-reason" label="Why they come (optional)" value=reason />
        </form>
        <footer>
            <button type="submit" form="book-form" class="btn primary wide" id="book-save">"Book"</button>
            <button type="button" class="btn s" id="book-hold" on:click=move |_| enter(Some(10))>"Hold for 10 minutes"</button>
        </footer>
    }
}
