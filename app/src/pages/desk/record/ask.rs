//! A form that staff ask a patient: by phone, at the desk, in the room.

use super::answers::{all, score_words};
use super::card::Card;
use crate::pages::desk::answering::{AnswerFields, all_forms, form_of, missing_forms, problems};
use crate::pages::desk::booking::visit_type;
use crate::pages::desk::form::Problems;
use crate::pages::desk::when::{day, local};
use crate::routes::path;
use crate::shell::staff::context::{Desk, use_desk};
use crate::state::Engine;
use domain::command::Command;
use domain::id::{AppointmentId, PatientId, QuestionnaireId, QuestionnaireResponseId};
use domain::intake::questionnaire::{Answers, newest};
use domain::intake::{AnswerQuestionnaire, Questionnaire, Signature, SignerRelationship};
use domain::patients::Patient;
use domain::row::{Entity, Key, Row};
use domain::schedule::Appointment;
use domain::text::Lang;
use leptos::prelude::*;
use ui::{CheckField, Dialog, Field, Icon, Problem, ProblemSummary, Segmented, SelectField};

/// Visits that are still open, the next first.
fn visits(engine: &Engine, id: PatientId) -> Vec<Appointment> {
    let rows = engine.get(Key::OfPatient(Entity::Appointment, id)).into_iter();
    let mut all: Vec<Appointment> = rows
        .filter_map(|row| match row {
            Row::Appointment(visit) if visit.state.is_open() => Some(visit),
            _ => None,
        })
        .collect();
    all.sort_by_key(|visit| visit.start_at);
    all
}

/// "Mar 3, 2026, Annual physical"
fn visit_words(engine: &Engine, visit: &Appointment) -> String {
    let kind = visit_type(engine, visit.visit_type_id).map(|kind| format!(", {}", kind.name));
    format!("{}{}", day(visit.wall.date()), kind.unwrap_or_default())
}

/// What the next visits ask and was not answered, in words. Where answers are not held, nobody can say what is missing.
fn due(desk: Desk, engine: &Engine, id: PatientId) -> Vec<String> {
    let today = local(engine, desk.now.get_untracked()).date();
    let open = visits(engine, id).into_iter();
    open.filter_map(|visit| {
        let missing = missing_forms(engine, &visit, today)?;
        (!missing.is_empty()).then(|| format!("{}: {}", visit_words(engine, &visit), missing.join(", ")))
    })
    .collect()
}

/// The card with the button.
#[component]
pub fn FormsCard(id: PatientId, patient: Signal<Option<Patient>>) -> impl IntoView {
    let desk = use_desk();
    let holds = desk.holds(Entity::QuestionnaireResponse);
    let open = RwSignal::new(false);
    let waits = desk.live(move |engine| if holds { due(desk, engine, id) } else { Vec::new() });
    let act = ViewFn::from(move || {
        view! { <button type="button" class="btn s" id="ask-form" on:click=move |_| open.set(true)><Icon name="form" small=true />"Ask a form"</button> }
    });
    view! {
        <Card id="card-forms" title="Forms" act>
            {(!holds).then(|| view! { <p class="in soft small">"What is answered goes to the nurse and the practitioner; it is not shown here."</p> })}
            <Show when=move || holds && waits.with(Vec::is_empty)>
                <p class="in soft small">"No visit waits for answers."</p>
            </Show>
            <ul class="in" id="forms-due">{move || waits.get().into_iter().map(|words| view! { <li>"Not answered yet for "{words}</li> }).collect_view()}</ul>
            <Dialog open title="Ask a form" close="Close" large=true>
                <Ask id patient open />
            </Dialog>
        </Card>
    }
}

#[component]
fn Ask(id: PatientId, patient: Signal<Option<Patient>>, open: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let engine = desk.engine();
    let known = all_forms(&engine);
    let mut forms: Vec<(String, String)> = newest(&known)
        .into_iter()
        .filter(|form| !form.retired)
        .map(|form| (form.id.to_string(), form.title.get(Lang::En).to_owned()))
        .collect();
    forms.sort_by(|a, b| a.1.cmp(&b.1));
    let open_visits = visits(&engine, id);
    let first = open_visits.first().map(|visit| visit.id.to_string());
    let open_visits: Vec<(String, String)> = open_visits
        .iter()
        .map(|visit| (visit.id.to_string(), visit_words(&engine, visit)))
        .collect();
    let spoken = patient.with_untracked(|one| one.as_ref().map(|one| Lang::from_tag(&one.language)));
    let lang = RwSignal::new(spoken.unwrap_or_default().tag().to_owned());
    let (which, visit) = (
        RwSignal::new(String::new()),
        RwSignal::new(first.unwrap_or_default()),
    );
    let languages = vec![
        ("en".to_owned(), "English".to_owned()),
        ("es".to_owned(), "Español".to_owned()),
    ];
    let form = Memo::new(move |_| {
        let id: QuestionnaireId = which.with(|which| which.parse().ok())?;
        form_of(&desk.engine(), id)
    });
    let begun = move || {
        form.get()
            .map(|form| view! { <Answering id form lang visit open /> })
    };
    view! {
        <div class="form">
            <div class="cols">
                <SelectField id="ask-which" label="Form" value=which choose="Choose" options=Signal::stored(forms) />
                <SelectField id="ask-visit" label="For the visit" value=visit choose="None" options=Signal::stored(open_visits) />
            </div>
            <Segmented name="ask-lang" legend="Language" value=lang options=Signal::stored(languages) />
            <p class="small"><a href=path::FORMS>"All forms"</a></p>
        </div>
        {begun}
    }
}

#[component]
fn Answering(
    id: PatientId,
    form: Questionnaire,
    lang: RwSignal<String>,
    visit: RwSignal<String>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let desk = use_desk();
    let answers = RwSignal::new(Answers::new());
    let found = Problems::new();
    let busy = RwSignal::new(false);
    let (name, other) = (RwSignal::new(String::new()), RwSignal::new(false));
    let signed = form.signature_required;
    let asked = form.clone();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let said = answers.get_untracked();
        let mut wrong = problems(&asked, &asked.check(&said));
        let typed_name = name.with_untracked(|name| name.trim().to_owned());
        if signed && typed_name.is_empty() {
            wrong.push(Problem::new("ask-name", "Enter the full name of whoever signs"));
        }
        if !found.show(wrong) {
            return;
        }
        busy.set(true);
        let relationship = match other.get_untracked() {
            true => SignerRelationship::Representative,
            false => SignerRelationship::Patient,
        };
        let response_id = QuestionnaireResponseId(desk.engine().new_id());
        let command = AnswerQuestionnaire {
            response_id,
            patient_id: id,
            appointment_id: visit.with_untracked(|visit| visit.parse().ok().map(|id: AppointmentId| id)),
            questionnaire_id: asked.id,
            answers: said,
            language: lang.with_untracked(|lang| Lang::from_tag(lang)),
            signature: signed.then_some(Signature {
                strokes: Vec::new(),
                typed_name,
                relationship,
            }),
        };
        let what = format!("Answers to “{}”", asked.title.get(Lang::En));
        desk.submit(what, Command::AnswerQuestionnaire(command), move |done| {
            let _left = busy.try_set(false);
            match done {
                Ok(_) => {
                    if desk.holds(Entity::QuestionnaireResponse) {
                        tell(desk, id, response_id);
                    }
                    let _left = open.try_set(false);
                }
                Err(why) => drop(found.show(vec![Problem::new("ask-which", why)])),
            }
        });
    };
    let spoken = Signal::derive(move || Lang::from_tag(&lang.get()));
    let title = form.title.clone();
    view! {
        <form class="form" novalidate on:submit=save>
            <ProblemSummary title="There is a problem" problems=found.list attempt=found.attempt />
            <h3>{move || title.get(spoken.get()).to_owned()}</h3>
            <AnswerFields form lang=spoken answers wrong=found.list />
            {signed.then(|| view! {
                <Field id="ask-name" label="Signed by, full name" hint="As whoever answers says it, or signs it on paper" value=name fault=found.at("ask-name") autocapitalize="words" />
                <CheckField id="ask-other" label="They sign for the patient" value=other />
            })}
            <div class="ends"><button type="submit" class="btn primary" id="ask-save">"Save"</button></div>
        </form>
    }
}

/// Says what the answers add up to, to whoever may know.
fn tell(desk: Desk, id: PatientId, response: QuestionnaireResponseId) {
    let all = all(&desk.engine(), id);
    let Some((kept, _)) = all.iter().find(|(one, _)| one.id == response) else {
        return;
    };
    let mark = if kept.attention {
        " Needs a practitioner."
    } else {
        ""
    };
    if let Some(words) = score_words(kept) {
        desk.say(format!("Score {words}.{mark}"));
    } else if kept.attention {
        desk.say(mark.trim());
    }
}
