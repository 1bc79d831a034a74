//! On which referral a visit is booked: one of the patient's that still allows it, or a number that is typed.

use crate::pages::desk::referrals::of_patient;
use crate::shell::staff::context::use_desk;
use chrono::NaiveDate;
use domain::id::{PatientId, VisitTypeId};
use leptos::prelude::*;
use ui::{Field, SelectField};

/// The list and the field; neither while the patient has none and the visit needs none.
#[component]
pub fn ReferralPick(
    /// Whom the visit is for.
    patient: Memo<Option<PatientId>>,
    /// For what; nothing for anything.
    kind: Memo<Option<VisitTypeId>>,
    /// On which day; nothing for today.
    on: Memo<Option<NaiveDate>>,
    /// The visit needs one.
    #[prop(into)]
    needed: Signal<bool>,
    /// The number.
    value: RwSignal<String>,
) -> impl IntoView {
    let desk = use_desk();
    // What one patient was referred on is no other's.
    Effect::new(move |before: Option<Option<PatientId>>| {
        let now = patient.get();
        if before.flatten().is_some_and(|before| Some(before) != now) {
            value.set(String::new());
        }
        now
    });
    let usable = desk.live(move |engine| -> Vec<(String, String)> {
        let (Some(id), on) = (patient.get(), on.get().unwrap_or_else(|| desk.today())) else {
            return Vec::new();
        };
        let all = of_patient(engine, id).into_iter();
        all.filter(|line| line.is_usable(on, kind.get()))
            .map(|line| {
                let words = format!("{}: {}", line.referral.number, line.left_words());
                (line.referral.number, words)
            })
            .collect()
    });
    let has_some = Memo::new(move |_| usable.with(|all| !all.is_empty()));
    let is_asked =
        Memo::new(move |_| needed.get() || has_some.get() || value.with(|value| !value.is_empty()));
    view! {
        {move || has_some.get().then(|| view! {
            <SelectField id="book-referral-of" label="Referral or authorization" value choose="None, or another number" options=usable />
        })}
        {move || is_asked.get().then(|| view! { <Field id="book-referral" label="Referral number" value /> })}
    }
}
