//! What a message says.

use crate::rules::rule;
use domain::notices::Channel;
use domain::notices::message::{Spoken, compose, date, time};
use domain::text::Lang;

fn spoken(name: &str, wall: &str) -> Spoken {
    Spoken {
        first_name: name.into(),
        site: "Harbor Point".into(),
        wall: wall.parse().unwrap(),
    }
}

#[test]
fn one_appointment_is_said_in_a_sentence_with_the_way_out() {
    let about = [spoken("Ana", "2026-12-01T09:05:00")];
    let say = |channel, lang| compose(&rule(channel), "Lakeside", &about, channel, lang, "https://x/n/t");
    assert_eq!(
        say(Channel::Sms, Lang::En).body,
        "Lakeside: appointment for Ana on Tuesday, December 1 at 9:05 AM, Harbor Point. Confirm or change it: \
         https://x/n/t Reply STOP to end these."
    );
    let spanish = say(Channel::Sms, Lang::Es).body;
    assert!(
        spanish.contains("martes 1 de diciembre a las 9:05 a. m."),
        "{spanish}"
    );
    assert!(
        spanish.ends_with("Responda ALTO para no recibir más."),
        "{spanish}"
    );
    assert_eq!(
        say(Channel::Email, Lang::En).subject,
        "Your appointment on Tuesday, December 1"
    );
}

#[test]
fn two_children_are_one_text_with_both_times() {
    let about = [
        spoken("Íñigo", "2026-12-01T13:30:00"),
        spoken("Ana", "2026-12-01T00:05:00"),
    ];
    let say = |lang| compose(&rule(Channel::Sms), "Lakeside", &about, Channel::Sms, lang, "L").body;
    assert!(
        say(Lang::En).contains("appointment for Ana and Íñigo on"),
        "{}",
        say(Lang::En)
    );
    assert!(say(Lang::En).contains("at 12:05 AM (Ana) and 1:30 PM (Íñigo), Harbor Point."));
    assert!(say(Lang::Es).contains("Ana e Íñigo"));
}

#[test]
fn every_day_has_its_name() {
    let mut on: chrono::NaiveDate = "2026-01-01".parse().unwrap();
    for _ in 0..365 {
        assert_eq!(date(on, Lang::En), on.format("%A, %B %-d").to_string());
        on = on.succ_opt().unwrap();
    }
    let noon = on.and_hms_opt(12, 0, 0).unwrap();
    assert_eq!(time(noon, Lang::En), "12:00 PM");
    assert_eq!(time(noon, Lang::Es), "12:00 p. m.");
}
