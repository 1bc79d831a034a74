//! The staff's shell: which of the gate, the pages, or a plain word is shown.

mod banners;
mod bar;
pub mod context;
mod frame;
mod gate;
mod idle;
mod keys;
mod menu;
mod person;
mod sync;

pub use frame::Frame;
pub use gate::Face;
pub use sync::{PhoneSync, Sync};

use crate::ports::device::DevicePorts;
use crate::shell::part::{Apart, Part, fetch_ahead};
use crate::state::{Engine, EngineHandle, Phase};
use context::Desk;
use leptos::prelude::*;
use ui::Icon;

/// The staff's pages that are downloaded apart; each entry says in which file each is.
#[derive(Clone, Copy)]
pub struct StaffParts {
    /// What surrounds the pages, and the first of them: not needed before somebody is in.
    pub inside: Part,
    /// A patient's record.
    pub record: Part,
    /// Records that may be one person.
    pub duplicates: Part,
    /// A patient entered by staff.
    pub new_patient: Part,
    /// What patients filled in.
    pub intake: Part,
    /// Who is in the house.
    pub board: Part,
    /// Who is seen when.
    pub calendar: Part,
    /// What a practice says about its time.
    pub hours: Part,
    /// What a practice is made of.
    pub practice: Part,
    /// What patients are asked.
    pub forms: Part,
    /// Patients from a sheet, and into one.
    pub sheet: Part,
    /// What patients are told.
    pub reminders: Part,
    /// What colleagues ask of each other.
    pub tasks: Part,
    /// Who is to come again.
    pub recalls: Part,
    /// What needs somebody's decision.
    pub decisions: Part,
    /// What was entered here, and where it is.
    pub outbox: Part,
    /// Kiosks, and codes for new ones.
    pub devices: Part,
    /// A new passphrase.
    pub passphrase: Part,
    /// The doctor's day.
    pub today: Part,
    /// The doctor's patients.
    pub my_patients: Part,
    /// A patient on the phone.
    pub my_patient: Part,
}

#[allow(clippy::expect_used)]
fn use_parts() -> StaffParts {
    use_context::<StaffParts>().expect("the app provides its parts")
}

/// The staff app.
#[component]
pub fn StaffApp(ports: DevicePorts, parts: StaffParts) -> impl IntoView {
    provide_context(parts);
    // While somebody types who they are.
    fetch_ahead([parts.inside]);
    let engine = Engine::new(ports);
    let handle = EngineHandle::new(engine.clone());
    provide_context(handle);
    let desk = Desk::new(handle);
    provide_context(desk);
    idle::watch(desk);
    keys::listen(desk);
    leptos::task::spawn_local(async move {
        engine.start_staff().await;
    });
    let phase = desk.status(|status| status.phase);
    let here = move |_| {
        let engine = handle.get();
        leptos::task::spawn_local(async move { engine.seize_staff().await });
    };
    move || {
        match phase.get() {
        // Only a kiosk is ever shut out so: staff lose their keys, and are asked to sign in.
        Phase::Starting | Phase::ShutOut => ().into_any(),
        Phase::New => view! { <gate::SignIn /> }.into_any(),
        Phase::Locked => view! { <gate::Unlock /> }.into_any(),
        Phase::Ready => view! { <Apart part=parts.inside /> }.into_any(),
        Phase::OtherTab => view! {
            <Plain
                title="Anteroom is open in another tab"
                text="Only one can work at a time. Go on in the other one, or use this one instead: what you saved there is \
                      here, what you have half typed there is lost."
            >
                <button type="button" class="btn primary" id="use-here" on:click=here>"Use it here"</button>
            </Plain>
        }
        .into_any(),
        Phase::Broken => view! {
            <Plain
                title="This browser's storage does not answer"
                text="Nothing can be saved here now. Close private windows, make room on the disk, and load this page again."
            />
        }
        .into_any(),
    }
    }
}

/// A screen that says one thing.
#[component]
fn Plain(
    title: &'static str,
    text: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let desk = context::use_desk();
    gate::describe(desk, title);
    let fault = desk.status(|status| status.storage_fault.clone());
    let again = move |_| desk.engine().ports.page.reload();
    view! {
        <div class="gate">
            <main id="main">
                <Icon name="alert" />
                <h1>{title}</h1>
                <p class="soft">{text}</p>
                {move || fault.get().map(|fault| view! { <p class="small soft">{fault}</p> })}
                {match children {
                    Some(children) => children(),
                    None => view! {
                        <button type="button" class="btn primary" on:click=again>"Load again"</button>
                    }
                    .into_any(),
                }}
            </main>
        </div>
    }
}
