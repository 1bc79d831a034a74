//! What can be chosen: listed with the item, or in a value set that travels along.

use super::text::{Object, extension, get, list, number_text, string};
use super::{own, standard};
use domain::intake::questionnaire::Choice;
use domain::text::{Lang, Wording};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value;

/// The options of an item, and what could not be taken over.
pub fn read(item: &Object, form: &Object, base: Lang) -> (Vec<Choice>, Vec<&'static str>) {
    let mut notes = Vec::new();
    let mut options: Vec<Choice> = Vec::new();
    for option in list(item, "answerOption") {
        let Some(choice) = listed(option, base) else {
            notes.push("an answer without a code or text is left out");
            continue;
        };
        if option.contains_key("initialSelected") {
            notes.push("no answer is chosen beforehand");
        }
        let coding = option.get("valueCoding").and_then(Value::as_object);
        if coding.is_some_and(|coding| coding.contains_key("system")) {
            notes.push("the code system of its answers is not kept; their codes are");
        }
        let known = [standard::ORDINAL, own::ATTENTION];
        let mut urls = list(option, "extension").filter_map(|one| string(one, "url"));
        if urls.any(|url| !known.contains(&url.as_str())) {
            notes.push("extensions of its answers other than their score are not kept");
        }
        options.push(scored(choice, option, &mut notes));
    }
    if let Some(reference) = string(item, "answerValueSet") {
        match contained(form, &reference) {
            Some(set) => options.extend(of_set(set, base, &mut notes)),
            None => notes.push("its answers are in a value set elsewhere, and are not here; enter them"),
        }
    }
    let mut told = Vec::new();
    notes.retain(|note| {
        !told.contains(note) && {
            told.push(*note);
            true
        }
    });
    (unique(options), notes)
}

/// One option: a coding, a text, or a number.
fn listed(option: &Object, base: Lang) -> Option<Choice> {
    if let Some(Value::Object(coding)) = option.get("valueCoding") {
        return coded(coding, base);
    }
    let plain = ["valueString", "valueInteger", "valueDate", "valueTime"];
    let name = plain.into_iter().find(|name| option.contains_key(*name))?;
    let label = match name {
        "valueString" => get(option, name, base),
        name => {
            let text = number_text(option.get(name)?)?;
            Wording::new(text.clone(), text)
        }
    };
    let first = if label.en.is_empty() { &label.es } else { &label.en };
    let code = first.trim().to_owned();
    (!code.is_empty()).then(|| Choice {
        code,
        label,
        ..Choice::default()
    })
}

fn coded(coding: &Object, base: Lang) -> Option<Choice> {
    let label = get(coding, "display", base);
    let code = string(coding, "code");
    let shown = [&label.en, &label.es].into_iter().find(|text| !text.is_empty());
    let code = code.or_else(|| shown.cloned())?;
    let label = match shown.is_some() {
        true => label,
        false => Wording::new(code.clone(), code.clone()),
    };
    Some(Choice {
        code,
        label,
        ..Choice::default()
    })
}

/// With what it counts; that stands at the option or inside its coding.
fn scored(mut choice: Choice, option: &Object, notes: &mut Vec<&'static str>) -> Choice {
    let coding = option.get("valueCoding").and_then(Value::as_object);
    let inside = |url: &'static str| {
        let inner = coding.and_then(|coding| extension(coding, url));
        extension(option, url).or(inner)
    };
    if let Some(points) = inside(standard::ORDINAL) {
        let points = number_text(points).and_then(|text| text.parse::<Decimal>().ok());
        choice.score = points.and_then(whole);
        if choice.score.is_none() {
            notes.push("a score that is no whole number is left out");
        }
    }
    choice.attention = inside(own::ATTENTION).and_then(Value::as_bool) == Some(true);
    choice
}

fn whole(points: Decimal) -> Option<i32> {
    points.is_integer().then(|| points.to_i32()).flatten()
}

/// The value set that a reference means, when it travels along.
fn contained<'a>(form: &'a Object, reference: &str) -> Option<&'a Object> {
    let wanted = reference.strip_prefix('#').unwrap_or(reference);
    list(form, "contained").find(|set| {
        let kind = string(set, "resourceType");
        let named = [string(set, "id"), string(set, "url")];
        kind.as_deref() == Some("ValueSet") && named.iter().flatten().any(|name| name == wanted)
    })
}

fn of_set(set: &Object, base: Lang, notes: &mut Vec<&'static str>) -> Vec<Choice> {
    let mut found = Vec::new();
    let expanded = set.get("expansion").and_then(Value::as_object);
    let concepts: Vec<&Object> = match expanded {
        Some(expansion) => list(expansion, "contains").collect(),
        None => {
            let compose = set.get("compose").and_then(Value::as_object);
            let includes = compose.into_iter().flat_map(|compose| list(compose, "include"));
            includes.flat_map(|include| list(include, "concept")).collect()
        }
    };
    if concepts.is_empty() {
        notes.push("the value set with its answers names none; enter them");
    }
    for concept in concepts {
        if let Some(choice) = coded(concept, base) {
            found.push(scored(choice, concept, notes));
        }
    }
    found
}

/// Codes of different systems may be the same; here each is one of its own.
fn unique(mut options: Vec<Choice>) -> Vec<Choice> {
    for at in 1..options.len() {
        let (before, rest) = options.split_at_mut(at);
        let taken = |code: &str| before.iter().any(|other| other.code == code);
        if taken(&rest[0].code) {
            let plain = rest[0].code.clone();
            let free = (2..).map(|n| format!("{plain}-{n}")).find(|code| !taken(code));
            rest[0].code = free.unwrap_or(plain);
        }
    }
    options
}
