//! The staff's app, in a browser. The page's boot script calls [`boot`]; its worker calls [`derive_key`].

use app::pages::{desk, today};
use app::shell::staff::{Frame, StaffApp, StaffParts};
use leptos::mount::mount_to;
use leptos::prelude::*;
use sync::keyring::{Cost, derive};
use wasm_bindgen::prelude::*;

/// Starts the app inside the page.
#[wasm_bindgen]
pub fn boot() {
    device::install_panic_hook();
    let ports = device::staff_ports("anteroom-staff", "/api/poke");
    // Few files: what two of them share is a file of its own, for every set of those that share it.
    let parts = StaffParts {
        inside: app::part!(inside, Frame),
        record: app::part!(records, desk::record::RecordPage),
        duplicates: app::part!(records, desk::record::worklist::DuplicatesPage),
        new_patient: app::part!(records, desk::new_patient::NewPatient),
        intake: app::part!(records, desk::intake::IntakePage),
        board: app::part!(day, desk::board::Board),
        calendar: app::part!(calendar, desk::calendar::CalendarPage),
        hours: app::part!(settings, desk::hours::HoursPage),
        practice: app::part!(settings, desk::practice::PracticePage),
        forms: app::part!(settings, desk::forms::FormsPage),
        sheet: app::part!(upkeep, desk::sheet::SheetPage),
        reminders: app::part!(day, desk::reminders::Reminders),
        tasks: app::part!(upkeep, desk::tasks::TasksPage),
        recalls: app::part!(day, desk::recalls::RecallsPage),
        decisions: app::part!(upkeep, desk::decisions::Decisions),
        outbox: app::part!(upkeep, desk::outbox::Outbox),
        devices: app::part!(upkeep, desk::devices::Devices),
        passphrase: app::part!(upkeep, desk::passphrase::Passphrase),
        today: app::part!(day, today::day::Today),
        my_patients: app::part!(day, today::patients::Patients),
        my_patient: app::part!(day, today::patient::PatientPage),
    };
    mount_to(device::root(), move || view! { <StaffApp ports=ports parts /> }).forget();
}

/// Argon2id of a passphrase, for the worker: this module is loaded there without being booted.
#[wasm_bindgen]
pub fn derive_key(passphrase: String, salt: Vec<u8>, m_kib: u32, t: u32, p: u32) -> Result<Vec<u8>, JsValue> {
    let cost = Cost {
        memory_kib: m_kib,
        passes: t,
        lanes: p,
    };
    derive(&passphrase, &salt, cost)
        .map(|key| key.0.to_vec())
        .ok_or_else(|| JsValue::from_str("cannot derive"))
}
