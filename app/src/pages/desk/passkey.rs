//! Passkeys of whoever is at work, for this device.

use crate::shell::staff::context::use_desk;
use crate::state::SignInError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Field, Icon};

/// How many there are, one more, none any more. Nothing where the browser has none.
#[component]
pub fn Passkeys() -> impl IntoView {
    let desk = use_desk();
    if !desk.engine().has_passkeys() {
        return ().into_any();
    }
    let count = RwSignal::new(None::<usize>);
    let look = move || {
        leptos::task::spawn_local(async move {
            let known = desk.engine().passkeys().await;
            let _left = count.try_set(Some(known));
        });
    };
    look();
    let passphrase = RwSignal::new(String::new());
    let fault = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let secret = passphrase.get_untracked();
        if secret.is_empty() {
            return fault.set(Some("Enter your passphrase".to_owned()));
        }
        busy.set(true);
        fault.set(None);
        leptos::task::spawn_local(async move {
            let done = desk.engine().add_passkey(&secret).await;
            let _left = busy.try_set(false);
            match done {
                Ok(()) => {
                    passphrase.set(String::new());
                    desk.say("Your passkey opens this device from now on.");
                    look();
                }
                Err(error) => fault.set(Some(sentence(&error))),
            }
        });
    };
    let forget = move |_| {
        leptos::task::spawn_local(async move {
            match desk.engine().drop_passkeys().await {
                Ok(()) => desk.say("Only your passphrase opens this device now."),
                Err(error) => desk.say(sentence(&error)),
            }
            look();
        });
    };
    let words = move || match count.get() {
        None => String::new(),
        Some(0) => "Open this device with a fingerprint, a face or a security key, instead of typing. \
                    The passphrase goes on working, and begins your session at the clinic's server."
            .to_owned(),
        Some(1) => "1 passkey opens this device for you.".to_owned(),
        Some(n) => format!("{n} passkeys open this device for you."),
    };
    view! {
        <section class="form sheet-form alone" aria-labelledby="passkeys">
            <h2 id="passkeys">"Passkey on this device"</h2>
            <p data-passkeys=move || count.get().unwrap_or(0).to_string()>{words}</p>
            <form class="form" on:submit=add novalidate>
                <Field
                    id="passkey-passphrase"
                    label="Your passphrase"
                    value=passphrase
                    kind="password"
                    autocomplete="current-password"
                    fault=Signal::derive(move || fault.get())
                />
                <div class="row">
                    <button type="submit" class="btn" id="add-passkey" aria-busy=move || busy.get().to_string()>
                        <Icon name="key" />"Add a passkey"
                    </button>
                    <Show when=move || count.get().is_some_and(|count| count > 0)>
                        <button type="button" class="btn quiet" id="drop-passkeys" on:click=forget>"Forget passkeys"</button>
                    </Show>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn sentence(error: &SignInError) -> String {
    match error {
        SignInError::WrongPassphrase => "The passphrase is not right. Type it again.".to_owned(),
        SignInError::Passkey => {
            "No passkey was made: it was cancelled, or this browser's passkeys cannot keep a secret. \
                                 Nothing has changed."
                .to_owned()
        }
        other => format!("This did not work: {other}. Nothing has changed."),
    }
}
