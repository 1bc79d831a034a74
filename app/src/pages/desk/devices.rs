//! Devices: which ones are let in, codes for new kiosks, and shutting one out.

use super::page::{NotYours, Page};
use super::when::moment;
use crate::ports::server::{EnrolmentCode, NewCode};
use crate::server_fns::access::create_enrolment_code;
use crate::shell::staff::context::use_desk;
use domain::access::{Query, may_query};
use domain::command::{Command, CommandName};
use domain::id::SiteId;
use domain::practice::{Device, DeviceKind, Site};
use domain::row::{Entity, Row};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use ui::{Chip, Dialog, Field, Icon, SelectField, Tone};

/// The page.
#[component]
pub fn Devices() -> impl IntoView {
    let desk = use_desk();
    if !desk
        .role()
        .is_some_and(|role| may_query(role, Query::CreateEnrolmentCode))
    {
        return view! { <NotYours /> }.into_any();
    }
    let devices = desk.live(|engine| {
        let mut all = engine.pick(Entity::Device, |row| match row {
            Row::Device(device) => Some(device.clone()),
            _ => None,
        });
        all.sort_by(|a, b| (a.revoked_at.is_some(), &a.label).cmp(&(b.revoked_at.is_some(), &b.label)));
        all
    });
    let sites = desk.live(|engine| {
        engine.pick(Entity::Site, |row| match row {
            Row::Site(site) => Some(site.clone()),
            _ => None,
        })
    });
    let practice = desk.engine().with_device(|device| device.identity.practice);
    let open = RwSignal::new(false);
    let out = RwSignal::new(None::<Device>);
    let row = move |device: Device| view! { <DeviceRow device sites out /> };
    view! {
        <Page title="Devices">
            <div class="page-head">
                <div><h1>"Devices"</h1><p class="sub">{move || format!("{} known", devices.with(Vec::len))}</p></div>
                <span class="push"></span>
                {practice.map(|practice| view! {
                    <a class="btn" id="poster" target="_blank" rel="external" href=format!("/p/{practice}/poster")><Icon name="printer" />"Sheet for the waiting room"</a>
                })}
                <button type="button" class="btn primary" id="add-kiosk" on:click=move |_| open.set(true)>
                    <Icon name="plus" />"Add a kiosk"
                </button>
            </div>
            <div class="scroll" tabindex="0" role="region" aria-label="Devices">
                <table class="table">
                    <thead><tr>
                        <th scope="col">"Device"</th><th scope="col">"Kind"</th><th scope="col">"Site"</th>
                        <th scope="col">"Let in"</th><th scope="col">"State"</th><th scope="col"><span class="vh">"Do"</span></th>
                    </tr></thead>
                    <tbody>{move || devices.get().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            <Dialog open title="Add a kiosk" close="Close"><NewKiosk sites /></Dialog>
            <ShutOut device=out />
        </Page>
    }
    .into_any()
}

#[component]
fn DeviceRow(device: Device, sites: Memo<Vec<Site>>, out: RwSignal<Option<Device>>) -> impl IntoView {
    let desk = use_desk();
    let site_id = device.site_id;
    let site = move || {
        site_id.and_then(|id| {
            sites.with(|all| {
                all.iter()
                    .find(|site| site.id == id)
                    .map(|site| site.name.clone())
            })
        })
    };
    let engine = desk.engine();
    let kind = match device.kind {
        DeviceKind::Kiosk => "Kiosk",
        DeviceKind::Staff => "Staff",
    };
    let state = match device.revoked_at {
        Some(at) => {
            view! { <Chip kind=Tone::Stop icon="ban" label=format!("Shut out {}", moment(&engine, at)) /> }
                .into_any()
        }
        None => view! { <Chip kind=Tone::Ok label="Let in" /> }.into_any(),
    };
    let own = engine.device_id() == Some(device.id);
    let (id, label, asked) = (device.id.to_string(), device.label.clone(), device.clone());
    let may = device.revoked_at.is_none() && !own && desk.may(CommandName::EnrolDevice);
    let button = may.then(|| {
        view! {
            <button
                type="button" class="btn s danger" data-revoke=id.clone()
                on:click=move |_| out.set(Some(asked.clone()))
            >
                "Shut out"<span class="vh">{format!(" {label}")}</span>
            </button>
        }
    });
    view! {
        <tr data-device=id.clone()>
            <th scope="row">{device.label.clone()}{own.then_some(" (this one)")}</th>
            <td>{kind}</td>
            <td>{site}</td>
            <td>{moment(&engine, device.enrolled_at)}</td>
            <td>{state}</td>
            <td>{button}</td>
        </tr>
    }
}

/// Asks once before a device is shut out for good.
#[component]
fn ShutOut(device: RwSignal<Option<Device>>) -> impl IntoView {
    let desk = use_desk();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(device.with(Option::is_some)));
    let go = move |_| {
        let Some(device) = device.get_untracked() else {
            return;
        };
        let what = format!("{} shut out", device.label);
        let revoked_at = Some(desk.engine().ports.clock.now());
        desk.enter(what, Command::EnrolDevice(Device { revoked_at, ..device }));
        open.set(false);
    };
    view! {
        <Dialog open title="Shut this device out?" close="Close" on_close=Callback::new(move |()| device.set(None))>
            <p>"It gets no more data and sends nothing more. What was shut out stays out; the device can only come back as a new one."</p>
            <div class="ends">
                <button type="button" class="btn" on:click=move |_| open.set(false)>"Cancel"</button>
                <button type="button" class="btn danger" on:click=go>"Shut out"</button>
            </div>
        </Dialog>
    }
}

/// A code for one kiosk, shown once.
#[component]
fn NewKiosk(sites: Memo<Vec<Site>>) -> impl IntoView {
    let label = RwSignal::new("Kiosk".to_owned());
    let only = sites.with_untracked(|all| match all.as_slice() {
        [only] => only.id.to_string(),
        _ => String::new(),
    });
    let site = RwSignal::new(only);
    let made = RwSignal::new(None::<EnrolmentCode>);
    let fault = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let options = Signal::derive(move || {
        sites
            .get()
            .into_iter()
            .map(|site| (site.id.to_string(), site.name))
            .collect::<Vec<_>>()
    });
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        if label.with_untracked(|label| label.trim().is_empty()) {
            return fault.set(Some("Give the kiosk a name, like Kiosk 2".to_owned()));
        }
        busy.set(true);
        fault.set(None);
        let wanted = NewCode {
            label: label.get_untracked().trim().to_owned(),
            site: site.get_untracked().parse::<SiteId>().ok(),
        };
        leptos::task::spawn_local(async move {
            let done = create_enrolment_code(wanted).await;
            let _left = busy.try_set(false);
            match done {
                Ok(code) => drop(made.try_set(Some(code))),
                Err(error) => drop(fault.try_set(Some(format!(
                    "No code was made: {error}. A code needs a network; everything else works without."
                )))),
            }
        });
    };
    let code = move |made: EnrolmentCode| {
        view! {
            <p>"Type this code at the new kiosk within an hour. It is shown only once."</p>
            <p class="code-big" id="code" role="status">{made.code}</p>
            <p class="small soft">"Staff leave kiosk mode with the PIN "<b id="staff-pin">{made.staff_pin}</b></p>
        }
    };
    view! {
        {move || match made.get() {
            Some(made) => code(made).into_any(),
            None => view! {
                <form class="form" on:submit=make novalidate>
                    <Field id="code-label" label="Name of the kiosk" value=label fault=fault />
                    <SelectField id="code-site" label="Where it stands" value=site options choose="Choose" />
                    <div class="ends">
                        <button type="submit" class="btn primary" id="make-code" aria-busy=move || busy.get().to_string()>
                            "Make a code"
                        </button>
                    </div>
                </form>
            }.into_any(),
        }}
    }
}
