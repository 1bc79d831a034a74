//! Answers, as a QuestionnaireResponse, and back.

use super::read::Note;
use super::standard::SIGNATURE;
use super::text::{Object, extension, extensions, list, number_text, put, string, typed};
use super::write::{canonical, decimal, signed_by_author};
use super::{NotAForm, own};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::id::*;
use domain::intake::questionnaire::Answers;
use domain::intake::{Answer, AnswerKind, Page, Questionnaire, QuestionnaireResponse, Signature};
use domain::text::Lang;
use serde_json::{Value, json};

/// Answers as FHIR R4, with the questions as they were asked. The drawing of a signature stays here; who signed, and
/// when, is told.
pub fn write_response(response: &QuestionnaireResponse, form: &Questionnaire) -> Value {
    let lang = response.language.unwrap_or_default();
    let authored = response.authored_at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
    let mut out = Object::new();
    out.insert("resourceType".into(), "QuestionnaireResponse".into());
    out.insert("id".into(), response.id.to_string().into());
    out.insert("language".into(), lang.tag().into());
    let mut extensions = Vec::new();
    if let Some(visit) = response.appointment_id {
        let reference = json!({ "reference": format!("Appointment/{visit}") });
        extensions.push(json!({ "url": own::APPOINTMENT, "valueReference": reference }));
    }
    if let Some(score) = &response.score {
        let mut parts = vec![json!({ "url": "total", "valueInteger": score.total })];
        if let Some(band) = &score.band {
            let mut label = Object::new();
            label.insert("url".into(), "band".into());
            put(&mut label, "valueString", band);
            parts.push(label.into());
        }
        extensions.push(json!({ "url": own::SCORE, "extension": parts }));
    }
    if let Some(signature) = &response.signature {
        extensions.push(json!({ "url": SIGNATURE, "valueSignature": {
            "type": signed_by_author()["coding"], "when": authored, "who": { "display": signature.typed_name }
        }}));
    }
    if !extensions.is_empty() {
        out.insert("extension".into(), extensions.into());
    }
    let asked = format!("{}|{}", canonical(&form.slug), form.version);
    out.insert("questionnaire".into(), asked.into());
    out.insert("status".into(), "completed".into());
    if let Some(patient) = response.patient_id {
        out.insert(
            "subject".into(),
            json!({ "reference": format!("Patient/{patient}") }),
        );
    }
    out.insert("authored".into(), authored.into());
    if let Some(author) = &response.authored_by {
        out.insert("author".into(), json!({ "display": author }));
    }
    let answered = form
        .pages
        .iter()
        .filter_map(|page| Some((page, response.answers.get(&page.link_id)?)));
    let items: Vec<Value> = answered
        .map(|(page, answer)| {
            json!({ "linkId": page.link_id, "text": page.question.get(lang), "answer": values(page, answer, lang) })
        })
        .collect();
    out.insert("item".into(), items.into());
    Value::Object(out)
}

fn values(page: &Page, answer: &Answer, lang: Lang) -> Vec<Value> {
    let coding = |code: &String| {
        let known = page.answer.options().iter().find(|option| option.code == *code);
        let label = known.map_or(code.as_str(), |option| option.label.get(lang));
        json!({ "valueCoding": { "code": code, "display": label } })
    };
    match (answer, &page.answer) {
        (Answer::YesNo(yes), _) => vec![json!({ "valueBoolean": yes })],
        (Answer::Many(codes), _) => codes.iter().map(coding).collect(),
        (Answer::One(code), AnswerKind::Choice { .. }) => vec![coding(code)],
        (Answer::One(text), AnswerKind::Date) => vec![json!({ "valueDate": text })],
        (Answer::One(text), AnswerKind::Number { .. }) => {
            vec![json!({ "valueDecimal": text.parse().map_or(Value::Null, decimal) })]
        }
        (Answer::One(text), AnswerKind::Scale { .. }) => {
            vec![json!({ "valueInteger": text.parse::<i64>().map_or(Value::Null, Value::from) })]
        }
        (Answer::One(text), _) => vec![json!({ "valueString": text })],
    }
}

/// Reads answers to a form. What is no answer to one of its questions is named and left out. Whose they are and which
/// visit they are for is taken as written; what they add up to is counted anew.
pub fn read_response(
    bytes: &[u8],
    form: &Questionnaire,
) -> Result<(QuestionnaireResponse, Vec<Note>), NotAForm> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NotAForm::NotJson)?;
    let resource = value
        .as_object()
        .filter(|one| string(one, "resourceType").as_deref() == Some("QuestionnaireResponse"))
        .ok_or(NotAForm::AnotherResource)?;
    let (mut answers, mut notes) = (Answers::new(), Vec::new());
    list(resource, "item").for_each(|item| read_item(item, form, &mut answers, &mut notes));
    let text = |name: &str| string(resource, name);
    let reference = |of: Option<&Value>, kind: &str| {
        let reference = of?.get("reference")?.as_str()?;
        reference.strip_prefix(kind)?.strip_prefix('/')?.parse().ok()
    };
    let signature = extensions(resource, SIGNATURE).next().map(|_| Signature {
        typed_name: extension(resource, SIGNATURE)
            .and_then(|signature| signature.pointer("/who/display")?.as_str())
            .unwrap_or_default()
            .to_owned(),
        ..Signature::default()
    });
    let author = resource.get("author").and_then(|author| author.get("display"));
    let answers = form.relevant(&answers);
    let response = QuestionnaireResponse {
        id: QuestionnaireResponseId(text("id").and_then(|id| id.parse().ok()).unwrap_or_default()),
        patient_id: reference(resource.get("subject"), "Patient").map(PatientId),
        intake_id: None,
        questionnaire_id: form.id,
        authored_at: text("authored")
            .and_then(|at| at.parse::<DateTime<Utc>>().ok())
            .unwrap_or_default(),
        appointment_id: reference(extension(resource, own::APPOINTMENT), "Appointment").map(AppointmentId),
        score: form.score(&answers),
        attention: form.wants_attention(&answers),
        answers,
        authored_by: author.and_then(Value::as_str).map(str::to_owned),
        language: text("language").map(|tag| Lang::from_tag(&tag)),
        signature,
    };
    Ok((response, notes))
}

fn read_item(item: &Object, form: &Questionnaire, answers: &mut Answers, notes: &mut Vec<Note>) {
    let link_id = string(item, "linkId").unwrap_or_default();
    let given: Vec<&Object> = list(item, "answer").collect();
    if !given.is_empty() {
        let page = form.page(&link_id);
        let answer = page.and_then(|page| read_answer(page, &given));
        let sound = page
            .zip(answer)
            .filter(|(page, answer)| page.answer.fault(answer).is_none());
        match sound {
            Some((_, answer)) => drop(answers.insert(link_id, answer)),
            None => notes.push(Note {
                link_id: Some(link_id),
                what: "this is no answer to a question of the form, and is left out".to_owned(),
            }),
        }
    }
    // Groups, and questions inside answers.
    let inside = given.into_iter().flat_map(|answer| list(answer, "item"));
    for inner in list(item, "item").chain(inside) {
        read_item(inner, form, answers, notes);
    }
}

fn read_answer(page: &Page, given: &[&Object]) -> Option<Answer> {
    let text = |of: &Object| match typed(of, "value")?.1 {
        Value::Object(coding) => string(coding, "code").or_else(|| string(coding, "display")),
        other => number_text(other),
    };
    match &page.answer {
        AnswerKind::Choices { .. } => {
            let codes: Option<Vec<String>> = given.iter().map(|one| text(one)).collect();
            codes.map(Answer::Many)
        }
        AnswerKind::YesNo => given.first()?.get("valueBoolean")?.as_bool().map(Answer::YesNo),
        _ => text(given.first()?).map(Answer::One),
    }
}
