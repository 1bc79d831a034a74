//! Keys that work everywhere, and the dialog that lists them.

use super::context::{Desk, use_desk};
use crate::routes::path;
use crate::state::Phase;
use domain::command::CommandName;
use leptos::prelude::*;
use std::rc::Rc;
use ui::{CheckField, Dialog};

/// Listens, once per page load. A key goes to the page that is shown first, then to everywhere's.
pub fn listen(desk: Desk) {
    let engine = desk.engine();
    let status = engine.status;
    engine.ports.page.on_key(Rc::new(move |key: String| {
        let ready = status.with_untracked(|status| status.phase == Phase::Ready);
        if !ready || dialog_is_open() {
            return false;
        }
        let is_single = key.chars().count() == 1;
        if is_single && !desk.single_keys.get_untracked() {
            return false;
        }
        desk.press(&key) || everywhere(desk, &key)
    }));
}

/// A modal dialog takes its keys itself.
fn dialog_is_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .is_ok_and(|found| found.is_some())
}

fn everywhere(desk: Desk, key: &str) -> bool {
    match key {
        "/" => ui::focus_on("search"),
        "?" => {
            desk.help.set(true);
            true
        }
        "n" if desk.may(CommandName::RegisterPatient) => {
            desk.go(path::NEW_PATIENT);
            true
        }
        _ => false,
    }
}

const PAGES: [(&str, &str, &str); 4] = [
    ("Everywhere", "Search", "/"),
    ("Everywhere", "New patient", "n"),
    ("Everywhere", "This list", "?"),
    ("Everywhere", "Close what is open", "Esc"),
];
const LISTS: [(&str, &str, &str); 3] = [
    ("Lists", "Next", "j"),
    ("Lists", "Previous", "k"),
    ("Lists", "Open", "Enter"),
];
const BOARD: [(&str, &str, &str); 3] = [
    ("Board", "Arrive a patient", "a"),
    ("Board", "Next step", "→"),
    ("Board", "Take the last step back", "←"),
];
const CALENDAR: [(&str, &str, &str); 8] = [
    ("Calendar", "Go through it", "↑ ↓ ← →"),
    ("Calendar", "New appointment", "n"),
    ("Calendar", "Move, by arrows and Enter", "m"),
    ("Calendar", "Confirm", "c"),
    ("Calendar", "Cancel", "x"),
    ("Calendar", "Undo", "z"),
    ("Calendar", "Today, day, week, agenda", "t d w a"),
    ("Calendar", "Earlier, later", "k j"),
];
const INTAKE: [(&str, &str, &str); 2] = [
    ("Intake", "Accept all that is safe", "Shift A"),
    ("Intake", "Apply", "Enter"),
];

/// The list of keys, and the switch for those of one letter.
#[component]
pub fn Help() -> impl IntoView {
    let desk = use_desk();
    let single = desk.single_keys;
    Effect::new(move |before: Option<bool>| {
        let on = single.get();
        if before.is_some_and(|before| before != on) {
            desk.keep("single-keys", on);
        }
        on
    });
    let part = |rows: &'static [(&'static str, &'static str, &'static str)]| {
        let title = rows.first().map(|row| row.0);
        let each = rows
            .iter()
            .map(|(_, what, key)| view! { <dt>{*what}</dt><dd><kbd>{*key}</kbd></dd> });
        view! { <div><h3>{title}</h3><dl>{each.collect_view()}</dl></div> }
    };
    view! {
        <Dialog open=desk.help title="Keys" close="Close" large=true>
            <div class="keys">{part(&PAGES)} {part(&LISTS)} {part(&BOARD)} {part(&CALENDAR)} {part(&INTAKE)}</div>
            <CheckField id="single-keys" label="Keys of one letter do something" value=single />
        </Dialog>
    }
}
