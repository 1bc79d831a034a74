//! The words of one message: what several notices to one number or address say together.

use super::rule::{Channel, NoticeRule};
use super::standard;
use super::template::{Placeholder, fill};
use crate::text::{Lang, Text, Wording};
use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike, Weekday};

/// One appointment that a message speaks of.
#[derive(Clone, PartialEq)]
pub struct Spoken {
    /// What to call the patient.
    pub first_name: String,
    /// Where, as patients know it.
    pub site: String,
    /// When it begins, on the site's wall.
    pub wall: NaiveDateTime,
}

/// A message's words.
#[derive(Clone, PartialEq)]
pub struct Words {
    /// Heading; a text message has none.
    pub subject: String,
    /// What it says.
    pub body: String,
}
crate::redacted_debug!(Spoken, Words);

/// Puts a message together. `about` has one line for each appointment, all on one day. A rule's words are for its own
/// way: a mail read out on the telephone would be none, so by another way the standard words are said.
pub fn compose(
    rule: &NoticeRule,
    practice: &str,
    about: &[Spoken],
    channel: Channel,
    lang: Lang,
    link: &str,
) -> Words {
    let standard = (channel != rule.channel).then(|| standard::words(rule.kind, channel));
    let words = match &standard {
        Some((subject, body)) => (subject, body),
        None => (&rule.subject, &rule.body),
    };
    say(words, practice, about, channel, lang, link)
}

/// Fills in a heading and a body, and adds how to end them where the way asks for it.
pub fn say(
    (subject, body): (&Wording, &Wording),
    practice: &str,
    about: &[Spoken],
    channel: Channel,
    lang: Lang,
    link: &str,
) -> Words {
    let mut about = about.to_vec();
    about.sort_by(|a, b| (a.wall, &a.first_name).cmp(&(b.wall, &b.first_name)));
    let several = about.len() > 1;
    let value = |placeholder| match placeholder {
        Placeholder::Practice => practice.to_owned(),
        Placeholder::Site => list(about.iter().map(|one| one.site.clone()), lang),
        Placeholder::Date => about
            .first()
            .map_or_else(String::new, |one| date(one.wall.date(), lang)),
        Placeholder::Time => list(
            about.iter().map(|one| match several {
                true => format!("{} ({})", time(one.wall, lang), one.first_name),
                false => time(one.wall, lang),
            }),
            lang,
        ),
        Placeholder::FirstName => list(about.iter().map(|one| one.first_name.clone()), lang),
        Placeholder::Link => link.to_owned(),
    };
    let mut body = fill(body.get(lang), value);
    let way_out = match channel {
        Channel::Sms => Some(STOP_BY_TEXT),
        Channel::Email => Some(STOP_BY_MAIL),
        Channel::Letter | Channel::Voice => None,
    };
    if let Some(way_out) = way_out {
        body.push_str(if channel == Channel::Sms { " " } else { "\n\n" });
        body.push_str(way_out.get(lang));
    }
    // What a template has on several lines is one line as a heading.
    let subject = fill(subject.get(lang), value).replace(char::is_control, " ");
    Words { subject, body }
}

/// Every text says how to end them (CTIA Messaging Principles §5.1.3).
const STOP_BY_TEXT: Text = Text {
    en: "Reply STOP to end these.",
    es: "Responda ALTO para no recibir más.",
};
const STOP_BY_MAIL: Text = Text {
    en: "You need not answer this mail. To get no more of them, follow the link above or call us.",
    es: "No hace falta responder a este correo. Para no recibir más, use el enlace de arriba o llámenos.",
};

/// "Ana", "Ana and Ben", "Ana, Ben and Cy": each once, in the order in which they come.
fn list(items: impl Iterator<Item = String>, lang: Lang) -> String {
    let mut all: Vec<String> = Vec::new();
    for item in items {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    let last = all.pop().unwrap_or_default();
    let and = match lang {
        Lang::En => " and ",
        // "y" is "e" before the sound of i.
        Lang::Es if last.to_lowercase().starts_with(['i', 'í']) => " e ",
        Lang::Es => " y ",
    };
    match all.is_empty() {
        true => last,
        false => [all.join(", "), and.to_owned(), last].concat(),
    }
}

/// "Tuesday, December 1" or "martes 1 de diciembre".
pub fn date(on: NaiveDate, lang: Lang) -> String {
    const MONTHS: [Text; 12] = [
        t("January", "enero"),
        t("February", "febrero"),
        t("March", "marzo"),
        t("April", "abril"),
        t("May", "mayo"),
        t("June", "junio"),
        t("July", "julio"),
        t("August", "agosto"),
        t("September", "septiembre"),
        t("October", "octubre"),
        t("November", "noviembre"),
        t("December", "diciembre"),
    ];
    let day = match on.weekday() {
        Weekday::Mon => t("Monday", "lunes"),
        Weekday::Tue => t("Tuesday", "martes"),
        Weekday::Wed => t("Wednesday", "miércoles"),
        Weekday::Thu => t("Thursday", "jueves"),
        Weekday::Fri => t("Friday", "viernes"),
        Weekday::Sat => t("Saturday", "sábado"),
        Weekday::Sun => t("Sunday", "domingo"),
    };
    let month = MONTHS
        .get(on.month0() as usize)
        .map_or("", |month| month.get(lang));
    match lang {
        Lang::En => format!("{}, {month} {}", day.get(lang), on.day()),
        Lang::Es => format!("{} {} de {month}", day.get(lang), on.day()),
    }
}

/// "Tuesday, December 1, 2026" or "martes 1 de diciembre de 2026": the day of a letter.
pub fn whole_date(on: NaiveDate, lang: Lang) -> String {
    let (day, year) = (date(on, lang), on.year());
    match lang {
        Lang::En => format!("{day}, {year}"),
        Lang::Es => format!("{day} de {year}"),
    }
}

/// "9:05 AM" or "9:05 a. m.".
pub fn time(wall: NaiveDateTime, lang: Lang) -> String {
    let (after, hour) = wall.hour12();
    let half = match (lang, after) {
        (Lang::En, false) => "AM",
        (Lang::En, true) => "PM",
        (Lang::Es, false) => "a. m.",
        (Lang::Es, true) => "p. m.",
    };
    format!("{hour}:{:02} {half}", wall.minute())
}

const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}
