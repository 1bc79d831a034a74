//! Language, who answers, and whether they were here before.

use super::YES_NO;
use super::fields::{one_of, some_of};
use crate::pages::kiosk::intake::Intake;
use crate::pages::kiosk::texts;
use domain::text::{Lang, Text};
use leptos::prelude::*;
use ui::{Choice, ChoiceField};

/// Changes the language at once.
pub fn language(intake: Intake) -> AnyView {
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
    .into_any()
}

const WHO: &[(&str, Text)] = &[
    ("patient", texts::WHO_PATIENT),
    ("parent", texts::WHO_PARENT),
    ("helper", texts::WHO_HELPER),
];

/// The patient, a parent, a helper.
pub fn who(intake: Intake) -> AnyView {
    one_of(
        intake,
        "who",
        texts::Q_WHO,
        intake.bind(|a| &mut a.filled_by),
        WHO,
    )
}

/// Yes or no.
pub fn before(intake: Intake) -> AnyView {
    one_of(
        intake,
        "before",
        texts::Q_BEFORE,
        intake.bind(|a| &mut a.before),
        YES_NO,
    )
}

pub const CHANGES: &[(&str, Text)] = &[
    ("address", texts::CH_ADDRESS),
    ("insurance", texts::CH_INSURANCE),
    ("emergency", texts::CH_EMERGENCY),
    ("details", texts::CH_DETAILS),
    ("nothing", texts::CH_NOTHING),
];

/// What is new since the last visit.
pub fn changed(intake: Intake) -> AnyView {
    let value = intake.bind(|a| &mut a.changed);
    some_of(intake, "changed", texts::Q_CHANGED, value, CHANGES, "nothing")
}
