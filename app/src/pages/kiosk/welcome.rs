//! Between patients: a welcome in both languages. Only here do new forms and new versions of the app come in.

use super::frame::{Help, TopBar};
use super::pin::PinDialog;
use super::station::{Stage, use_station};
use super::texts;
use domain::text::Lang;
use leptos::prelude::*;
use ui::Icon;

/// The first screen.
#[component]
pub fn Welcome() -> impl IntoView {
    let station = use_station();
    station.describe_as(texts::WELCOME);
    let engine = station.engine();
    let status = engine.status;
    let page = engine.ports.page.clone();
    let staff = RwSignal::new(false);

    let update = Memo::new(move |_| status.with(|s| s.update_ready));
    Effect::new(move |_| {
        if update.get() && !staff.get() {
            page.apply_update();
        }
    });
    leptos::task::spawn_local(async move {
        let newest = engine.refresh_kiosk().await;
        if newest.is_some() && station.stage.get_untracked() == Stage::Welcome {
            station.settings.set(newest);
        }
    });

    let practice = Memo::new(move |_| status.with(|s| s.practice_name.clone()));
    let demo = Memo::new(move |_| status.with(|s| s.demo));
    view! {
        <div class="kiosk" data-step="welcome">
            <TopBar />
            <main class="k-main k-hello">
                <h1 id="question-title" tabindex="-1">
                    <span lang="en">{texts::WELCOME.get(Lang::En)}</span>
                    " · "
                    <span lang="es">{texts::WELCOME.get(Lang::Es)}</span>
                </h1>
                <p class="strong">{practice}</p>
                <p>{station.say(texts::WELCOME_TEXT)}</p>
                <button type="button" class="btn" id="check-in" on:click=move |_| station.check_in()>
                    <span>
                        <span lang="en">{texts::CHECK_IN.get(Lang::En)}</span>
                        " / "
                        <span lang="es">{texts::CHECK_IN.get(Lang::Es)}</span>
                    </span>
                    <Icon name="arrive" />
                </button>
                <button type="button" class="btn primary" id="start" on:click=move |_| station.start()>
                    <span>
                        <span lang="en">{texts::START.get(Lang::En)}</span>
                        " / "
                        <span lang="es">{texts::START.get(Lang::Es)}</span>
                    </span>
                    <Icon name="go" />
                </button>
                <OwnPhone />
            </main>
            <p class="k-saved">{move || demo.get().then(|| view! { <span>{station.say(texts::DEMO)}</span> })}</p>
            <footer class="k-actions">
                <Help />
                <button type="button" class="btn quiet" id="staff" on:click=move |_| staff.set(true)>
                    <Icon name="lock" />
                    {station.say(texts::STAFF)}
                </button>
            </footer>
            <PinDialog open=staff />
        </div>
    }
}

/// The way to the same on one's own telephone: a code for its camera. Without a network there is none, and nothing is
/// missed.
#[component]
fn OwnPhone() -> impl IntoView {
    let station = use_station();
    let practice = station.engine().with_device(|device| device.identity.practice);
    let shown = RwSignal::new(false);
    practice.map(|practice| {
        view! {
            <figure class="k-own" class:vh=move || !shown.get() aria-hidden=move || (!shown.get()).then_some("true")>
                <img
                    src=format!("/p/{practice}/qr.svg")
                    alt="QR"
                    width="132"
                    height="132"
                    on:load=move |_| shown.set(true)
                    on:error=move |_| shown.set(false)
                />
                <figcaption>{station.say(texts::OWN_PHONE)}</figcaption>
            </figure>
        }
    })
}
