//! Something that was entered and not applied: by a kiosk, by a colleague, or here.

use super::lines::{EditLines, Lines};
use crate::pages::desk::when::moment;
use crate::pages::desk::words::command_words;
use crate::routes::path;
use crate::shell::staff::context::use_desk;
use domain::access::may_apply;
use domain::command::{Command, CommandName};
use domain::decide::RefusalCode;
use domain::patients::Patient;
use domain::practice::{Device, Site};
use domain::row::{Entity, Row};
use domain::text::Lang;
use domain::tray::{ResolveTrayItem, TrayChoice, TrayItem, TrayKind};
use leptos::prelude::*;
use serde_json::Value;
use ui::{Chip, Icon, Tone};

/// Why it is here: the chip.
fn chip(kind: TrayKind) -> (Tone, &'static str, &'static str) {
    match kind {
        TrayKind::Parked => (Tone::Wait, "park", "Parked"),
        TrayKind::Refused => (Tone::Stop, "xc", "Not taken"),
        TrayKind::Unreadable => (Tone::Stop, "ban", "Cannot be read"),
        TrayKind::Disputed => (Tone::Stop, "warn", "Number used twice"),
    }
}

/// One of them.
#[component]
pub fn Waiting(item: TrayItem, patient: Option<Patient>) -> impl IntoView {
    let desk = use_desk();
    let id = item.id;
    let what = item.command.as_deref().map_or("An entry", command_words);
    let title = match &patient {
        Some(patient) => format!("{what} for {} waits", patient.display_name()),
        None => format!("{what} waits"),
    };
    let why = match &item.refusal {
        // The sentence of the refusal speaks to whoever holds that device.
        Some(refusal) if refusal.code == RefusalCode::Revoked => {
            "It was entered on a device that was shut out. Put it in the record only if you know that it is right."
                .to_owned()
        }
        Some(refusal) => refusal.sentence(Lang::En),
        None => "Nobody has said why.".to_owned(),
    };
    let engine = desk.engine();
    let device = engine.pick(Entity::Device, |row| match row {
        Row::Device(Device { id, label, .. }) if *id == item.device_id => Some(label.clone()),
        _ => None,
    });
    let site = engine.pick(Entity::Site, |row| match row {
        Row::Site(Site { id, name, .. }) if Some(*id) == item.site_id => Some(name.clone()),
        _ => None,
    });
    let places: Vec<String> = device.into_iter().chain(site).collect();
    let place = format!("{}, {}", moment(&engine, item.entered_at), places.join(", "));
    let (tone, icon, word) = chip(item.kind);

    let name = item.command.as_deref().and_then(CommandName::from_name);
    let decides = desk.may(CommandName::ResolveTrayItem);
    let applies = decides
        && item.args.is_some()
        && name
            .zip(desk.role())
            .is_some_and(|(name, role)| may_apply(role, name));
    let busy = RwSignal::new(false);
    let editing = RwSignal::new(false);
    let decide = move |choice: TrayChoice| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let command = ResolveTrayItem {
            tray_item_id: id,
            choice,
        };
        desk.submit(
            "Decision about an entry",
            Command::ResolveTrayItem(command),
            move |done| {
                let _left = busy.try_set(false);
                if let Err(why) = done {
                    desk.say(why);
                }
            },
        );
    };
    let version = item.version.unwrap_or(1);
    let command = item.command.clone().unwrap_or_default();
    let apply = move |args: Value, edited: bool| {
        decide(TrayChoice::Apply {
            name: command.clone(),
            version,
            args,
            edited,
        });
    };
    let args = item.args.clone();
    let (as_it_is, changed) = (apply.clone(), apply);
    let entered = args.clone();
    let buttons = {
        let args = args.clone();
        move || {
            let (as_it_is, args) = (as_it_is.clone(), args.clone());
            view! {
                {applies.then(|| view! {
                    <button
                        type="button" class="btn primary" data-tray="apply"
                        on:click=move |_| if let Some(args) = args.clone() { as_it_is(args, false) }
                    >
                        "Put it in the record"
                    </button>
                    <button type="button" class="btn" data-tray="edit" on:click=move |_| editing.set(true)>"Change it first"</button>
                })}
                {decides.then(|| view! {
                    <button type="button" class="btn" data-tray="drop" on:click=move |_| decide(TrayChoice::Drop)>
                        "Leave it out"
                    </button>
                })}
                {(!decides).then(|| view! { <p class="small soft">"The front desk, a nurse or billing decides this."</p> })}
            }
        }
    };
    let editor = move || {
        let (args, changed) = (args.clone(), changed.clone());
        args.filter(|_| editing.get()).map(|value| {
            let done = Callback::new(move |value| {
                editing.set(false);
                changed(value, true);
            });
            let close = Callback::new(move |()| editing.set(false));
            view! { <EditLines value prefix=format!("edit-{id}") done close /> }
        })
    };
    let heading = format!("waiting-{id}");
    let labelled = heading.clone();
    view! {
        <article class="case" aria-labelledby=labelled data-tray-item=id.to_string() data-kind=word>
            <header>
                <h2 id=heading>{title}</h2>
                <Chip kind=tone icon label=word />
                <p>{why}</p>
            </header>
            <div class="one">
                <div>
                    <h3><Icon name="pen" />{format!("{} entered", item.entered_by)}</h3>
                    {match entered {
                        Some(value) => view! { <Lines value /> }.into_any(),
                        None => view! { <p class="soft">"It stays sealed as it came; your support can look into it."</p> }.into_any(),
                    }}
                </div>
                <div><h3>"When and where"</h3><p>{place}</p></div>
            </div>
            {editor}
            <footer>
                <Show when=move || !editing.get()>{buttons.clone()}</Show>
                <span class="push"></span>
                {patient.map(|patient| view! { <a class="btn quiet" href=path::patient(patient.id)>"See the record"</a> })}
            </footer>
        </article>
    }
}
