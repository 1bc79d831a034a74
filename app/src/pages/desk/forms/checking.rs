//! What is wrong with a draft, each at its field, and what it changes.

use super::draft::FormDraft;
use crate::pages::desk::form::Problems;
use domain::intake::{FormFault, FormPlace, FormProblem, Questionnaire};
use leptos::prelude::*;
use ui::Problem;

/// The sentence at a field.
pub fn at(problems: Problems, id: String) -> MaybeProp<String> {
    MaybeProp::derive(move || {
        problems
            .list
            .with(|all| all.iter().find(|one| one.field == id).map(|one| one.text.clone()))
    })
}

/// The faults of a form as problems at the draft's fields.
pub fn problems(draft: FormDraft, faults: &[FormFault]) -> Vec<Problem> {
    let questions = draft.questions.get_untracked();
    let bands = draft.bands.get_untracked();
    let id = |fault: &FormFault| {
        let id = match fault.at {
            FormPlace::Form("valid_days") => "form-days".to_owned(),
            FormPlace::Form(field) => format!("form-{field}"),
            FormPlace::Page(at, field) => questions.get(at).map(|one| one.id(field))?,
            FormPlace::Choice(at, nth, field) => {
                let options = questions.get(at)?.options.get_untracked();
                options.get(nth).map(|one| one.id(field))?
            }
            FormPlace::Band(at, field) => bands.get(at).map(|band| format!("band{}-{field}", band.key))?,
        };
        let spanish = fault.why == FormProblem::SpanishMissing;
        Some(if spanish { format!("{id}-es") } else { id })
    };
    let sentence = |fault: &FormFault| {
        let place = fault.at.to_string();
        let first = place.chars().next().map(|c| c.to_uppercase().to_string());
        format!(
            "{}{}: {}",
            first.unwrap_or_default(),
            &place[1..],
            fault.why.sentence()
        )
    };
    let each = faults
        .iter()
        .filter_map(|fault| Some(Problem::new(id(fault)?, sentence(fault))));
    each.collect()
}

/// What a version changes, for whoever is about to publish it.
pub fn changes(before: &Questionnaire, after: &Questionnaire) -> Vec<String> {
    let mut found = Vec::new();
    let mut say = |changed: bool, what: &str| {
        if changed {
            found.push(what.to_owned());
        }
    };
    say(before.title != after.title, "The title");
    say(before.scoring != after.scoring, "How answers are summed up");
    say(
        before.signature_required != after.signature_required,
        "Whether it is signed",
    );
    say(before.audience != after.audience, "Who is asked");
    say(before.valid_days != after.valid_days, "How long answers stand");
    say(before.retired, "It is asked again");
    let places = |form: &Questionnaire, other: &Questionnaire| {
        let ids = form.pages.iter().map(|page| page.link_id.clone());
        ids.filter(|id| other.page(id).is_some()).collect::<Vec<_>>()
    };
    say(
        places(before, after) != places(after, before),
        "The order of the questions",
    );
    for page in &after.pages {
        let question = &page.question.en;
        match before.page(&page.link_id) {
            None => found.push(format!("New: “{question}”")),
            Some(known) if known != page => found.push(format!("Changed: “{question}”")),
            Some(_) => {}
        }
    }
    let gone = before
        .pages
        .iter()
        .filter(|page| after.page(&page.link_id).is_none());
    found.extend(gone.map(|page| format!("No longer asked: “{}”", page.question.en)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::intake::questionnaire::Audience;
    use domain::intake::{AnswerKind, Page};
    use domain::text::Wording;

    fn form(ids: &[&str]) -> Questionnaire {
        let page = |id: &&str| Page {
            link_id: (*id).to_owned(),
            question: Wording::new(*id, *id),
            why: None,
            answer: AnswerKind::YesNo,
            show_if: None,
            required: true,
        };
        Questionnaire {
            id: Questionnaire::id_of("any", 1),
            slug: "any".into(),
            version: 1,
            replaces_id: None,
            title: Wording::new("Any", "Algo"),
            pages: ids.iter().map(page).collect(),
            scoring: None,
            signature_required: false,
            audience: Audience::Visit,
            valid_days: None,
            retired: false,
            published_at: Default::default(),
        }
    }

    #[test]
    fn a_version_says_what_it_changes() {
        assert_eq!(changes(&form(&["a", "b"]), &form(&["a", "b"])), [""; 0]);
        let mut after = form(&["b", "a", "d"]);
        after.pages[1].required = false;
        after.signature_required = true;
        assert_eq!(
            changes(&form(&["a", "b", "c"]), &after),
            [
                "Whether it is signed",
                "The order of the questions",
                "Changed: “a”",
                "New: “d”",
                "No longer asked: “c”"
            ]
        );
    }
}
