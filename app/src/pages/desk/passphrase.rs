//! A new passphrase for whoever is at work.

use super::page::Page;
use super::passkey::Passkeys;
use crate::error::AppError;
use crate::shell::staff::context::use_desk;
use crate::state::SignInError;
use domain::access::SHORTEST_PASSPHRASE;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Field, Problem, ProblemSummary};

/// The page.
#[component]
pub fn Passphrase() -> impl IntoView {
    let desk = use_desk();
    let (old, new, again) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let problems = RwSignal::new(Vec::<Problem>::new());
    let attempt = RwSignal::new(0_u32);
    let busy = RwSignal::new(false);
    let fail = move |found: Vec<Problem>| {
        problems.set(found);
        attempt.update(|count| *count += 1);
        busy.set(false);
    };
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let (was, will) = (old.get_untracked(), new.get_untracked());
        let found = wrong(&was, &will, &again.get_untracked());
        if !found.is_empty() {
            return fail(found);
        }
        busy.set(true);
        problems.set(Vec::new());
        leptos::task::spawn_local(async move {
            match desk.engine().change_passphrase(&was, &will).await {
                Ok(()) => {
                    desk.say(
                        "Passphrase changed. Your other devices ask for it when they next reach the clinic.",
                    );
                    desk.replace(crate::routes::path::HOME);
                }
                Err(error) => fail(vec![Problem::new("old", sentence(&error))]),
            }
        });
    };
    let fault = move |id: &'static str| {
        Signal::derive(move || {
            problems.with(|all| all.iter().find(|one| one.field == id).map(|one| one.text.clone()))
        })
    };
    view! {
        <Page title="Change your passphrase" faulty=Signal::derive(move || problems.with(|all| !all.is_empty()))>
            <div class="page-head">
                <div>
                    <h1>"Change your passphrase"</h1>
                    <p class="sub">"It opens this device and signs you in. What you entered stays as it is."</p>
                </div>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Passphrase and passkeys">
            <form class="form sheet-form alone" on:submit=send novalidate>
                <ProblemSummary title="There is a problem" problems attempt />
                <Field
                    id="old"
                    label="Passphrase now"
                    value=old
                    kind="password"
                    autocomplete="current-password"
                    fault=fault("old")
                    autofocus=true
                />
                <Field
                    id="new"
                    label="New passphrase"
                    hint=format!("{SHORTEST_PASSPHRASE} characters or more. A few words that only you put together are easy to keep in mind.")
                    value=new
                    kind="password"
                    autocomplete="new-password"
                    fault=fault("new")
                />
                <Field
                    id="again"
                    label="New passphrase once more"
                    value=again
                    kind="password"
                    autocomplete="new-password"
                    fault=fault("again")
                />
                <button type="submit" class="btn primary" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Changing" } else { "Change" }}
                </button>
            </form>
            <Passkeys />
            </div>
        </Page>
    }
}

/// What can be seen without the server.
fn wrong(old: &str, new: &str, again: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    if old.is_empty() {
        found.push(Problem::new("old", "Enter the passphrase that you have now"));
    }
    if new.chars().count() < SHORTEST_PASSPHRASE {
        let text = format!("Enter a new passphrase of {SHORTEST_PASSPHRASE} characters or more");
        found.push(Problem::new("new", text));
    } else if new != again {
        found.push(Problem::new(
            "again",
            "Type the new passphrase once more, the same",
        ));
    }
    found
}

fn sentence(error: &SignInError) -> String {
    match error {
        SignInError::Server(AppError::Unreachable) => {
            "The clinic's server gave no answer, and it has to know the new passphrase. When it can be reached again, try the \
             new one first: it may have heard you. Otherwise the old one goes on."
                .to_owned()
        }
        SignInError::Server(AppError::SignedOut) => {
            "Your session is over. Lock this device, sign in again, and change it then. Nothing was changed.".to_owned()
        }
        SignInError::Server(error) => format!("This did not work: {error}. Nothing was changed."),
        other => format!(
            "The clinic's server has the new passphrase, but this device could not keep it: {other}. Sign in with the \
             new one once the server can be reached."
        ),
    }
}
