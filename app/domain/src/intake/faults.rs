//! Whether a form can be published: what is wrong with it, and where.

use super::check::{day, number};
use super::kind::{AnswerKind, Choice};
use super::questionnaire::*;
use crate::decide::{Refusal, RefusalCode};
use crate::text::Wording;
use crate::validate::{MAX_TEXT, MAX_WORDS};
use std::fmt;

/// Most questions of one form.
pub const MOST_PAGES: usize = 200;
/// Most answers to choose from, and most bands.
pub const MOST_OPTIONS: usize = 60;
/// Most points that one answer counts, up or down.
pub const MOST_POINTS: i32 = 1000;
/// Most steps of a scale: more cannot be touched one by one.
pub const MOST_STEPS: i32 = 20;

/// Where something is wrong. Numbers count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormPlace {
    /// The form itself: "title", "slug", "version", "pages", "scoring", "valid_days".
    Form(&'static str),
    /// A question: "question", "why", "link_id", "show_if", "options", "min", "scale", "unit".
    Page(usize, &'static str),
    /// One of its answers: "code", "label", "score".
    Choice(usize, usize, &'static str),
    /// A band: "from", "label".
    Band(usize, &'static str),
}

impl fmt::Display for FormPlace {
    /// As staff read it: "question 3, answer 2, code".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormPlace::Form(field) => write!(f, "{}", words(field)),
            FormPlace::Page(page, field) => write!(f, "question {}, {}", page + 1, words(field)),
            FormPlace::Choice(page, choice, field) => {
                write!(
                    f,
                    "question {}, answer {}, {}",
                    page + 1,
                    choice + 1,
                    words(field)
                )
            }
            FormPlace::Band(band, field) => write!(f, "band {}, {}", band + 1, words(field)),
        }
    }
}

fn words(field: &str) -> &str {
    match field {
        "slug" => "short name",
        "pages" => "questions",
        "link_id" => "name in the data",
        "show_if" => "only if",
        "options" => "answers",
        "min" => "smallest and largest",
        "valid_days" => "days it stands",
        other => other,
    }
}

/// What is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum FormProblem {
    EnglishMissing,
    SpanishMissing,
    TooLong,
    BadCharacters,
    Missing,
    Twice,
    TooMany,
    NotEarlier,
    NoSuchAnswer,
    Reversed,
    TooWide,
    OutOfRange,
    Overlaps,
    NothingCounts,
    NotNext,
}

impl FormProblem {
    /// What to do, for whoever writes the form.
    pub fn sentence(self) -> &'static str {
        use FormProblem::*;
        match self {
            EnglishMissing => "Write it in English",
            SpanishMissing => "Write it in Spanish",
            TooLong => "This is too long. Use fewer words.",
            BadCharacters => "This has characters that cannot be used here",
            Missing => "This must not be empty",
            Twice => "This is used twice. Choose another.",
            TooMany => "These are too many",
            NotEarlier => "Choose a question that is asked before this one",
            NoSuchAnswer => "Choose an answer that this question has",
            Reversed => "The first must not be more than the last",
            TooWide => "A scale has at most 20 steps",
            OutOfRange => "This number is too large",
            Overlaps => "This begins before the band above it ends",
            NothingCounts => "No answer counts. Give answers a score, or use a scale.",
            NotNext => "Someone published another version meanwhile. Open it and make your changes there.",
        }
    }
}

/// One thing that is wrong with a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormFault {
    /// Where.
    pub at: FormPlace,
    /// What.
    pub why: FormProblem,
}

impl FormFault {
    /// As a refusal, which names the place.
    pub fn into_refusal(self) -> Refusal {
        Refusal::new(RefusalCode::Invalid).with("field", self.at.to_string())
    }
}

/// The faults that are found, in the order in which the form is read.
struct Found(Vec<FormFault>);

impl Found {
    fn add(&mut self, wrong: bool, at: FormPlace, why: FormProblem) {
        if wrong {
            self.0.push(FormFault { at, why });
        }
    }

    fn wording(&mut self, text: &Wording, most: usize, at: FormPlace) {
        self.add(text.en.trim().is_empty(), at, FormProblem::EnglishMissing);
        self.add(text.es.trim().is_empty(), at, FormProblem::SpanishMissing);
        let long = |text: &str| text.chars().count() > most;
        self.add(long(&text.en) || long(&text.es), at, FormProblem::TooLong);
        let odd = |text: &str| text.chars().any(|c| c.is_control() && c != '\n');
        self.add(odd(&text.en) || odd(&text.es), at, FormProblem::BadCharacters);
    }

    /// A name that programs use: not empty, no blanks around it, nothing that cannot be seen.
    fn code(&mut self, code: &str, at: FormPlace) {
        self.add(code.trim().is_empty(), at, FormProblem::Missing);
        let odd = code.trim() != code || code.chars().any(char::is_control);
        self.add(odd && !code.trim().is_empty(), at, FormProblem::BadCharacters);
        self.add(code.chars().count() > MAX_TEXT, at, FormProblem::TooLong);
    }
}

impl Questionnaire {
    /// Everything that is wrong with it by itself. Whether its version comes next is asked when it is published.
    pub fn faults(&self) -> Vec<FormFault> {
        let mut found = Found(Vec::new());
        let form = FormPlace::Form;
        found.wording(&self.title, MAX_TEXT, form("title"));
        found.add(self.slug.is_empty(), form("slug"), FormProblem::Missing);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let odd = !self.slug.chars().all(plain) || self.slug.len() > MAX_TEXT;
        found.add(odd, form("slug"), FormProblem::BadCharacters);
        found.add(self.version == 0, form("version"), FormProblem::Missing);
        found.add(self.pages.is_empty(), form("pages"), FormProblem::Missing);
        found.add(self.pages.len() > MOST_PAGES, form("pages"), FormProblem::TooMany);
        found.add(
            self.valid_days == Some(0),
            form("valid_days"),
            FormProblem::Missing,
        );
        for at in 0..self.pages.len().min(MOST_PAGES) {
            self.page_faults(at, &mut found);
        }
        if let Some(scoring) = &self.scoring {
            let counts = self.pages.iter().any(|page| page.answer.counts());
            found.add(!counts, form("scoring"), FormProblem::NothingCounts);
            scoring.faults(&mut found);
        }
        found.0
    }

    fn page_faults(&self, at: usize, found: &mut Found) {
        let page = &self.pages[at];
        let place = |field| FormPlace::Page(at, field);
        let earlier = &self.pages[..at];
        found.wording(&page.question, MAX_WORDS, place("question"));
        if let Some(why) = &page.why {
            found.wording(why, MAX_WORDS, place("why"));
        }
        found.code(&page.link_id, place("link_id"));
        let twice = earlier.iter().any(|other| other.link_id == page.link_id);
        found.add(twice, place("link_id"), FormProblem::Twice);
        if let Some(condition) = &page.show_if {
            match earlier.iter().find(|other| other.link_id == condition.link_id) {
                None => found.add(true, place("show_if"), FormProblem::NotEarlier),
                Some(other) => condition.is.faults(&other.answer, place("show_if"), found),
            }
        }
        match &page.answer {
            AnswerKind::Choice { options } | AnswerKind::Choices { options } => {
                found.add(options.is_empty(), place("options"), FormProblem::Missing);
                found.add(
                    options.len() > MOST_OPTIONS,
                    place("options"),
                    FormProblem::TooMany,
                );
                for (nth, option) in options.iter().enumerate() {
                    choice_faults(
                        option,
                        &options[..nth],
                        |field| FormPlace::Choice(at, nth, field),
                        found,
                    );
                }
            }
            AnswerKind::Number { min, max, unit } => {
                let reversed = min.zip(*max).is_some_and(|(min, max)| min > max);
                found.add(reversed, place("min"), FormProblem::Reversed);
                if let Some(unit) = unit {
                    found.wording(unit, MAX_TEXT, place("unit"));
                }
            }
            AnswerKind::Scale { from, to, low, high } => {
                found.add(from >= to, place("scale"), FormProblem::Reversed);
                let ends = -MOST_POINTS..=MOST_POINTS;
                let far = !ends.contains(from) || !ends.contains(to);
                found.add(far, place("scale"), FormProblem::OutOfRange);
                let wide = to.saturating_sub(*from) > MOST_STEPS;
                found.add(wide && !far, place("scale"), FormProblem::TooWide);
                found.wording(low, MAX_TEXT, place("scale"));
                found.wording(high, MAX_TEXT, place("scale"));
            }
            AnswerKind::YesNo | AnswerKind::Text | AnswerKind::Date => {}
        }
    }
}

fn choice_faults(
    option: &Choice,
    earlier: &[Choice],
    place: impl Fn(&'static str) -> FormPlace,
    found: &mut Found,
) {
    found.wording(&option.label, MAX_TEXT, place("label"));
    found.code(&option.code, place("code"));
    let twice = earlier.iter().any(|other| other.code == option.code);
    found.add(twice, place("code"), FormProblem::Twice);
    let far = option
        .score
        .is_some_and(|score| !(-MOST_POINTS..=MOST_POINTS).contains(&score));
    found.add(far, place("score"), FormProblem::OutOfRange);
}

impl Wanted {
    /// Whether a question can be answered so.
    fn faults(&self, asked: &AnswerKind, at: FormPlace, found: &mut Found) {
        if let Wanted::Between { at_least, at_most } = self {
            let counted = matches!(asked, AnswerKind::Number { .. } | AnswerKind::Scale { .. });
            let none = at_least.is_none() && at_most.is_none();
            found.add(!counted || none, at, FormProblem::NoSuchAnswer);
            let reversed = at_least.zip(*at_most).is_some_and(|(least, most)| least > most);
            return found.add(reversed, at, FormProblem::Reversed);
        }
        let can_be = |code: &String| match asked {
            AnswerKind::YesNo => code == "yes" || code == "no",
            AnswerKind::Number { .. } => number(code).is_some(),
            AnswerKind::Date => day(code).is_some(),
            AnswerKind::Scale { from, to, .. } => {
                code.parse().is_ok_and(|at: i32| (*from..=*to).contains(&at))
            }
            // In words anything can be said, but nobody says it in the same words.
            AnswerKind::Text => false,
            AnswerKind::Choice { options } | AnswerKind::Choices { options } => {
                options.iter().any(|option| option.code == *code)
            }
        };
        let codes = self.codes();
        let sound = !codes.is_empty() && codes.iter().all(can_be);
        found.add(!sound, at, FormProblem::NoSuchAnswer);
    }
}

impl Scoring {
    fn faults(&self, found: &mut Found) {
        found.add(
            self.bands.len() > MOST_OPTIONS,
            FormPlace::Form("scoring"),
            FormProblem::TooMany,
        );
        for (at, band) in self.bands.iter().enumerate() {
            let place = |field| FormPlace::Band(at, field);
            found.wording(&band.label, MAX_TEXT, place("label"));
            found.add(band.from > band.to, place("from"), FormProblem::Reversed);
            let overlaps = at > 0 && self.bands[at - 1].to >= band.from;
            found.add(overlaps, place("from"), FormProblem::Overlaps);
        }
    }
}
