//! The way out of the kiosk: a PIN that staff know.

use super::station::{Stage, use_station};
use super::texts;
use domain::text::Text;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sync::cipher::pin_tag;
use ui::{Dialog, Field};

/// Wrong PINs in a row before a pause.
const TRIES: u32 = 5;
/// The pause.
const PAUSE_MILLIS: f64 = 60_000.0;

/// Asks for the PIN and opens the staff page.
#[component]
pub fn PinDialog(open: RwSignal<bool>) -> impl IntoView {
    let station = use_station();
    let pin = RwSignal::new(String::new());
    let said = RwSignal::new(None::<Text>);
    let wrong = StoredValue::new(0_u32);
    let until = StoredValue::new(0.0_f64);
    let ask = move || {
        let engine = station.engine();
        if engine.ports.clock.ticks() < until.get_value() {
            return said.set(Some(texts::PIN_WAIT));
        }
        let Some(settings) = station.settings.get_untracked() else {
            return;
        };
        let typed = pin.get_untracked();
        said.set(None);
        pin.set(String::new());
        if pin_tag(typed.trim(), &settings.pin_salt.0) == settings.pin_hash.0 {
            open.set(false);
            station.touch();
            station.stage.set(Stage::Staff);
            return;
        }
        wrong.update_value(|count| *count += 1);
        if wrong.get_value() >= TRIES {
            wrong.set_value(0);
            until.set_value(engine.ports.clock.ticks() + PAUSE_MILLIS);
            said.set(Some(texts::PIN_WAIT));
        } else {
            said.set(Some(texts::PIN_WRONG));
        }
        engine.ports.page.focus("pin");
    };
    let fault = Signal::derive(move || said.get().map(|text| text.get(station.lang.get()).to_owned()));
    let closed = Callback::new(move |()| {
        pin.set(String::new());
        said.set(None);
    });
    let digit = move |digit: char| {
        let press = move |_| pin.update(|typed| typed.push(digit));
        view! {
            <button type="button" class="btn only" id=format!("pin-{digit}") on:click=press>{digit.to_string()}</button>
        }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        ask();
    };
    view! {
        <Dialog open title=station.say(texts::PIN_TITLE) close=station.say(texts::CLOSE) on_close=closed>
            <form class="pin" novalidate=true on:submit=submit>
                <Field
                    id="pin"
                    label=station.say(texts::PIN)
                    value=pin
                    kind="password"
                    inputmode="numeric"
                    autocomplete="off"
                    fault
                    autofocus=true
                />
                <div class="pin-pad">{"1234567890".chars().map(digit).collect_view()}</div>
                <div class="ends">
                    <button type="button" class="btn" on:click=move |_| pin.update(|typed| typed.truncate(typed.len().saturating_sub(1)))>
                        {station.say(texts::PIN_DELETE)}
                    </button>
                    <button type="submit" class="btn primary" id="pin-enter">
                        {station.say(texts::PIN_ENTER)}
                    </button>
                </div>
            </form>
        </Dialog>
    }
}
