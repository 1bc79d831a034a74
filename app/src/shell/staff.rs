//! The staff's shell: which of the gate, the pages, or a plain word is shown.

mod banners;
mod bar;
pub mod context;
mod frame;
mod gate;
mod idle;
mod keys;
mod menu;
mod sync;

pub use gate::Face;
pub use sync::{PhoneSync, Sync};

use crate::ports::device::DevicePorts;
use crate::state::{Engine, EngineHandle, Phase};
use context::Desk;
use leptos::prelude::*;
use ui::Icon;

/// The staff app.
#[component]
pub fn StaffApp(ports: DevicePorts) -> impl IntoView {
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
    move || {
        match phase.get() {
        Phase::Starting => ().into_any(),
        Phase::New => view! { <gate::SignIn /> }.into_any(),
        Phase::Locked => view! { <gate::Unlock /> }.into_any(),
        Phase::Ready => view! { <frame::Frame /> }.into_any(),
        Phase::OtherTab => view! {
            <Plain
                title="Anteroom is open in another tab"
                text="Two tabs would write over each other. Go on in the other one, or close it and load this page again."
            />
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
fn Plain(title: &'static str, text: &'static str) -> impl IntoView {
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
                <button type="button" class="btn primary" on:click=again>"Load again"</button>
            </main>
        </div>
    }
}
