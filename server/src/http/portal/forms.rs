//! One form, a question on each screen. Everything that was answered goes along in the page itself, so that nothing of it
//! lies anywhere before it is sent, and Back goes back.

use super::visits::{Said, outcome};
use super::{back, inside, practice_name, sign, visitor};
use crate::http::State;
use crate::http::public::page::{failed, t};
use crate::services::portal::Visitor;
use crate::services::portal::log::Noted;
use crate::services::push::now;
use axum::Form;
use axum::extract::{Path, State as Of};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::{AppointmentId, PracticeId, QuestionnaireId};
use domain::intake::questionnaire::Answers;
use domain::intake::{Answer, AnswerKind, Page, Questionnaire};
use domain::schedule::Appointment;
use domain::text::Lang;
use domain::validate::FaultCode;
use maud::{Markup, html};
use std::sync::Arc;

/// Before the name of a question's field.
const ANSWER: &str = "a.";
/// Which questions were shown.
const SHOWN: &str = "shown";
/// Which question this is.
const NOW: &str = "now";

/// What a page sends.
pub type Fields = Vec<(String, String)>;

/// Everything that one page of a form looks at.
struct Looked {
    visitor: Visitor,
    name: String,
    visit: Appointment,
    /// Whether whoever it is about signs for themselves.
    adult: bool,
    form: Questionnaire,
}

async fn look(
    state: &Arc<State>,
    (practice, visit, form): (PracticeId, AppointmentId, QuestionnaireId),
    headers: &HeaderMap,
) -> Result<Looked, Response> {
    let visitor = visitor(state, practice, headers).await?;
    let name = practice_name(state, practice).await?;
    let gone = || Redirect::to(&format!("/p/{practice}/visits?said={}", Said::NotNow.name())).into_response();
    let overview = state.portal.overview(&visitor, now()).await.map_err(failed)?;
    let Some((visit, whose)) = overview.visit(visit) else {
        state.portal.withheld(&visitor, visit).await.map_err(failed)?;
        return Err(gone());
    };
    let visit = visit.clone();
    let forms = state
        .portal
        .forms(&visitor, std::slice::from_ref(&visit))
        .await
        .map_err(failed)?;
    let today = state.today(practice, now()).await;
    // What was answered meanwhile, on another telephone or at the desk, is not asked again.
    let due = forms.due(&visit, today).iter().any(|one| one.id == form);
    let form = forms.form(form).filter(|_| due).cloned().ok_or_else(gone)?;
    Ok(Looked {
        visitor,
        name,
        adult: whose.age_on(today) >= 18,
        visit,
        form,
    })
}

/// The first question.
pub async fn show(
    Of(state): Of<Arc<State>>,
    Path(ids): Path<(PracticeId, AppointmentId, QuestionnaireId)>,
    headers: HeaderMap,
) -> Response {
    let looked = match look(&state, ids, &headers).await {
        Ok(looked) => looked,
        Err(page) => return page,
    };
    let detail = serde_json::json!({"appointment": looked.visit.id, "form": looked.form.id});
    let noted = Noted::done("portal.form").with(detail);
    match state.portal.note(ids.0, &[looked.visit.patient_id], noted).await {
        Ok(()) => ask(&looked, &Fields::new(), (&Answers::new(), &[]), None, None),
        Err(error) => failed(error),
    }
}

/// Takes the answer to a question, and asks the next; after the last, takes them all.
pub async fn answer(
    Of(state): Of<Arc<State>>,
    Path(ids): Path<(PracticeId, AppointmentId, QuestionnaireId)>,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let looked = match look(&state, ids, &headers).await {
        Ok(looked) => looked,
        Err(page) => return page,
    };
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    // Only what is asked here, and once: what else stands there is not written back into the page.
    let was_shown = |page: &&Page| {
        let mut sent = fields.iter();
        sent.any(|(name, value)| name == SHOWN && *value == page.link_id)
    };
    let mut shown: Vec<String> = (looked.form.pages.iter().filter(was_shown))
        .map(|page| page.link_id.clone())
        .collect();
    let answers = looked.form.relevant(&read(&looked.form, &fields));
    if let Some(page) = field(NOW).and_then(|link| looked.form.page(link)) {
        let missing = looked
            .form
            .missing(&answers)
            .iter()
            .any(|one| one.link_id == page.link_id);
        let fault = match answers.get(&page.link_id) {
            _ if missing => Some(FaultCode::AnswerMissing),
            Some(answer) => page.answer.fault(answer),
            None => None,
        };
        if fault.is_some() {
            return ask(&looked, &fields, (&answers, &shown), Some(page), fault);
        }
        shown.push(page.link_id.clone());
    }
    let next = looked
        .form
        .visible(&answers)
        .into_iter()
        .find(|page| !shown.contains(&page.link_id));
    let signed = match looked.form.signature_required {
        true => sign::read(&fields, looked.adult, looked.visitor.language),
        false => Ok(None),
    };
    let unsigned = looked.form.signature_required && !matches!(signed, Ok(Some(_)));
    if next.is_some() || unsigned {
        let fault = signed.as_ref().err().copied().filter(|_| next.is_none());
        return ask(&looked, &fields, (&answers, &shown), next, fault);
    }
    let signed = signed.ok().flatten();
    let practice = ids.0;
    let done = state
        .portal
        .answer(
            &looked.visitor,
            (&looked.visit, &looked.form),
            (answers, signed),
            now(),
        )
        .await;
    let said = match outcome(&state, practice, done).await {
        Ok(Ok(())) => Said::Answered,
        Ok(Err(_)) => Said::NotNow,
        Err(page) => return page,
    };
    Redirect::to(&format!("/p/{practice}/visits?said={}", said.name())).into_response()
}

/// What the fields of a page say, each by its question's kind. What was left blank is no answer.
fn read(form: &Questionnaire, fields: &Fields) -> Answers {
    let mut answers = Answers::new();
    for page in &form.pages {
        let name = [ANSWER, &page.link_id].concat();
        let mut said = (fields.iter())
            .filter(|(known, value)| *known == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned());
        let answer = match &page.answer {
            AnswerKind::Choices { .. } => {
                Some(Answer::Many(said.collect())).filter(|many| *many != Answer::Many(Vec::new()))
            }
            AnswerKind::YesNo => said.next().map(|said| Answer::YesNo(said == "yes")),
            AnswerKind::Number { .. } => said.next().map(|said| Answer::One(said.replace(',', "."))),
            _ => said.next().map(Answer::One),
        };
        if let Some(answer) = answer {
            answers.insert(page.link_id.clone(), answer);
        }
    }
    answers
}

/// One screen: a question, or at the end of a form that is signed, the name. `None` where the first question is meant.
fn ask(
    looked: &Looked,
    fields: &Fields,
    (answers, shown): (&Answers, &[String]),
    page: Option<&Page>,
    fault: Option<FaultCode>,
) -> Response {
    let (lang, form) = (looked.visitor.language, &looked.form);
    let all = form.visible(answers);
    let page = match page {
        Some(page) => Some(page),
        None => all.iter().copied().find(|page| !shown.contains(&page.link_id)),
    };
    let at = page.map_or(all.len(), |page| {
        all.iter()
            .position(|one| one.link_id == page.link_id)
            .unwrap_or(0)
            + 1
    });
    let step = match lang {
        Lang::En => format!("{} · {at} of {}", form.title.get(lang), all.len()),
        Lang::Es => format!("{} · {at} de {}", form.title.get(lang), all.len()),
    };
    let body = html! {
        p.soft { (step) }
        @if let Some(fault) = fault { p.wrong id="fault" role="alert" { (fault.sentence().get(lang)) } }
        form method="post" {
            (carried(answers, shown, page))
            @match page {
                Some(page) => (question(page, answers.get(&page.link_id), fault.is_some(), lang)),
                None => (sign::ask(fields, looked.adult, fault.is_some(), lang)),
            }
            p {}
            button.primary {
                @if page.is_some() { (t("Continue", "Seguir").get(lang)) } @else { (t("Sign and send", "Firmar y enviar").get(lang)) }
            }
        }
        (back(&looked.visitor))
    };
    inside(
        &looked.visitor,
        &looked.name,
        t("Before your visit", "Antes de su cita"),
        &body,
    )
}

/// What was answered on other screens.
fn carried(answers: &Answers, shown: &[String], page: Option<&Page>) -> Markup {
    let link = page.map(|page| page.link_id.as_str());
    html! {
        @for one in shown { input type="hidden" name=(SHOWN) value=(one); }
        @if let Some(link) = link { input type="hidden" name=(NOW) value=(link); }
        @for (name, answer) in answers.iter().filter(|(name, _)| Some(name.as_str()) != link) {
            @let field = [ANSWER, name].concat();
            @match answer {
                Answer::YesNo(yes) => { input type="hidden" name=(field) value=(if *yes { "yes" } else { "no" }); }
                Answer::One(one) => { input type="hidden" name=(field) value=(one); }
                Answer::Many(many) => { @for one in many { input type="hidden" name=(field) value=(one); } }
            }
        }
    }
}

fn question(page: &Page, said: Option<&Answer>, wrong: bool, lang: Lang) -> Markup {
    let name = [ANSWER, &page.link_id].concat();
    let one = match said {
        Some(Answer::One(text)) => text.as_str(),
        _ => "",
    };
    let pick = |kind: &str, code: &str, label: &str| {
        let on = said.is_some_and(|said| said.holds(code));
        html! { label.check { input type=(kind) name=(name) value=(code) checked[on]; (label) } }
    };
    let list = |body: Markup| html! { fieldset aria-describedby=[wrong.then_some("fault")] { legend { (page.question.get(lang)) } (why(page, lang)) (body) } };
    let line =
        |body: Markup| html! { label for="answer" { (page.question.get(lang)) } (why(page, lang)) (body) };
    let invalid = wrong.then_some("true");
    match &page.answer {
        AnswerKind::YesNo => list(html! {
            (pick("radio", "yes", t("Yes", "Sí").get(lang)))
            (pick("radio", "no", "No"))
        }),
        AnswerKind::Choice { options } => list(html! {
            @for option in options { (pick("radio", &option.code, option.label.get(lang))) }
        }),
        AnswerKind::Choices { options } => list(html! {
            @for option in options { (pick("checkbox", &option.code, option.label.get(lang))) }
        }),
        AnswerKind::Scale { from, to, low, high } => list(html! {
            @for place in *from..=(*to).min(from.saturating_add(20)) {
                @let words = if place == *from { low.get(lang) } else if place == *to { high.get(lang) } else { "" };
                (pick("radio", &place.to_string(), &format!("{place} {words}")))
            }
        }),
        AnswerKind::Text => line(html! {
            textarea id="answer" name=(name) rows="4" aria-invalid=[invalid] { (one) }
        }),
        AnswerKind::Number { unit, .. } => line(html! {
            input id="answer" name=(name) inputmode="decimal" value=(one) aria-invalid=[invalid];
            @if let Some(unit) = unit { p.soft { (unit.get(lang)) } }
        }),
        AnswerKind::Date => {
            line(html! { input id="answer" type="date" name=(name) value=(one) aria-invalid=[invalid]; })
        }
    }
}

fn why(page: &Page, lang: Lang) -> Markup {
    html! { @if let Some(why) = &page.why { p.soft { (why.get(lang)) } } }
}
