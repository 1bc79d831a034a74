//! Language, who answers, and whether they were here before.

use super::{YES_NO, choices};
use crate::pages::kiosk::intake::use_intake;
use crate::pages::kiosk::texts;
use domain::text::{Lang, Text};
use leptos::prelude::*;
use ui::{Choice, ChoiceField, ChoiceLayout, ChoicesField};

/// Changes the language at once.
#[component]
pub fn Language() -> impl IntoView {
    let intake = use_intake();
    let lang = RwSignal::new(intake.station.lang.get_untracked().tag().to_owned());
    // The buttons at the top and these rows say the same.
    Effect::new(move |_| lang.set(intake.lang().tag().to_owned()));
    Effect::new(move |_| {
        let chosen = Lang::from_tag(&lang.get());
        if chosen != intake.station.lang.get_untracked() {
            intake.speak(chosen);
        }
    });
    let options = vec![Choice::new("en", "English"), Choice::new("es", "Español")];
    view! {
        <ChoiceField
            id="language"
            legend=intake.say(texts::Q_LANGUAGE)
            legend_hidden=true
            value=lang
            options=Signal::stored(options)
        />
    }
}

const WHO: &[(&str, Text)] = &[
    ("patient", texts::WHO_PATIENT),
    ("parent", texts::WHO_PARENT),
    ("helper", texts::WHO_HELPER),
];

/// The patient, a parent, a helper.
#[component]
pub fn Who() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoiceField
            id="who"
            legend=intake.say(texts::Q_WHO)
            legend_hidden=true
            value=intake.bind(|a| &mut a.filled_by)
            options=choices(intake, WHO)
            fault=intake.fault("who")
        />
    }
}

/// Yes or no.
#[component]
pub fn Before() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoiceField
            id="before"
            legend=intake.say(texts::Q_BEFORE)
            legend_hidden=true
            value=intake.bind(|a| &mut a.before)
            options=choices(intake, YES_NO)
            fault=intake.fault("before")
            layout=ChoiceLayout::Pair
        />
    }
}

pub const CHANGES: &[(&str, Text)] = &[
    ("address", texts::CH_ADDRESS),
    ("insurance", texts::CH_INSURANCE),
    ("emergency", texts::CH_EMERGENCY),
    ("details", texts::CH_DETAILS),
    ("nothing", texts::CH_NOTHING),
];

/// What is new since the last visit.
#[component]
pub fn Changed() -> impl IntoView {
    let intake = use_intake();
    view! {
        <ChoicesField
            id="changed"
            legend=intake.say(texts::Q_CHANGED)
            legend_hidden=true
            value=intake.bind(|a| &mut a.changed)
            options=choices(intake, CHANGES)
            none_value="nothing"
            fault=intake.fault("changed")
            layout=ChoiceLayout::Grid
        />
    }
}
