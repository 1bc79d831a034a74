//! The kiosk: one question per screen.
//!
//! There is no router and one address, so that the back-history holds nothing of anyone. A [`station::Station`]
//! lives as long as the page and knows who is served: nobody, a patient, staff. An [`intake::Intake`] lives as
//! long as one patient answers; when it goes, its signals and its screen go with it.
//!
//! - [`machine`], [`check`], [`submission`], [`paging`]: pure, from answers to order, faults and what is sent.
//! - [`steps`]: the body of each question. [`flow`]: what surrounds them.

pub mod answers;
pub mod check;
mod done;
mod enrol;
mod flow;
mod forms;
mod frame;
mod intake;
pub mod machine;
pub mod paging;
mod photos;
mod pin;
mod review_rows;
mod signature;
mod staff;
mod states;
mod station;
mod steps;
mod still;
pub mod submission;
pub mod texts;
mod welcome;
mod wording;

use crate::shell::part::{Apart, Part, fetch_ahead};
use crate::state::{EngineHandle, Phase, use_engine};
use domain::text::Text;
use frame::Notice;
use leptos::prelude::*;
use station::{Stage, Station};

pub use enrol::Enrol;
pub use flow::Flow;
pub use staff::StaffPage;

/// The kiosk's screens that are downloaded apart.
#[derive(Clone, Copy)]
pub struct KioskParts {
    /// The questions.
    pub flow: Part,
    /// What staff see behind the PIN.
    pub staff: Part,
    /// A new tablet.
    pub enrol: Part,
}

/// Everything a kiosk shows.
#[component]
pub fn Kiosk(parts: KioskParts) -> impl IntoView {
    let engine = use_engine();
    let status = engine.status;
    let station = Station::new(EngineHandle::new(engine));
    provide_context(station);
    station.begin();
    let phase = Memo::new(move |_| status.with(|s| s.phase));
    let notice =
        |name: &'static str, title: Text, text: Text| view! { <Notice name title text /> }.into_any();
    let apart = move |part| view! { <Apart part lang=station.lang /> }.into_any();
    fetch_ahead([parts.flow, parts.staff]);
    move || match (phase.get(), station.stage.get()) {
        (Phase::OtherTab, _) => notice("other-tab", texts::OTHER_TAB_TITLE, texts::OTHER_TAB),
        (Phase::Broken, _) => notice("broken", texts::BROKEN_TITLE, texts::BROKEN),
        (Phase::ShutOut, _) => notice("shut-out", texts::SHUT_OUT_TITLE, texts::SHUT_OUT),
        (Phase::New, _) => apart(parts.enrol),
        (Phase::Ready, Stage::Welcome) => view! { <welcome::Welcome /> }.into_any(),
        (Phase::Ready, Stage::Patient) => apart(parts.flow),
        (Phase::Ready, Stage::Done(id)) => view! { <done::Done id /> }.into_any(),
        (Phase::Ready, Stage::Staff) => apart(parts.staff),
        _ => notice("starting", texts::STARTING, Text { en: "", es: "" }),
    }
}
