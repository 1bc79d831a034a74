//! What a patient answered to the practice's forms, with the questions as they were asked.

use crate::pages::desk::answering::{answer_words, form_of};
use crate::pages::desk::signature::Signature;
use crate::pages::desk::when::moment;
use crate::shell::staff::context::use_desk;
use crate::state::Engine;
use domain::id::PatientId;
use domain::intake::{Answer, Questionnaire, QuestionnaireResponse};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;
use ui::{Chip, Tone};

/// Answers, and what was asked, when this device knows it.
type Said = (QuestionnaireResponse, Option<Questionnaire>);

/// All of one patient's, the newest first.
pub fn all(engine: &Engine, id: PatientId) -> Vec<Said> {
    let rows = engine
        .get(Key::OfPatient(Entity::QuestionnaireResponse, id))
        .into_iter();
    let mut found: Vec<Said> = rows
        .filter_map(|row| match row {
            Row::QuestionnaireResponse(response) => Some(response),
            _ => None,
        })
        .map(|response| {
            let asked = form_of(engine, response.questionnaire_id);
            (response, asked)
        })
        .collect();
    found.sort_by_key(|(response, _)| std::cmp::Reverse((response.authored_at, response.id)));
    found
}

/// "12: moderate", and nothing where the form does not count.
pub fn score_words(response: &QuestionnaireResponse) -> Option<String> {
    let score = response.score.as_ref()?;
    let band = score
        .band
        .as_ref()
        .map(|band| format!(": {}", band.get(Lang::En)));
    Some(format!("{}{}", score.total, band.unwrap_or_default()))
}

/// The section of the card.
#[component]
pub fn Answered(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let found = desk.live(move |engine| all(engine, id));
    let one = move |(response, asked): Said| {
        let title = asked.as_ref().map_or_else(
            || "A form that is not on this device".to_owned(),
            |asked| format!("{}, version {}", asked.title.get(Lang::En), asked.version),
        );
        let by = response.authored_by.as_ref().map(|by| format!(", {by}"));
        let facts = format!(
            "{}{}",
            moment(&desk.engine(), response.authored_at),
            by.unwrap_or_else(|| ", at check-in".to_owned())
        );
        let score =
            score_words(&response).map(|words| view! { <b data-score>{format!("Score {words}")}</b> });
        let mark = response
            .attention
            .then(|| view! { <Chip kind=Tone::Stop icon="alert" label="Needs a practitioner" /> });
        let lines: Vec<(String, String)> = match &asked {
            Some(asked) => {
                let answered = asked
                    .pages
                    .iter()
                    .filter_map(|page| Some((page, response.answers.get(&page.link_id)?)));
                answered
                    .map(|(page, answer)| {
                        (
                            page.question.get(Lang::En).to_owned(),
                            answer_words(Some(page), answer),
                        )
                    })
                    .collect()
            }
            None => {
                let plain = |(link, answer): (&String, &Answer)| (link.clone(), answer_words(None, answer));
                response.answers.iter().map(plain).collect()
            }
        };
        let lines = lines
            .into_iter()
            .map(|(question, answer)| view! { <dt>{question}</dt><dd>{answer}</dd> });
        view! {
            <li data-response=response.id.to_string()>
                <details>
                    <summary><span>{title}<small>{facts}</small></span>" "{score}" "{mark}</summary>
                    <dl class="kv start">{lines.collect_view()}</dl>
                    {response.signature.map(|signed| view! { <Signature signed /> })}
                </details>
            </li>
        }
    };
    view! {
        <Show when=move || found.with(|all| !all.is_empty())>
            <h3 class="in">"Answers to forms"</h3>
            // What somebody has opened stays open when another answer comes.
            <ul class="in answered" id="answered">
                <For each=move || found.get() key=|(response, asked)| (response.id.0, asked.is_some()) children=one />
            </ul>
        </Show>
    }
}
