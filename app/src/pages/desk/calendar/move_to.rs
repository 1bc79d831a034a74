//! Moving a booking further than the screen reaches: to a day, a time and a person that are entered, or an open time.

use super::moving::{Proposal, against, place_of, series};
use super::openings::{Opening, Openings, Wanted, openings};
use super::state::use_calendar;
use crate::pages::desk::booking::{
    clock, practitioners, read_time, sites, time_value, visit_type, with_rooms,
};
use crate::pages::desk::form::Problems;
use chrono::NaiveDate;
use domain::id::{PractitionerId, SiteId};
use domain::schedule::findings::Weight;
use domain::schedule::{Appointment, Mode, SeriesScope};
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary, SelectField};

/// The form.
#[component]
pub fn MoveTo(appointment: Appointment, name: String, open: RwSignal<bool>) -> impl IntoView {
    let calendar = use_calendar();
    let desk = calendar.desk;
    let problems = Problems::new();
    let text = |known: String| RwSignal::new(known);
    let first = appointment.practitioner_ids.first().copied();
    let with = text(first.map(|id| id.0.to_string()).unwrap_or_default());
    let site = text(appointment.site_id.0.to_string());
    let on = text(appointment.wall.date().to_string());
    let time = text(time_value(super::columns::minute(appointment.wall)));
    let site_id = Memo::new(move |_| site.with(|site| site.parse().ok().map(SiteId)));
    let people = practitioners(desk, site_id.into());
    let known_sites = desk.live(sites);
    let (kind, video) = (appointment.visit_type_id, appointment.mode == Mode::Video);
    let open_times = desk.live(move |engine| {
        let wanted = Wanted {
            kind,
            with: with.with(|with| with.parse().ok().map(PractitionerId)),
            site: site_id.get(),
            from: on.with(|on| on.parse::<NaiveDate>().ok())?,
            video,
        };
        Some(openings(engine, &wanted))
    });
    let take = Callback::new(move |one: Opening| {
        site.set(one.slot.site_id.0.to_string());
        with.set(one.slot.practitioner_id.0.to_string());
        on.set(one.on.to_string());
        time.set(time_value(one.minute));
        desk.engine().ports.page.focus("move-to-save");
    });
    let enter = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let engine = desk.engine();
        let day = on.with_untracked(|on| on.parse::<NaiveDate>().ok());
        let minute = time.with_untracked(|time| read_time(time));
        let whom = with.with_untracked(|with| with.parse().ok().map(PractitionerId));
        let clock = site_id.get_untracked().and_then(|site| clock(&engine, site));
        let checks = [
            (whom.is_none(), "move-with", "Choose with whom"),
            (day.is_none(), "move-on", "Enter the day"),
            (minute.is_none(), "move-time", "Enter the time, such as 10:30 AM"),
        ];
        let wrong = checks.into_iter().filter(|(wrong, ..)| *wrong);
        if !problems.show(wrong.map(|(_, id, words)| Problem::new(id, words)).collect()) {
            return;
        }
        let (Some(whom), Some(day), Some(minute), Some(clock)) = (whom, day, minute, clock) else {
            return;
        };
        let Some(kind) = visit_type(&engine, appointment.visit_type_id) else {
            return;
        };
        let mut place = place_of(&appointment);
        place.site_id = clock.id;
        place.start_at = clock.at_minute(day, minute);
        if first != Some(whom) {
            place
                .practitioner_ids
                .retain(|one| Some(*one) != first && *one != whom);
            place.practitioner_ids.insert(0, whom);
        }
        if place == place_of(&appointment) {
            open.set(false);
            return;
        }
        let place = with_rooms(&engine, &kind, place, Some(appointment.id));
        let person = people.with_untracked(|all| super::super::hours::named(all, whom.0));
        let proposal = Proposal {
            words: format!(
                "{}, {person}",
                clock.local(place.start_at).format("%a %b %-d, %-I:%M %p")
            ),
            name: name.clone(),
            found: against(&engine, &appointment, &place),
            series: series(&engine, &appointment, SeriesScope::All).len(),
            appointment: appointment.clone(),
            place,
        };
        open.set(false);
        if proposal.series > 1 || proposal.found.iter().any(|one| one.weight() > Weight::Warns) {
            calendar.asked.set(Some(proposal));
        } else {
            calendar.enter(proposal, SeriesScope::This, None);
        }
    };
    view! {
        <form class="form" novalidate on:submit=enter>
            <ProblemSummary title="There is a problem" problems=problems.list attempt=problems.attempt />
            <SelectField id="move-with" label="With whom" value=with choose="Choose" options=people fault=problems.at("move-with") />
            {move || (known_sites.with(Vec::len) > 1).then(|| view! {
                <SelectField id="move-site" label="Where" value=site choose="Choose" options=known_sites />
            })}
            <div class="cols">
                <Field id="move-on" label="Day" kind="date" value=on fault=problems.at("move-on") />
                <Field id="move-time" label="Time" kind="time" value=time fault=problems.at("move-time") />
            </div>
            <Openings all=Signal::derive(move || open_times.get().unwrap_or_default()) take />
            <div class="ends">
                <button type="submit" class="btn primary" id="move-to-save">"Move"</button>
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Leave it where it is"</button>
            </div>
        </form>
    }
}
