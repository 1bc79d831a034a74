//! A Questionnaire, as a form: what can be taken over, and a note for everything that cannot.

use super::beside::{Beside, control_of, scoring, slug_of, whole};
use super::text::{Object, extension, extensions, get, list, number_text, string};
use super::write::canonical;
use super::{condition, options, own, standard};
use chrono::{DateTime, Utc};
use domain::id::QuestionnaireId;
use domain::intake::questionnaire::Audience;
use domain::intake::{AnswerKind, Page, Questionnaire};
use domain::text::{Lang, Wording};
use rust_decimal::Decimal;
use serde_json::Value;

/// A form that was read, and what of it was not taken over.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The form, as far as it can be one. It may still have faults: a missing translation, for one.
    pub form: Questionnaire,
    /// What was left out or changed, in the order of the items.
    pub notes: Vec<Note>,
}

/// One thing that was left out or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Of which item; nothing for the form itself.
    pub link_id: Option<String>,
    /// What became of it, for whoever imports it.
    pub what: String,
}

/// Why nothing could be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAForm {
    /// Not JSON.
    #[error("this file is not JSON")]
    NotJson,
    /// Another resource, or none.
    #[error("this file holds no FHIR Questionnaire")]
    AnotherResource,
}

/// Reads one Questionnaire of FHIR R4.
pub fn read_questionnaire(bytes: &[u8]) -> Result<Imported, NotAForm> {
    let plain = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let value: Value = serde_json::from_slice(plain).map_err(|_| NotAForm::NotJson)?;
    let resource = value
        .as_object()
        .filter(|resource| string(resource, "resourceType").as_deref() == Some("Questionnaire"))
        .ok_or(NotAForm::AnotherResource)?;
    let base = Lang::from_tag(&string(resource, "language").unwrap_or_default());
    let mut reader = Reader {
        resource,
        base,
        pages: Vec::new(),
        notes: Vec::new(),
    };
    let form = reader.form();
    Ok(Imported {
        form,
        notes: reader.notes,
    })
}

/// What of a Questionnaire has a place here, or says nothing that could be lost.
const KNOWN: [&str; 16] = [
    "resourceType",
    "id",
    "meta",
    "language",
    "extension",
    "url",
    "identifier",
    "version",
    "name",
    "title",
    "_title",
    "status",
    "subjectType",
    "date",
    "item",
    "contained",
];
/// The same of an item.
const ITEM_KNOWN: [&str; 12] = [
    "linkId",
    "text",
    "_text",
    "type",
    "required",
    "repeats",
    "enableWhen",
    "enableBehavior",
    "answerOption",
    "answerValueSet",
    "item",
    "extension",
];

struct Reader<'a> {
    resource: &'a Object,
    base: Lang,
    pages: Vec<Page>,
    notes: Vec<Note>,
}

impl<'a> Reader<'a> {
    fn note(&mut self, link_id: Option<&str>, what: impl Into<String>) {
        self.notes.push(Note {
            link_id: link_id.map(str::to_owned),
            what: what.into(),
        });
    }

    /// Names every field that has no place here.
    fn unknown(&mut self, of: &Object, known: &[&str], link_id: Option<&str>) {
        let extra = of.keys().filter(|name| !known.contains(&name.as_str()));
        for name in extra.collect::<Vec<_>>() {
            self.note(link_id, format!("“{name}” is not kept"));
        }
    }

    fn form(&mut self) -> Questionnaire {
        let resource = self.resource;
        self.unknown(resource, &KNOWN, None);
        let text = |name: &str| string(resource, name);
        let title = match get(resource, "title", self.base) {
            title if title == Wording::default() => {
                let name = text("name").unwrap_or_default();
                Wording::new(name, "")
            }
            title => title,
        };
        let identifier = list(resource, "identifier").find_map(|one| string(one, "value"));
        let own_url = |slug: &String| text("url").is_some_and(|url| url == canonical(slug));
        let own_slug = identifier.filter(own_url);
        let own = own_slug.is_some();
        let slug = own_slug
            .or_else(|| slug_of(&title.en))
            .or_else(|| slug_of(&title.es))
            .or_else(|| slug_of(&text("name").unwrap_or_default()))
            .unwrap_or_else(|| "form".to_owned());
        let version = text("version")
            .and_then(|version| version.parse().ok())
            .unwrap_or(1);
        let id = text("id").and_then(|id| id.parse().ok()).filter(|_| own);
        let has = |url| extension(resource, url).and_then(Value::as_bool) == Some(true);
        let signs = extensions(resource, standard::SIGN).next().is_some();
        let days = extension(resource, own::VALID_DAYS).and_then(Value::as_u64);
        let replaces = extension(resource, standard::REPLACES).and_then(Value::as_str);
        let replaces = replaces.and_then(|url| url.strip_prefix("urn:uuid:")?.parse().ok());
        let date = text("date").and_then(|date| date.parse::<DateTime<Utc>>().ok());
        let audience = if has(own::EVERYONE) {
            Audience::Everyone
        } else {
            Audience::Visit
        };
        let known = [
            standard::SIGN,
            standard::REPLACES,
            own::VALID_DAYS,
            own::EVERYONE,
            own::SCORING,
        ];
        self.other_extensions(resource, &known, None);
        for item in list(resource, "item") {
            self.item(item);
        }
        Questionnaire {
            id: id.map_or_else(|| Questionnaire::id_of(&slug, version), QuestionnaireId),
            slug,
            version,
            replaces_id: replaces.map(QuestionnaireId),
            title,
            pages: std::mem::take(&mut self.pages),
            scoring: extensions(resource, own::SCORING)
                .next()
                .map(|own| scoring(own, self.base)),
            signature_required: signs,
            audience,
            valid_days: days.and_then(|days| days.try_into().ok()),
            retired: text("status").as_deref() == Some("retired"),
            published_at: date.unwrap_or_default(),
        }
    }

    fn other_extensions(&mut self, of: &Object, known: &[&str], link_id: Option<&str>) {
        let urls: Vec<String> = list(of, "extension")
            .filter_map(|one| string(one, "url"))
            .collect();
        for url in urls.iter().filter(|url| !known.contains(&url.as_str())) {
            let name = url.rsplit('/').next().unwrap_or(url);
            self.note(link_id, format!("the extension “{name}” is not kept"));
        }
    }

    /// One item and what is inside it. Groups have no place here: their questions follow one another.
    fn item(&mut self, item: &Object) {
        let Some(link_id) = string(item, "linkId") else {
            return self.note(
                None,
                "an item without a linkId is left out, with all that is inside it",
            );
        };
        let id = Some(link_id.as_str());
        self.unknown(item, &ITEM_KNOWN, id);
        match string(item, "type").unwrap_or_default().as_str() {
            "group" => {
                if string(item, "text").is_some() {
                    self.note(id, "the heading of this group is left out; its questions stay");
                }
                if item.get("repeats").and_then(Value::as_bool) == Some(true) {
                    self.note(id, "this group is asked once, not several times");
                }
                if list(item, "enableWhen").next().is_some() {
                    self.note(
                        id,
                        "the condition of this group is left out; its questions are asked always",
                    );
                }
                self.other_extensions(item, &[], id);
                list(item, "item").for_each(|inner| self.item(inner));
            }
            "display" => self.note(id, "this text asks nothing and is left out"),
            kind @ ("attachment" | "reference") => {
                let what = format!("questions answered with {kind} cannot be asked here; it is left out");
                self.note(id, what);
                list(item, "item").for_each(|inner| self.item(inner));
            }
            kind => self.question(item, link_id.clone(), kind),
        }
    }

    fn question(&mut self, item: &Object, link_id: String, kind: &str) {
        let id = Some(link_id.as_str());
        let mut beside = Beside::default();
        let inner = list(item, "item").filter(|inner| !beside.takes(inner, self.base));
        let inner: Vec<&Object> = inner.collect();
        let Some(answer) = self.answer(item, &link_id, kind, &beside) else {
            self.note(id, "its type is not known here; it is left out");
            return inner.into_iter().for_each(|one| self.item(one));
        };
        let several = item.get("repeats").and_then(Value::as_bool) == Some(true);
        if several && !matches!(answer, AnswerKind::Choices { .. }) {
            self.note(id, "one answer is asked for, not several");
        }
        let show_if = condition::read(item, &self.pages).unwrap_or_else(|what| {
            self.note(id, what);
            None
        });
        let slider = matches!(answer, AnswerKind::Scale { .. });
        let control = control_of(item);
        if control.is_some() && !(slider && control.as_deref() == Some("slider")) {
            self.note(id, "it looks as questions look here, whatever was asked for");
        }
        let known = [standard::CONTROL, standard::MIN, standard::MAX, standard::UNIT];
        self.other_extensions(item, &known, id);
        self.pages.push(Page {
            question: get(item, "text", self.base),
            why: beside.help,
            required: item.get("required").and_then(Value::as_bool) == Some(true),
            link_id: link_id.clone(),
            answer,
            show_if,
        });
        if !inner.is_empty() {
            self.note(
                Some(&link_id),
                "the questions inside it follow it, and are asked whatever is answered",
            );
            inner.into_iter().for_each(|one| self.item(one));
        }
    }

    fn answer(&mut self, item: &Object, link_id: &str, kind: &str, beside: &Beside) -> Option<AnswerKind> {
        let id = Some(link_id);
        let several = item.get("repeats").and_then(Value::as_bool) == Some(true);
        let bound = |url| {
            extension(item, url)
                .and_then(number_text)
                .and_then(|text| text.parse().ok())
        };
        let (min, max): (Option<Decimal>, Option<Decimal>) = (bound(standard::MIN), bound(standard::MAX));
        let lists = item.contains_key("answerOption") || item.contains_key("answerValueSet");
        if lists || matches!(kind, "choice" | "open-choice") {
            if kind == "open-choice" {
                self.note(id, "only the listed answers can be given, none in other words");
            }
            let (options, notes) = options::read(item, self.resource, self.base);
            notes.into_iter().for_each(|what| self.note(id, what));
            return Some(match several {
                true => AnswerKind::Choices { options },
                false => AnswerKind::Choice { options },
            });
        }
        let unit = extension(item, standard::UNIT)
            .and_then(Value::as_object)
            .map(|coding| match get(coding, "display", self.base) {
                unit if unit == Wording::default() => {
                    let code = string(coding, "code").unwrap_or_default();
                    Wording::new(code.clone(), code)
                }
                unit => unit,
            });
        let number = AnswerKind::Number { min, max, unit };
        Some(match kind {
            "boolean" => AnswerKind::YesNo,
            "string" | "text" => AnswerKind::Text,
            "url" => {
                self.note(id, "it is answered in words, not with an address of the web");
                AnswerKind::Text
            }
            "time" => {
                self.note(id, "a time of day is answered in words");
                AnswerKind::Text
            }
            "date" => AnswerKind::Date,
            "dateTime" => {
                self.note(id, "only the day is asked, not the time of day");
                AnswerKind::Date
            }
            "decimal" => number,
            "quantity" => {
                self.note(id, "it is answered with a number; the unit cannot be chosen");
                number
            }
            "integer" => match (control_of(item).as_deref(), whole(min), whole(max)) {
                (Some("slider"), Some(from), Some(to)) => AnswerKind::Scale {
                    from,
                    to,
                    low: beside.low.clone().unwrap_or_default(),
                    high: beside.high.clone().unwrap_or_default(),
                },
                _ => {
                    self.note(id, "numbers with decimals can be answered, too");
                    number
                }
            },
            _ => return None,
        })
    }
}
