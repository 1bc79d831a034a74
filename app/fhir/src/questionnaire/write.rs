//! A form, as a Questionnaire.

use super::text::{Object, put};
use super::{condition, own, standard};
use chrono::SecondsFormat;
use domain::id::QuestionnaireId;
use domain::intake::questionnaire::{Audience, Choice};
use domain::intake::{AnswerKind, Page, Questionnaire, Scoring};
use domain::text::Wording;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// The canonical url of all versions of a form.
pub(super) fn canonical(slug: &str) -> String {
    format!("urn:uuid:{}", Questionnaire::id_of(slug, 0))
}

fn version_url(id: QuestionnaireId) -> String {
    format!("urn:uuid:{id}")
}

/// A form as FHIR R4. Reading it back gives the same form.
pub fn write_questionnaire(form: &Questionnaire) -> Value {
    let mut extensions = Vec::new();
    if let Some(before) = form.replaces_id {
        extensions.push(json!({ "url": standard::REPLACES, "valueCanonical": version_url(before) }));
    }
    if form.signature_required {
        extensions.push(json!({ "url": standard::SIGN, "valueCodeableConcept": signed_by_author() }));
    }
    if form.audience == Audience::Everyone {
        extensions.push(json!({ "url": own::EVERYONE, "valueBoolean": true }));
    }
    if let Some(days) = form.valid_days {
        extensions.push(json!({ "url": own::VALID_DAYS, "valuePositiveInt": days }));
    }
    if let Some(scoring) = &form.scoring {
        extensions.push(write_scoring(scoring));
    }
    let mut out = Object::new();
    out.insert("resourceType".into(), "Questionnaire".into());
    out.insert("id".into(), form.id.to_string().into());
    out.insert("language".into(), "en".into());
    if !extensions.is_empty() {
        out.insert("extension".into(), extensions.into());
    }
    out.insert("url".into(), canonical(&form.slug).into());
    out.insert("identifier".into(), json!([{ "value": form.slug }]));
    out.insert("version".into(), form.version.to_string().into());
    out.insert("name".into(), computer_name(&form.slug).into());
    put(&mut out, "title", &form.title);
    let status = if form.retired { "retired" } else { "active" };
    out.insert("status".into(), status.into());
    out.insert("subjectType".into(), json!(["Patient"]));
    let date = form.published_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    out.insert("date".into(), date.into());
    let items: Vec<Value> = form.pages.iter().map(|page| item(form, page)).collect();
    out.insert("item".into(), items.into());
    Value::Object(out)
}

/// "health-history" as programs like it: "HealthHistory".
fn computer_name(slug: &str) -> String {
    let words = slug.split('-').filter(|word| !word.is_empty());
    let name: String = words.map(|word| word[..1].to_uppercase() + &word[1..]).collect();
    match name.starts_with(char::is_alphabetic) {
        true => name,
        false => format!("Form{name}"),
    }
}

/// ASTM E1762, author's signature.
pub(super) fn signed_by_author() -> Value {
    json!({ "coding": [{
        "system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1", "display": "Author's Signature"
    }]})
}

fn write_scoring(scoring: &Scoring) -> Value {
    let mut parts = vec![json!({ "url": "method", "valueCode": "sum" })];
    for band in &scoring.bands {
        let mut label = Object::new();
        label.insert("url".into(), "label".into());
        put(&mut label, "valueString", &band.label);
        parts.push(json!({ "url": "band", "extension": [
            { "url": "from", "valueInteger": band.from },
            { "url": "to", "valueInteger": band.to },
            label,
            { "url": "attention", "valueBoolean": band.attention },
        ]}));
    }
    json!({ "url": own::SCORING, "extension": parts })
}

fn control(code: &str) -> Value {
    json!({ "url": standard::CONTROL, "valueCodeableConcept": {
        "coding": [{ "system": standard::CONTROLS, "code": code }]
    }})
}

/// A line of text beside a question.
fn display(link_id: String, code: &str, text: &Wording) -> Value {
    let mut out = Object::new();
    out.insert("linkId".into(), link_id.into());
    out.insert("extension".into(), json!([control(code)]));
    out.insert("type".into(), "display".into());
    put(&mut out, "text", text);
    Value::Object(out)
}

/// A number, as a number and not as a text.
pub(super) fn decimal(number: Decimal) -> Value {
    serde_json::from_str(&number.to_string()).unwrap_or(Value::Null)
}

fn item(form: &Questionnaire, page: &Page) -> Value {
    let mut out = Object::new();
    let mut extensions = Vec::new();
    let mut beside = Vec::new();
    out.insert("linkId".into(), page.link_id.clone().into());
    put(&mut out, "text", &page.question);
    let kind = match &page.answer {
        AnswerKind::YesNo => "boolean",
        AnswerKind::Text => "text",
        AnswerKind::Date => "date",
        AnswerKind::Choice { .. } => "choice",
        AnswerKind::Choices { .. } => {
            out.insert("repeats".into(), true.into());
            "choice"
        }
        AnswerKind::Number { min, max, unit } => {
            let bound = |url: &str, number: &Decimal| json!({ "url": url, "valueDecimal": decimal(*number) });
            extensions.extend(min.as_ref().map(|min| bound(standard::MIN, min)));
            extensions.extend(max.as_ref().map(|max| bound(standard::MAX, max)));
            extensions.extend(unit.as_ref().map(|unit| {
                let mut coding = Object::new();
                put(&mut coding, "display", unit);
                json!({ "url": standard::UNIT, "valueCoding": coding })
            }));
            "decimal"
        }
        AnswerKind::Scale { from, to, low, high } => {
            extensions.push(control("slider"));
            extensions.push(json!({ "url": standard::MIN, "valueInteger": from }));
            extensions.push(json!({ "url": standard::MAX, "valueInteger": to }));
            beside.push(display(format!("{}.lower", page.link_id), "lower", low));
            beside.push(display(format!("{}.upper", page.link_id), "upper", high));
            "integer"
        }
    };
    out.insert("type".into(), kind.into());
    out.insert("required".into(), page.required.into());
    condition::write(form, page, &mut out);
    let options: Vec<Value> = page.answer.options().iter().map(option).collect();
    if !options.is_empty() {
        out.insert("answerOption".into(), options.into());
    }
    if let Some(why) = &page.why {
        beside.push(display(format!("{}.help", page.link_id), "help", why));
    }
    if !extensions.is_empty() {
        out.insert("extension".into(), extensions.into());
    }
    if !beside.is_empty() {
        out.insert("item".into(), beside.into());
    }
    Value::Object(out)
}

fn option(option: &Choice) -> Value {
    let mut extensions = Vec::new();
    if let Some(score) = option.score {
        extensions.push(json!({ "url": standard::ORDINAL, "valueDecimal": score }));
    }
    if option.attention {
        extensions.push(json!({ "url": own::ATTENTION, "valueBoolean": true }));
    }
    let mut coding = Object::new();
    coding.insert("code".into(), option.code.clone().into());
    put(&mut coding, "display", &option.label);
    let mut out = Object::new();
    if !extensions.is_empty() {
        out.insert("extension".into(), extensions.into());
    }
    out.insert("valueCoding".into(), coding.into());
    Value::Object(out)
}
