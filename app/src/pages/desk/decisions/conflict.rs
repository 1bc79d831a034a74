//! Two people changed one field without seeing each other.

use super::lines::EditLines;
use crate::pages::desk::referrals::named_by;
use crate::pages::desk::when::moment;
use crate::pages::desk::words::shown_of;
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use domain::command::Command;
use domain::patients::{Conflict, ConflictField, Patient, RelatedPerson, ResolveConflict};
use domain::referrals::ReferralField;
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use domain::tray::leaves::leaves;
use leptos::prelude::*;
use serde_json::Value;
use ui::{Chip, Icon, Tone};

/// A value, or that there is none.
fn or_none(text: String) -> String {
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

/// "mobile phone", "phone of Lucía Delgado", or "last day of referral R-1180".
fn about(desk: Desk, conflict: &Conflict) -> String {
    let known = |entity, id| desk.engine().get(Key::Row(entity, id)).into_iter().next();
    match conflict.field {
        ConflictField::Patient(field) => field.label().get(Lang::En).to_lowercase(),
        ConflictField::Related(id, field) => {
            let field = field.label().get(Lang::En).to_lowercase();
            match known(Entity::RelatedPerson, id.0) {
                Some(Row::RelatedPerson(person)) => {
                    format!("{field} of {}", RelatedPerson::display_name(&person))
                }
                _ => format!("{field} of a related person"),
            }
        }
        ConflictField::Referral(id, field) => {
            let field = field.label().get(Lang::En).to_lowercase();
            match known(Entity::Referral, id.0) {
                Some(Row::Referral(referral)) => format!("{field} of referral {}", referral.number),
                _ => format!("{field} of a referral"),
            }
        }
    }
}

/// A value in words.
fn shown(desk: Desk, conflict: &Conflict, value: &Value) -> String {
    let named = match conflict.field {
        ConflictField::Referral(_, field) => named_by(&desk.engine(), field, value),
        ConflictField::Patient(_) | ConflictField::Related(..) => None,
    };
    or_none(named.unwrap_or_else(|| shown_of(conflict.field, value)))
}

/// Two values for one field: keep either, or enter a third.
#[component]
pub fn Case(conflict: Conflict, patient: Option<Patient>, resolves: bool) -> impl IntoView {
    let desk = use_desk();
    let field = about(desk, &conflict);
    let name = patient
        .as_ref()
        .map_or_else(|| "A patient".to_owned(), Patient::display_name);
    let title = format!("{name} has two values for {field}");
    let read = |value| shown(desk, &conflict, value);
    let (base, theirs, mine) = (read(&conflict.base), read(&conflict.theirs), read(&conflict.mine));
    let when = moment(&desk.engine(), conflict.entered_at);
    let busy = RwSignal::new(false);
    let editing = RwSignal::new(false);
    // Of two kinds there is no third.
    let is_kind = matches!(conflict.field, ConflictField::Referral(_, ReferralField::Kind));
    let editable = !is_kind && !leaves(&conflict.mine).is_empty();
    let (id, patient_id) = (conflict.id, conflict.patient_id);
    let related_person_id = conflict.field.related_person_id();
    let referral_id = conflict.field.referral_id();
    let what = format!("Decision about {name}");
    let expects = conflict.theirs.clone();
    let keep = move |desk: Desk, keep_mine: bool, value: Option<Value>, what: String| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let command = ResolveConflict {
            conflict_id: id,
            patient_id,
            keep_mine,
            // A value that was changed again since is not overwritten unseen.
            expects: Some(expects.clone()),
            value,
            related_person_id,
            referral_id,
        };
        desk.submit(what, Command::ResolveConflict(command), move |done| {
            let _left = busy.try_set(false);
            if let Err(why) = done {
                desk.say(why);
            }
        });
    };
    let heading = format!("case-{id}");
    let labelled = heading.clone();
    let buttons = resolves.then(|| {
        let (first, second) = (what.clone(), what.clone());
        let (to_theirs, to_mine) = (keep.clone(), keep.clone());
        view! {
            <button type="button" class="btn" data-keep="theirs" on:click=move |_| to_theirs(desk, false, None, first.clone())>
                {format!("Keep {theirs}")}
            </button>
            <button type="button" class="btn" data-keep="mine" on:click=move |_| to_mine(desk, true, None, second.clone())>
                {format!("Keep {mine}")}
            </button>
            {editable.then(|| view! {
                <button type="button" class="btn" data-keep="edit" on:click=move |_| editing.set(true)>"Enter another value"</button>
            })}
        }
    });
    let value = conflict.mine.clone();
    let editor = move || {
        editing.get().then(|| {
            let (keep, what) = (keep.clone(), what.clone());
            let done = Callback::new(move |value| {
                editing.set(false);
                keep(desk, false, Some(value), what.clone());
            });
            let close = Callback::new(move |()| editing.set(false));
            view! { <EditLines value=value.clone() prefix=format!("value-{id}") done close /> }
        })
    };
    let cannot =
        (!resolves).then(|| view! { <p class="small soft">"The front desk or a nurse decides this."</p> });
    view! {
        <article class="case" aria-labelledby=labelled data-conflict=id.to_string()>
            <header>
                <h2 id=heading>{title}</h2>
                <Chip kind=Tone::Wait icon="pen" label="Same field" />
                <p>{format!("Before, it was {base}. Two people changed it without seeing each other.")}</p>
            </header>
            <div class="versus">
                <div>
                    <h3><Icon name="id" />"In the record"</h3>
                    <p class="val">{theirs.clone()}</p>
                    <p class="where">"Came first, so it is in the record now"</p>
                </div>
                <div>
                    <h3><Icon name="pen" />{format!("{} entered", conflict.entered_by)}</h3>
                    <p class="val">{mine.clone()}</p>
                    <p class="where">{when}</p>
                </div>
            </div>
            {editor}
            <footer>
                {buttons}{cannot}
                <span class="push"></span>
                <a class="btn quiet" href=path::patient(patient_id)>"See the record"</a>
            </footer>
        </article>
    }
}
