//! The flow board: who is in the house, where they stand, and for how long.

mod arrive;
mod call;
pub mod card;
mod in_room;
pub(super) mod panel;
mod rooms;
pub mod visits;
mod walk_in;

use super::booking::sites;
use super::counter::CounterMode;
use super::page::{NotYours, Page};
use super::recalls::RecallDialog;
use crate::shell::staff::context::use_desk;
use arrive::Arrive;
use call::CallScreen;
use card::Card;
use domain::command::CommandName;
use domain::id::{AppointmentId, SiteId};
use domain::row::Entity;
use domain::schedule::board::{Lane, Stretch};
use domain::text::Lang;
use leptos::prelude::*;
use panel::Panel;
use rooms::Rooms;
use ui::{Dialog, Icon, Segmented};
use visits::{Visit, own_site, today, usual, visits};
use walk_in::WalkIn;

/// What a lane is called, and its picture.
fn lane_words(lane: Lane) -> (&'static str, &'static str) {
    let icon = match lane {
        Lane::Arrived => "door",
        Lane::Ready => "form",
        Lane::Intake => "pulse",
        Lane::ReadyForPractitioner => "flag",
        Lane::WithPractitioner => "doctor",
        Lane::Discharged => "exit",
    };
    let word = match lane {
        // Six columns are narrow.
        Lane::ReadyForPractitioner => "Waiting in room",
        lane => lane.state().label().get(Lang::En),
    };
    (word, icon)
}

fn stretch_words(stretch: Stretch) -> &'static str {
    match stretch {
        Stretch::ArrivedToIntake => "Arrived to intake",
        Stretch::IntakeToReady => "Intake to ready",
        Stretch::Waiting => "Waiting for practitioner",
        Stretch::WithPractitioner => "With practitioner",
        Stretch::Whole => "Door to door",
    }
}

/// The page.
#[component]
pub fn Board() -> impl IntoView {
    let desk = use_desk();
    if !desk.holds(Entity::Appointment) {
        return view! { <NotYours /> }.into_any();
    }
    let known = desk.live(sites);
    let site = RwSignal::new(String::new());
    Effect::new(move |before: Option<String>| {
        // On a new device the sites come after the page.
        if known.with(Vec::is_empty) {
            return String::new();
        }
        if site.with(String::is_empty) {
            let own = own_site(&desk.engine()).map(|site| site.0.to_string());
            site.set(own.unwrap_or_default());
        }
        let now = site.get();
        if before.is_some_and(|before| !before.is_empty() && before != now) {
            desk.engine().ports.settings.set("board-site", &now);
        }
        now
    });
    let chosen_site = Memo::new(move |_| site.with(|site| site.parse().ok().map(SiteId)));
    // A board that is open overnight begins a new day by itself.
    let minute = Memo::new(move |_| desk.now.get().timestamp() / 60);
    let all = desk.live(move |engine| {
        minute.track();
        chosen_site
            .get()
            .map(|site| visits(engine, site))
            .unwrap_or_default()
    });
    let day = desk.live(move |engine| {
        minute.track();
        chosen_site.get().and_then(|site| today(engine, site))
    });
    let usual_minutes = desk.live(move |engine| {
        chosen_site
            .get()
            .map(|site| usual(engine, site))
            .unwrap_or_default()
    });
    let facts = move || {
        let (seen, here, to_come) = all.with(|all| {
            let state = |visit: &&Visit| visit.appointment.state;
            let here = all
                .iter()
                .filter(|visit| Lane::of(state(visit)).is_some())
                .count();
            let to_come = all.iter().filter(|visit| visit.is_to_come()).count();
            let seen = all.iter().filter(|visit| visit.is_seen()).count();
            (seen, here, to_come)
        });
        format!(
            "{}: {seen} seen, {here} here, {to_come} to come",
            day.get().unwrap_or_else(|| desk.today()).format("%A, %B %-d")
        )
    };
    let open = RwSignal::new(false);
    let opened = RwSignal::new(None::<AppointmentId>);
    let show = Callback::new(move |id: AppointmentId| {
        opened.set(Some(id));
        open.set(true);
    });
    let (arriving, walk_in) = (RwSignal::new(false), RwSignal::new(false));
    let (calling, recall) = (RwSignal::new(false), RwSignal::new(None));
    let may = desk.may(CommandName::SetAppointmentState);
    desk.on_keys(move |key| {
        let arrives = may && key == "a";
        if arrives {
            arriving.set(true);
        }
        arrives
    });
    let title = Signal::derive(move || {
        let find = |all: &Vec<Visit>| {
            all.iter()
                .find(|visit| Some(visit.appointment.id) == opened.get())
                .map(|visit| visit.called(desk.counter.get()))
        };
        all.with(find).unwrap_or_else(|| "Visit".to_owned())
    });
    view! {
        <Page title="Board">
            <div class="page-head">
                <div><h1>"Today"</h1><p class="sub" role="status">{facts}</p></div>
                <span class="push"></span>
                {move || (known.with(Vec::len) > 1).then(|| view! {
                    <Segmented name="board-site" legend="Site" value=site options=known />
                })}
                <CounterMode />
                <button type="button" class="btn" id="call-screen" on:click=move |_| calling.set(true)>
                    <Icon name="call" />"Waiting room"
                </button>
                {may.then(|| view! {
                    <button type="button" class="btn primary" id="arrive" on:click=move |_| arriving.set(true)>
                        <Icon name="door" />"Arrive a patient "<kbd>"a"</kbd>
                    </button>
                })}
            </div>
            <div class="stack pad board-page" tabindex="0" role="region" aria-label="Flow board">
                <Medians all usual_minutes />
                <Rooms site=chosen_site all />
                <div class="board">
                    {Lane::ALL.map(|lane| view! { <LaneOf lane all show may /> })}
                </div>
            </div>
            <div class="foot" role="group" aria-label="Key">
                <span class="row"><Icon name="warn" small=true />"Red: longer than the limit (arrived 10, ready and intake 15, waiting for practitioner 20)"</span>
                {may.then(|| view! { <span class="push row"><kbd>"←"</kbd>" "<kbd>"→"</kbd>" move a card "<kbd>"Enter"</kbd>" open"</span> })}
            </div>
            <Dialog open title close="Close">
                {move || {
                    let found = all.with(|all| all.iter().find(|visit| Some(visit.appointment.id) == opened.get()).cloned());
                    found.map(|visit| view! { <Panel visit may open recall /> })
                }}
            </Dialog>
            <RecallDialog after=recall />
            <CallScreen open=calling all />
            <Dialog open=arriving title="Arrive a patient" close="Close">
                <Arrive all open=arriving walk_in show />
            </Dialog>
            <Dialog open=walk_in title="Walk-in" close="Close">
                <WalkIn site=chosen_site open=walk_in />
            </Dialog>
        </Page>
    }
    .into_any()
}

/// One column.
#[component]
fn LaneOf(lane: Lane, all: Memo<Vec<Visit>>, show: Callback<AppointmentId>, may: bool) -> impl IntoView {
    let (word, icon) = lane_words(lane);
    let here = Memo::new(move |_| {
        let mut here = all.with(|all| -> Vec<Visit> {
            let in_lane = |visit: &&Visit| Lane::of(visit.appointment.state) == Some(lane);
            all.iter().filter(in_lane).cloned().collect()
        });
        // Who has waited longest is on top.
        here.sort_by_key(|visit| (visit.since(), visit.appointment.id));
        here
    });
    view! {
        <section aria-label=word data-lane=lane.state().name()>
            <header><Icon name=icon /><h2>{word}</h2><span class="n">{move || here.with(Vec::len)}</span></header>
            <ol>
                <For each=move || here.get() key=|visit| visit.key() let(visit)>
                    <li><Card visit lane show may /></li>
                </For>
            </ol>
        </section>
    }
}

/// How long each stretch takes today, beside what is usual here.
#[component]
fn Medians(all: Memo<Vec<Visit>>, usual_minutes: Memo<Vec<Option<i64>>>) -> impl IntoView {
    let one = move |(at, stretch): (usize, Stretch)| {
        let today =
            Memo::new(move |_| all.with(|all| stretch.median(all.iter().map(|visit| &visit.appointment))));
        let usual = Memo::new(move |_| usual_minutes.with(|all| all.get(at).copied().flatten()));
        let figure = move || {
            today
                .get()
                .map_or("–".to_owned(), |minutes| format!("{minutes} min"))
        };
        let beside = move || usual.get().map(|minutes| format!("usual {minutes}"));
        let pace = move || {
            let (today, usual) = (today.get()?, usual.get()?);
            let slow = today - usual;
            let (class, icon, words) = match slow {
                3.. => ("say wait", "up", format!("Up {slow} min")),
                _ => ("say plain", "check", "On pace".to_owned()),
            };
            Some(view! { <span class=class><Icon name=icon />{words}</span> })
        };
        view! {
            <div>
                <dt>{stretch_words(stretch)}" "{pace}</dt>
                <dd><span class="figure">{figure}</span><span class="of">{beside}</span></dd>
            </div>
        }
    };
    view! {
        <dl class="medians" aria-label="Medians today">
            {Stretch::ALL.into_iter().enumerate().map(one).collect_view()}
        </dl>
    }
}
