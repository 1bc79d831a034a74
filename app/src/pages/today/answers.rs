//! What a patient answered about their health, with the questions as they were asked.

use crate::pages::desk::answering::{answer_words, form_of};
use crate::shell::staff::context::{Desk, use_desk};
use domain::id::PatientId;
use domain::intake::{Answer, Questionnaire, QuestionnaireResponse};
use domain::row::{Entity, Key, Row};
use domain::text::Lang;
use leptos::prelude::*;

/// The newest answers and what was asked.
fn latest(desk: Desk, id: PatientId) -> Memo<Option<(QuestionnaireResponse, Option<Questionnaire>)>> {
    desk.live(move |engine| {
        let responses = engine
            .get(Key::OfPatient(Entity::QuestionnaireResponse, id))
            .into_iter();
        let newest = responses
            .filter_map(|row| match row {
                Row::QuestionnaireResponse(response) => Some(response),
                _ => None,
            })
            .max_by_key(|response| response.authored_at)?;
        let asked = form_of(engine, newest.questionnaire_id);
        Some((newest, asked))
    })
}

/// The section.
#[component]
pub fn Answers(id: PatientId) -> impl IntoView {
    let desk = use_desk();
    let found = latest(desk, id);
    let rows = move || {
        let (response, asked) = found.get()?;
        let shown = match &asked {
            Some(asked) => asked
                .visible(&response.answers)
                .into_iter()
                .filter_map(|page| {
                    let answer = response.answers.get(&page.link_id)?;
                    let question = page.question.get(Lang::En).to_owned();
                    Some((page.link_id.clone(), question, answer_words(Some(page), answer)))
                })
                .collect::<Vec<_>>(),
            None => {
                let plain = |(link, answer): (&String, &Answer)| {
                    (link.clone(), link.clone(), answer_words(None, answer))
                };
                response.answers.iter().map(plain).collect()
            }
        };
        let each = shown.into_iter().map(|(link, question, answer)| {
            view! {
                <li class="answer" data-answer=link><p class="soft small">{question}</p><p>{answer}</p></li>
            }
        });
        Some(each.collect_view())
    };
    view! {
        <Show when=move || found.with(Option::is_some)>
            <section aria-labelledby="answers">
                <div class="sec"><h2 id="answers">"What they answered"</h2></div>
                <ul class="rows">{rows}</ul>
            </section>
        </Show>
    }
}
