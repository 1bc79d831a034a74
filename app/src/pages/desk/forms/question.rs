//! One question while it is written.

use super::draft::{Both, FormDraft};
use domain::intake::check::number;
use domain::intake::questionnaire::Choice;
use domain::intake::{AnswerKind, Page, ShowIf, Wanted};
use domain::text::Wording;
use leptos::prelude::*;
use ui::Problem;

/// The kinds of answers, by their keys on the page.
pub const KINDS: [(&str, &str); 7] = [
    ("yes_no", "Yes or no"),
    ("choice", "One of a list"),
    ("choices", "Any of a list"),
    ("scale", "A scale"),
    ("number", "A number"),
    ("date", "A day"),
    ("text", "In words"),
];

/// One answer to choose, while it is written.
#[derive(Clone, Copy)]
pub struct OptionDraft {
    /// Tells it from the others.
    pub key: u32,
    /// Stays the same in every version.
    pub code: RwSignal<String>,
    /// What it says.
    pub label: Both,
    /// What it counts, as typed.
    pub score: RwSignal<String>,
    /// For a practitioner.
    pub attention: RwSignal<bool>,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct QuestionDraft {
    /// Tells it from the others.
    pub key: u32,
    /// Same in every version.
    pub link_id: RwSignal<String>,
    /// The question.
    pub question: Both,
    /// Why it is asked.
    pub why: Both,
    /// One of [`KINDS`].
    pub kind: RwSignal<String>,
    /// May not be skipped.
    pub required: RwSignal<bool>,
    /// Answers to choose.
    pub options: RwSignal<Vec<OptionDraft>>,
    /// Smallest number, or the lower end of the scale, as typed.
    pub from: RwSignal<String>,
    /// Largest number, or the upper end.
    pub to: RwSignal<String>,
    /// What is counted.
    pub unit: Both,
    /// What the lower end means.
    pub low: Both,
    /// What the upper end means.
    pub high: Both,
    /// Asked only after this question; empty for always.
    pub after: RwSignal<String>,
    /// With one of these answers there.
    pub after_codes: RwSignal<Vec<String>>,
    /// Or with at least so much, as typed.
    pub after_least: RwSignal<String>,
    /// And at most so much.
    pub after_most: RwSignal<String>,
}

fn text(known: Option<impl ToString>) -> RwSignal<String> {
    RwSignal::new(known.map(|known| known.to_string()).unwrap_or_default())
}

impl QuestionDraft {
    /// From a page.
    pub fn new(draft: FormDraft, page: &Page) -> QuestionDraft {
        let nothing = Wording::default();
        let (kind, from, to) = match &page.answer {
            AnswerKind::YesNo => ("yes_no", None, None),
            AnswerKind::Choice { .. } => ("choice", None, None),
            AnswerKind::Choices { .. } => ("choices", None, None),
            AnswerKind::Text => ("text", None, None),
            AnswerKind::Date => ("date", None, None),
            AnswerKind::Number { min, max, .. } => (
                "number",
                min.map(|min| min.to_string()),
                max.map(|max| max.to_string()),
            ),
            AnswerKind::Scale { from, to, .. } => ("scale", Some(from.to_string()), Some(to.to_string())),
        };
        let (low, high) = match &page.answer {
            AnswerKind::Scale { low, high, .. } => (low, high),
            _ => (&nothing, &nothing),
        };
        let unit = match &page.answer {
            AnswerKind::Number { unit: Some(unit), .. } => unit,
            _ => &nothing,
        };
        let wanted = page.show_if.as_ref().map(|condition| &condition.is);
        let (least, most) = match wanted {
            Some(Wanted::Between { at_least, at_most }) => (*at_least, *at_most),
            _ => (None, None),
        };
        let options = page.answer.options().iter();
        QuestionDraft {
            key: draft.key(),
            link_id: RwSignal::new(page.link_id.clone()),
            question: Both::new(&page.question),
            why: Both::new(page.why.as_ref().unwrap_or(&nothing)),
            kind: RwSignal::new(kind.to_owned()),
            required: RwSignal::new(page.required),
            options: RwSignal::new(options.map(|option| OptionDraft::new(draft, option)).collect()),
            from: text(from),
            to: text(to),
            unit: Both::new(unit),
            low: Both::new(low),
            high: Both::new(high),
            after: text(page.show_if.as_ref().map(|condition| condition.link_id.clone())),
            after_codes: RwSignal::new(wanted.map(|wanted| wanted.codes().to_vec()).unwrap_or_default()),
            after_least: text(least),
            after_most: text(most),
        }
    }

    /// One answer more to choose; its key.
    pub fn add_option(self, draft: FormDraft) -> u32 {
        let taken = self.options.with_untracked(|all| {
            let codes = all.iter().map(|one| one.code.get_untracked());
            codes.collect::<Vec<_>>()
        });
        let free = (taken.len() + 1..)
            .map(|n| format!("a{n}"))
            .find(|code| !taken.contains(code));
        let blank = Choice {
            code: free.unwrap_or_default(),
            ..Choice::default()
        };
        let option = draft.with_owner(|| OptionDraft::new(draft, &blank));
        self.options.update(|all| all.push(option));
        option.key
    }

    /// The id of one of its fields.
    pub fn id(self, field: &str) -> String {
        format!("q{}-{field}", self.key)
    }

    /// How it is answered; what is not sound yet is left as near as it can be.
    pub fn answer(self, wrong: &mut Vec<Problem>) -> AnswerKind {
        let options = |wrong: &mut Vec<Problem>| {
            let all = self.options.get().into_iter();
            all.map(|option| option.read(wrong)).collect::<Vec<_>>()
        };
        match self.kind.get().as_str() {
            "choice" => AnswerKind::Choice {
                options: options(wrong),
            },
            "choices" => AnswerKind::Choices {
                options: options(wrong),
            },
            "number" => {
                let mut bound = |typed: RwSignal<String>, id: &str| {
                    let typed = typed.with(|typed| typed.trim().replace(',', "."));
                    let read = number(&typed);
                    if read.is_none() && !typed.is_empty() {
                        wrong.push(Problem::new(self.id(id), "Enter a number, or nothing"));
                    }
                    read
                };
                AnswerKind::Number {
                    min: bound(self.from, "min"),
                    max: bound(self.to, "max"),
                    unit: self.unit.maybe(),
                }
            }
            "scale" => {
                let mut end = |typed: RwSignal<String>, id: &str| {
                    typed.with(|typed| typed.trim().parse()).unwrap_or_else(|_| {
                        wrong.push(Problem::new(self.id(id), "Enter a whole number"));
                        0
                    })
                };
                AnswerKind::Scale {
                    from: end(self.from, "scale"),
                    to: end(self.to, "max"),
                    low: self.low.read(),
                    high: self.high.read(),
                }
            }
            "date" => AnswerKind::Date,
            "text" => AnswerKind::Text,
            _ => AnswerKind::YesNo,
        }
    }

    /// The page as it stands, and what could not be read.
    pub fn read(self, wrong: &mut Vec<Problem>) -> Page {
        Page {
            link_id: self.link_id.get().trim().to_owned(),
            question: self.question.read(),
            why: self.why.maybe(),
            answer: self.answer(wrong),
            show_if: self.condition(wrong),
            required: self.required.get(),
        }
    }

    fn condition(self, wrong: &mut Vec<Problem>) -> Option<ShowIf> {
        let link_id = Some(self.after.get()).filter(|after| !after.is_empty())?;
        let mut bound = |typed: RwSignal<String>| {
            let typed = typed.with(|typed| typed.trim().replace(',', "."));
            let read = number(&typed);
            if read.is_none() && !typed.is_empty() {
                wrong.push(Problem::new(self.id("show_if"), "Enter a number, or nothing"));
            }
            read
        };
        let (at_least, at_most) = (bound(self.after_least), bound(self.after_most));
        let mut codes = self.after_codes.get();
        let is = match codes.len() {
            0 => Wanted::Between { at_least, at_most },
            1 => Wanted::One(codes.remove(0)),
            _ => Wanted::Any(codes),
        };
        Some(ShowIf { link_id, is })
    }
}

impl OptionDraft {
    fn new(draft: FormDraft, option: &Choice) -> OptionDraft {
        OptionDraft {
            key: draft.key(),
            code: RwSignal::new(option.code.clone()),
            label: Both::new(&option.label),
            score: text(option.score),
            attention: RwSignal::new(option.attention),
        }
    }

    /// The id of one of its fields.
    pub fn id(self, field: &str) -> String {
        format!("a{}-{field}", self.key)
    }

    fn read(self, wrong: &mut Vec<Problem>) -> Choice {
        let typed = self.score.with(|score| score.trim().to_owned());
        let score = typed.parse::<i32>().ok();
        if score.is_none() && !typed.is_empty() {
            wrong.push(Problem::new(self.id("score"), "Enter a whole number, or nothing"));
        }
        Choice {
            code: self.code.get().trim().to_owned(),
            label: self.label.read(),
            score,
            attention: self.attention.get(),
        }
    }
}
