//! Texts in two languages, and the extensions they hang on.

use super::standard::TRANSLATION;
use domain::text::{Lang, Wording};
use serde_json::{Map, Value, json};

/// A JSON object.
pub type Object = Map<String, Value>;

/// Writes a text with its translation: `{"text": "…", "_text": {"extension": […]}}`.
pub fn put(into: &mut Object, name: &str, text: &Wording) {
    into.insert(name.to_owned(), Value::String(text.en.clone()));
    if !text.es.is_empty() {
        let es = json!({ "extension": [{
            "url": TRANSLATION,
            "extension": [{ "url": "lang", "valueCode": "es" }, { "url": "content", "valueString": text.es }]
        }]});
        into.insert(format!("_{name}"), es);
    }
}

/// Reads a text with its translation; `base` is the language that stands without one.
pub fn get(from: &Object, name: &str, base: Lang) -> Wording {
    let plain = string(from, name).unwrap_or_default();
    let translated = |wanted: &str| {
        let element = from.get(&format!("_{name}"))?.as_object()?;
        extensions(element, TRANSLATION).find_map(|translation| {
            let lang = value(extensions(translation, "lang").next()?)?.as_str()?;
            let content = value(extensions(translation, "content").next()?)?.as_str()?;
            let same = lang.split('-').next() == Some(wanted);
            same.then(|| content.trim().to_owned())
        })
    };
    match base {
        Lang::En => Wording::new(plain, translated("es").unwrap_or_default()),
        Lang::Es => Wording::new(translated("en").unwrap_or_default(), plain),
    }
}

/// A text, without blanks around it; nothing when it is empty.
pub fn string(from: &Object, name: &str) -> Option<String> {
    let text = from.get(name)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The objects of a list.
pub fn list<'a>(from: &'a Object, name: &str) -> impl Iterator<Item = &'a Object> + use<'a> {
    let all = from.get(name).and_then(Value::as_array).into_iter().flatten();
    all.filter_map(Value::as_object)
}

/// The extensions of an element that have a url.
pub fn extensions<'a>(of: &'a Object, url: &'a str) -> impl Iterator<Item = &'a Object> + use<'a> {
    list(of, "extension").filter(move |one| one.get("url").and_then(Value::as_str) == Some(url))
}

/// The value of an extension, whatever its type.
pub fn value(extension: &Object) -> Option<&Value> {
    typed(extension, "value").map(|(_, value)| value)
}

/// A value whose name ends in its type: `valueCoding` gives "Coding".
pub fn typed<'a>(from: &'a Object, prefix: &str) -> Option<(&'a str, &'a Value)> {
    from.iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)))
        .find(|(kind, _)| kind.starts_with(char::is_uppercase))
}

/// The value of an element's extension with a url.
pub fn extension<'a>(of: &'a Object, url: &'a str) -> Option<&'a Value> {
    extensions(of, url).find_map(value)
}

/// A number's own text, so that no digit is lost on the way.
pub fn number_text(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}
