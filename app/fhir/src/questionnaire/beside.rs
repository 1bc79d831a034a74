//! What stands beside questions: help, the ends of a scale, what sums mean, and a form's own name.

use super::standard;
use super::text::{Object, extension, extensions, get, list, string};
use domain::intake::{Band, Scoring};
use domain::text::{Lang, Wording, fold};
use rust_decimal::Decimal;
use serde_json::Value;

/// Lines of text beside a question.
#[derive(Default)]
pub struct Beside {
    /// Why it is asked.
    pub help: Option<Wording>,
    /// What the lower end means.
    pub low: Option<Wording>,
    /// What the upper end means.
    pub high: Option<Wording>,
}

impl Beside {
    /// Takes an item that is no question but belongs to one.
    pub fn takes(&mut self, item: &Object, base: Lang) -> bool {
        if string(item, "type").as_deref() != Some("display") {
            return false;
        }
        let place = match control_of(item).as_deref() {
            Some("help" | "flyover" | "prompt") => &mut self.help,
            Some("lower") => &mut self.low,
            Some("upper") => &mut self.high,
            _ => return false,
        };
        let free = place.is_none();
        if free {
            *place = Some(get(item, "text", base));
        }
        free
    }
}

/// What a question is to look like.
pub fn control_of(item: &Object) -> Option<String> {
    let concept = extension(item, standard::CONTROL)?.as_object()?;
    list(concept, "coding").find_map(|coding| string(coding, "code"))
}

/// A bound that is a whole number.
pub fn whole(number: Option<Decimal>) -> Option<i32> {
    number.filter(Decimal::is_integer)?.to_string().parse().ok()
}

/// How answers are summed up.
pub fn scoring(own: &Object, base: Lang) -> Scoring {
    let band = |band: &Object| {
        let whole = |url: &str| {
            let number = extension(band, url).and_then(Value::as_i64);
            number
                .and_then(|number| i32::try_from(number).ok())
                .unwrap_or_default()
        };
        let label = extensions(band, "label").next();
        Band {
            from: whole("from"),
            to: whole("to"),
            label: label
                .map(|label| get(label, "valueString", base))
                .unwrap_or_default(),
            attention: extension(band, "attention").and_then(Value::as_bool) == Some(true),
        }
    };
    Scoring {
        bands: extensions(own, "band").map(band).collect(),
    }
}

/// A name as forms have them here: small letters, digits and hyphens.
pub fn slug_of(name: &str) -> Option<String> {
    let same = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let slug = if same {
        name.to_owned()
    } else {
        fold(name).replace(' ', "-")
    };
    let slug: String = slug
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    (!slug.trim_matches('-').is_empty()).then_some(slug)
}
