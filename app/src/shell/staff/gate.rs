//! Coming in: signing in at the server, or unlocking this device, also without it.

use super::context::{Desk, use_desk};
use crate::error::AppError;
use crate::pages::desk::words::role_words;
use crate::state::SignInError;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sync::keyring::Ring;
use ui::{Banner, Field, Icon, Problem, ProblemSummary, Tone};

/// Titles a page outside of the router.
pub fn describe(desk: Desk, title: &str) {
    let density = if desk.narrow.get_untracked() {
        "phone"
    } else {
        "staff"
    };
    desk.engine()
        .ports
        .page
        .describe("en", &format!("{title} · Anteroom"), density);
}

/// The first time on this device: name and passphrase, checked by the server.
#[component]
pub fn SignIn() -> impl IntoView {
    view! {
        <Gate title="Sign in">
            <SignInForm login=String::new() />
        </Gate>
    }
}

/// People who were here before open their part of this device with their passphrase.
#[component]
pub fn Unlock() -> impl IntoView {
    let desk = use_desk();
    let rings = RwSignal::new(None::<Vec<Ring>>);
    let chosen = RwSignal::new(None::<Ring>);
    let someone_else = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        let known = desk.engine().rings().await;
        if let [only] = known.as_slice() {
            chosen.set(Some(only.clone()));
        }
        rings.set(Some(known));
    });
    let other = move || {
        view! {
            <button type="button" class="btn quiet" on:click=move |_| someone_else.set(true)>"Someone else"</button>
        }
    };
    let people = move || {
        let each = rings.get().unwrap_or_default().into_iter().map(|ring| {
            let (login, name, role) = (
                ring.login.clone(),
                ring.display_name.clone(),
                role_words(ring.role),
            );
            let pick = move |_| chosen.set(Some(ring.clone()));
            view! {
                <button type="button" data-login=login on:click=pick>
                    <Face name=name.clone() />
                    <span><b>{name}</b>" "<small class="soft">{role}</small></span>
                </button>
            }
        });
        view! { <div class="people">{each.collect_view()}</div> }
    };
    let back = move |_| {
        someone_else.set(false);
        chosen.set(None);
    };
    let inside = move || match (someone_else.get(), chosen.get(), rings.get()) {
        (true, ..) => view! {
            <SignInForm login=String::new() />
            <button type="button" class="btn quiet" on:click=back>"Back to the people of this device"</button>
        }
        .into_any(),
        (_, Some(ring), _) => view! {
            <UnlockForm ring />
            <Show when=move || rings.with(|all| all.as_ref().is_some_and(|all| all.len() > 1))>
                <button type="button" class="btn quiet" on:click=back>"Not you?"</button>
            </Show>
            {other()}
        }
        .into_any(),
        // Everybody's keys were dropped: nothing is left to be opened without the server.
        (_, None, Some(known)) if known.is_empty() => view! { <SignInForm login=String::new() /> }.into_any(),
        (_, None, Some(_)) => view! { <p>"Who are you?"</p> {people()} {other()} }.into_any(),
        _ => ().into_any(),
    };
    view! { <Gate title="Unlock">{inside}</Gate> }
}

/// What surrounds both.
#[component]
fn Gate(title: &'static str, children: Children) -> impl IntoView {
    let desk = use_desk();
    Effect::new(move || {
        desk.narrow.track();
        describe(desk, title);
    });
    let practice = desk.status(|status| status.practice_name.clone());
    let demo = desk.status(|status| status.demo);
    let fault = desk.status(|status| status.storage_fault.clone());
    let unsent = desk.status(|status| status.saved);
    view! {
        <div class="gate">
            <main id="main">
                <div class="brand">
                    <svg aria-hidden="true" focusable="false"><use href="/icons.svg#i-brand"></use></svg>
                    <span>"Anteroom"<small>{move || practice.get()}</small></span>
                </div>
                <h1>{title}</h1>
                <Show when=move || demo.get()>
                    <Banner kind=Tone::Note lead="DEMO DATA." text="Everybody here is made up." />
                </Show>
                {move || fault.get().map(|fault| view! {
                    <Banner kind=Tone::Stop lead="This device's storage has a problem." text=fault />
                })}
                {children()}
            </main>
            <footer>
                {move || match unsent.get() {
                    0 => "What is saved here stays encrypted while this page is locked.".to_owned(),
                    1 => "1 entry is saved here, encrypted, and is sent as soon as there is a network.".to_owned(),
                    n => format!("{n} entries are saved here, encrypted, and are sent as soon as there is a network."),
                }}
            </footer>
        </div>
    }
}

/// Initials in a circle.
#[component]
pub fn Face(#[prop(into)] name: String) -> impl IntoView {
    let initials: String = name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .flat_map(char::to_uppercase)
        .collect();
    view! { <span class="face" aria-hidden="true">{initials}</span> }
}

/// State of one of the two forms.
#[derive(Clone, Copy)]
struct Attempt {
    busy: RwSignal<bool>,
    problems: RwSignal<Vec<Problem>>,
    count: RwSignal<u32>,
}

impl Attempt {
    fn new() -> Attempt {
        Attempt {
            busy: RwSignal::new(false),
            problems: RwSignal::new(Vec::new()),
            count: RwSignal::new(0),
        }
    }

    fn failed(self, desk: Desk, title: &str, problems: Vec<Problem>) {
        self.busy.set(false);
        self.problems.set(problems);
        self.count.update(|count| *count += 1);
        describe(desk, &format!("Error: {title}"));
    }
}

#[component]
fn SignInForm(login: String) -> impl IntoView {
    let desk = use_desk();
    let (login, passphrase) = (RwSignal::new(login), RwSignal::new(String::new()));
    let attempt = Attempt::new();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if attempt.busy.get_untracked() {
            return;
        }
        let (name, secret) = (login.get_untracked(), passphrase.get_untracked());
        let mut missing = Vec::new();
        if name.trim().is_empty() {
            missing.push(Problem::new("login", "Enter your sign-in name"));
        }
        if secret.is_empty() {
            missing.push(Problem::new("passphrase", "Enter your passphrase"));
        }
        if !missing.is_empty() {
            return attempt.failed(desk, "Sign in", missing);
        }
        attempt.busy.set(true);
        leptos::task::spawn_local(async move {
            if let Err(error) = desk.engine().sign_in(&name, &secret).await {
                attempt.failed(
                    desk,
                    "Sign in",
                    vec![Problem::new("passphrase", sentence(&error))],
                );
            }
        });
    };
    view! {
        <form class="box" on:submit=send novalidate>
            <ProblemSummary title="There is a problem" problems=attempt.problems attempt=attempt.count />
            <Field id="login" label="Sign-in name" value=login autocomplete="username" autocapitalize="none" autofocus=true />
            <Field id="passphrase" label="Passphrase" value=passphrase kind="password" autocomplete="current-password" />
            <button type="submit" class="btn primary wide" aria-busy=move || attempt.busy.get().to_string()>
                {move || if attempt.busy.get() { "Signing in" } else { "Sign in" }}
            </button>
        </form>
    }
}

#[component]
fn UnlockForm(ring: Ring) -> impl IntoView {
    let desk = use_desk();
    let passphrase = RwSignal::new(String::new());
    let attempt = Attempt::new();
    let kept = StoredValue::new(ring.clone());
    let (name, role, login) = (ring.display_name.clone(), role_words(ring.role), ring.login);
    let passkeys = ring.passkeys;
    let user = login.clone();
    let by_passkey = (!passkeys.is_empty() && desk.engine().has_passkeys()).then(|| {
        let touch = move |_| {
            if attempt.busy.get_untracked() {
                return;
            }
            attempt.busy.set(true);
            let ring = kept.get_value();
            leptos::task::spawn_local(async move {
                if let Err(error) = desk.engine().unlock_by_passkey(&ring).await {
                    attempt.failed(desk, "Unlock", vec![Problem::new("passphrase", sentence(&error))]);
                }
            });
        };
        view! {
            <button type="button" class="btn wide" id="use-passkey" on:click=touch><Icon name="key" />"Use your passkey"</button>
        }
    });
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        if attempt.busy.get_untracked() {
            return;
        }
        let (login, secret) = (login.clone(), passphrase.get_untracked());
        if secret.is_empty() {
            let problem = Problem::new("passphrase", "Enter your passphrase");
            return attempt.failed(desk, "Unlock", vec![problem]);
        }
        attempt.busy.set(true);
        leptos::task::spawn_local(async move {
            if let Err(error) = desk.engine().unlock(&login, &secret).await {
                attempt.failed(desk, "Unlock", vec![Problem::new("passphrase", sentence(&error))]);
            }
        });
    };
    view! {
        <form class="box" on:submit=send novalidate>
            <ProblemSummary title="There is a problem" problems=attempt.problems attempt=attempt.count />
            <p class="who"><Face name=name.clone() /><span><b>{name}</b><small>{role}</small></span></p>
            <input type="hidden" name="username" autocomplete="username" value=user />
            <Field
                id="passphrase" label="Passphrase" value=passphrase kind="password"
                autocomplete="current-password" autofocus=true
            />
            <button type="submit" class="btn primary wide" aria-busy=move || attempt.busy.get().to_string()>
                <Icon name="unlock" />
                {move || if attempt.busy.get() { "Unlocking" } else { "Unlock" }}
            </button>
            {by_passkey}
        </form>
    }
}

/// What to do about it.
fn sentence(error: &SignInError) -> String {
    match error {
        SignInError::Server(AppError::Unreachable) => {
            "The clinic's server cannot be reached. The first sign-in on a device needs it; people who signed in \
             here before can unlock without it."
                .to_owned()
        }
        SignInError::Server(AppError::WrongPassphrase) => {
            "The name or the passphrase is not right. Check both and try again.".to_owned()
        }
        SignInError::WrongPassphrase => "The passphrase is not right. Type it again.".to_owned(),
        other => {
            let said = other.to_string();
            let mut letters = said.chars();
            let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
            format!("{first}{}.", letters.as_str())
        }
    }
}
