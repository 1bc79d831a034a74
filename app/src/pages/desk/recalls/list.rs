//! The list: who, about when, what for, and when they were last told.

use super::acts::Acts;
use super::data::Line;
use crate::pages::desk::board::visits::moment as moment_at;
use crate::pages::desk::counter::called;
use crate::pages::desk::when::{day, moment};
use crate::pages::desk::words::{any_phone, birth_words};
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use domain::command::CommandName;
use domain::recalls::{Recall, RecallState, Standing};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, EmptyState, Icon, Tone};

/// So many are drawn at first; the rest when somebody asks.
const AT_ONCE: usize = 100;

/// The list.
#[component]
pub fn Recalls(lines: Memo<Vec<Line>>, acts: Acts) -> impl IntoView {
    let most = RwSignal::new(AT_ONCE);
    let shown = move || {
        let mut all = lines.get();
        all.truncate(most.get());
        all
    };
    let more = move || lines.with(Vec::len).saturating_sub(most.get());
    view! {
        <Show when=move || lines.with(Vec::is_empty)>
            <EmptyState
                icon="again" title="Nobody"
                text="Ask for a recall in a patient’s record, on the board, or on the phone after a visit. It appears here when it is due."
            />
        </Show>
        <ol class="notice-list">
            <For each=shown key=Line::key let(line)><One line acts /></For>
        </ol>
        {move || (more() > 0).then(|| view! {
            <button type="button" class="btn" on:click=move |_| most.update(|most| *most += AT_ONCE)>{format!("{} more", more())}</button>
        })}
    }
}

/// Where it is on the list, in words.
pub fn chip(engine: &Engine, line: &Line) -> impl IntoView + use<> {
    let due = day(line.recall.due_on);
    let booked = line
        .met_by
        .as_ref()
        .map(|visit| moment_at(engine, visit.site_id, visit.start_at))
        .unwrap_or_default();
    let (kind, icon, label) = match line.standing {
        Standing::Overdue => (Tone::Stop, "warn", format!("Due {due}, overdue")),
        Standing::Soon => (Tone::Wait, "clock", format!("Due {due}")),
        Standing::Later => (Tone::Plain, "clock", format!("Due {due}")),
        Standing::Booked => (Tone::Ok, "calendar", format!("Booked for {booked}")),
        Standing::Closed if line.met_by.is_some() => (Tone::Ok, "check", format!("Came {booked}")),
        Standing::Closed => {
            let reason = line.recall.state.label().get(Lang::En);
            (Tone::Plain, "xc", reason.to_owned())
        }
    };
    view! { <Chip kind icon label /> }
}

/// "Told by phone, Mar 10, 3:00 PM by Maria Lindqvist: calls back (2 times)"
pub fn last_contact(engine: &Engine, recall: &Recall) -> Option<String> {
    let last = recall.contacts.last()?;
    let note = last.note.as_ref().map(|note| format!(": {note}"));
    let times = match recall.contacts.len() {
        1 => String::new(),
        n => format!(" ({n} times in all)"),
    };
    Some(format!(
        "{}, {}, {}{}{times}",
        last.way.label().get(Lang::En),
        moment(engine, last.at),
        last.by,
        note.unwrap_or_default()
    ))
}

/// For what, with whom, where, and who asked.
fn facts(engine: &Engine, recall: &Recall) -> String {
    let one = |entity, id| engine.get(Key::Row(entity, id)).into_iter().next();
    let kind = recall.visit_type_id.and_then(|id| one(Entity::VisitType, id.0));
    let with = recall
        .practitioner_id
        .and_then(|id| one(Entity::Practitioner, id.0));
    let all = [kind, with, one(Entity::Site, recall.site_id.0)];
    let mut said: Vec<String> = (all.into_iter().flatten())
        .filter_map(|row| match row {
            Row::VisitType(kind) => Some(kind.name),
            Row::Practitioner(who) => Some(who.family_name),
            Row::Site(site) => Some(site.name),
            _ => None,
        })
        .collect();
    said.push(format!("asked by {}", recall.asked_by));
    said.join(" · ")
}

#[component]
fn One(line: Line, acts: Acts) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let recall = line.recall.clone();
    let patient = engine.patient(recall.patient_id);
    let birth = patient.as_ref().map(|one| birth_words(one, desk.today()));
    let phone = patient.as_ref().and_then(any_phone);
    let died = patient.as_ref().is_some_and(|one| one.deceased_on.is_some());
    let name = move || match &patient {
        Some(patient) => called(patient, desk.counter.get()),
        None => "A patient".to_owned(),
    };
    let patient_id = recall.patient_id;
    let href = move || desk.record_path(patient_id);
    let born = move || birth.clone().filter(|_| !desk.counter.get());
    let open = recall.state == RecallState::Open;
    let book = (open && line.met_by.is_none() && desk.may(CommandName::BookAppointment)).then(|| {
        let href = path::book(
            recall.patient_id,
            recall.site_id,
            recall.visit_type_id,
            recall.practitioner_id,
        );
        view! { <a class="btn s" data-act="book" href=href>"Book"</a> }
    });
    let (told, written, closed) = (recall.clone(), recall.clone(), recall.clone());
    let buttons = open.then(|| {
        view! {
            <button type="button" class="btn s primary" data-act="told" on:click=move |_| acts.tell(&told)>"Note a contact"</button>
            {book}
            <button type="button" class="btn s" data-act="letter" on:click=move |_| acts.print(desk, std::slice::from_ref(&written))>"Print letter"</button>
            <button type="button" class="btn s" data-act="close" on:click=move |_| acts.close(&closed)>"Close"</button>
        }
    });
    view! {
        <li class="notice" data-recall=recall.id.to_string()>
            <Icon name="again" />
            <div class="what">
                <p>
                    <a href=href><b>{name}</b></a>" "<span class="small soft">{born}</span>" "
                    {chip(&engine, &line)}
                    {died.then(|| view! { " "<Chip kind=Tone::Stop icon="circle" label="Died" /> })}
                </p>
                <p>{recall.why.clone()}</p>
                <p class="small soft">{facts(&engine, &recall)}</p>
                {phone.map(|phone| view! { <p class="small">{phone}</p> })}
                <p class="small" data-told=recall.contacts.len().to_string()>
                    {last_contact(&engine, &recall).unwrap_or_else(|| "Not told yet".to_owned())}
                </p>
            </div>
            <div class="acts">{buttons}</div>
        </li>
    }
}
