//! Whether answers are what a form asks for, and what they add up to. The same on a kiosk, at a desk and on the server.

use super::kind::AnswerKind;
use super::questionnaire::*;
use super::{HistoryAnswers, Signature};
use crate::decide::{Refusal, RefusalCode};
use crate::validate::{Fault, FaultCode, Faults, MAX_WORDS};
use chrono::NaiveDate;
use rust_decimal::Decimal;

impl AnswerKind {
    /// What is wrong with an answer of this kind; nothing when it is sound.
    pub fn fault(&self, answer: &Answer) -> Option<FaultCode> {
        let known = |code: &String| self.options().iter().any(|option| option.code == *code);
        let wrong = match (self, answer) {
            (AnswerKind::YesNo, Answer::YesNo(_)) => return None,
            (AnswerKind::Text, Answer::One(text)) => (text.chars().count() > MAX_WORDS, FaultCode::TooLong),
            (AnswerKind::Choice { .. }, Answer::One(code)) => (!known(code), FaultCode::AnswerUnknown),
            (AnswerKind::Choices { .. }, Answer::Many(codes)) => {
                let twice = (1..codes.len()).any(|at| codes[..at].contains(&codes[at]));
                (twice || !codes.iter().all(known), FaultCode::AnswerUnknown)
            }
            (AnswerKind::Number { min, max, .. }, Answer::One(text)) => match number(text) {
                None => (true, FaultCode::NumberWrong),
                Some(number) => {
                    let low = min.is_some_and(|least| number < least);
                    let high = max.is_some_and(|most| number > most);
                    (low || high, FaultCode::NumberOutOfRange)
                }
            },
            (AnswerKind::Date, Answer::One(text)) => (day(text).is_none(), FaultCode::NotADate),
            (AnswerKind::Scale { from, to, .. }, Answer::One(text)) => {
                let place: Option<i32> = text.parse().ok();
                let within = place.is_some_and(|place| (*from..=*to).contains(&place));
                (!within, FaultCode::AnswerUnknown)
            }
            _ => (true, FaultCode::AnswerUnknown),
        };
        wrong.0.then_some(wrong.1)
    }
}

/// A number as answers hold it: digits with at most one point, no exponent.
pub fn number(text: &str) -> Option<Decimal> {
    let plain = !text.is_empty() && text.len() <= 24 && !text.starts_with('+');
    plain.then(|| text.parse().ok()).flatten()
}

/// A day as answers hold it: ISO 8601.
pub fn day(text: &str) -> Option<NaiveDate> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

/// Whether something was said at all.
fn said(answer: Option<&Answer>) -> bool {
    match answer {
        None => false,
        Some(Answer::YesNo(_)) => true,
        Some(Answer::One(text)) => !text.trim().is_empty(),
        Some(Answer::Many(codes)) => !codes.is_empty(),
    }
}

impl Questionnaire {
    /// The pages that are shown, may not be skipped, and were.
    pub fn missing(&self, answers: &Answers) -> Vec<&Page> {
        let shown = self.visible(answers).into_iter();
        shown
            .filter(|page| page.required && !said(answers.get(&page.link_id)))
            .collect()
    }

    /// Everything that is wrong with answers: a page that may not be skipped and was, and what is not an answer to its
    /// question. The field is the page's link id. What was said to hidden pages is no fault; it is dropped, see
    /// [`Questionnaire::relevant`].
    pub fn check(&self, answers: &Answers) -> Faults {
        let missing = self.missing(answers);
        let of_page = |page: &Page| {
            let code = match answers.get(&page.link_id) {
                _ if missing.iter().any(|one| one.link_id == page.link_id) => FaultCode::AnswerMissing,
                answer if said(answer) => answer.and_then(|answer| page.answer.fault(answer))?,
                _ => return None,
            };
            Some(Fault {
                field: page.link_id.clone(),
                code,
            })
        };
        Faults(self.visible(answers).into_iter().filter_map(of_page).collect())
    }

    /// What answers add up to; nothing when the form does not count, or when nothing that counts was answered.
    pub fn score(&self, answers: &Answers) -> Option<Score> {
        let scoring = self.scoring.as_ref()?;
        let shown = self.visible(answers).into_iter();
        let mut counted = shown
            .filter_map(|page| page.answer.points(answers.get(&page.link_id)?))
            .peekable();
        counted.peek()?;
        let total = counted.fold(0_i32, i32::saturating_add);
        let band = scoring.band(total).map(|band| band.label.clone());
        Some(Score { total, band })
    }

    /// Whether a practitioner should look at answers: by what they add up to, or by one of them.
    pub fn wants_attention(&self, answers: &Answers) -> bool {
        let total = self.score(answers).map(|score| score.total);
        let band = self
            .scoring
            .as_ref()
            .zip(total)
            .and_then(|(scoring, total)| scoring.band(total));
        let chosen = |page: &&Page| {
            let answer = answers.get(&page.link_id);
            let marked = page.answer.options().iter().filter(|option| option.attention);
            answer.is_some_and(|answer| marked.into_iter().any(|option| answer.holds(&option.code)))
        };
        band.is_some_and(|band| band.attention) || self.visible(answers).iter().any(chosen)
    }

    /// What is kept of answers that may be kept: sound, signed where that is asked, without what belongs to hidden
    /// pages and without blanks.
    pub(super) fn taken(&self, answers: &Answers, signature: Option<&Signature>) -> Result<Answers, Refusal> {
        self.check(answers).into_refusal()?;
        let signed = signature.is_some_and(|signature| !signature.typed_name.trim().is_empty());
        if self.signature_required && !signed {
            return Err(Refusal::new(RefusalCode::Invalid)
                .with("field", "signature")
                .with("fault", FaultCode::SignatureMissing.name()));
        }
        let mut kept = self.relevant(answers);
        kept.retain(|_, answer| said(Some(answer)));
        Ok(kept)
    }

    /// A response to this version, but for whose it is and where it came from.
    pub(super) fn response(
        &self,
        said: &HistoryAnswers,
        blank: QuestionnaireResponse,
    ) -> Result<QuestionnaireResponse, Refusal> {
        let answers = self.taken(&said.answers, said.signature.as_ref())?;
        Ok(QuestionnaireResponse {
            score: self.score(&answers),
            attention: self.wants_attention(&answers),
            answers,
            ..blank
        })
    }
}

impl AnswerKind {
    /// What an answer adds to the sum; nothing when it does not count.
    fn points(&self, answer: &Answer) -> Option<i32> {
        match (self, answer) {
            (AnswerKind::Scale { .. }, Answer::One(text)) => text.parse().ok(),
            _ => {
                let chosen = self.options().iter().filter(|option| answer.holds(&option.code));
                let mut scores = chosen.filter_map(|option| option.score).peekable();
                scores.peek()?;
                Some(scores.fold(0, i32::saturating_add))
            }
        }
    }
}

impl Scoring {
    /// What a sum means.
    pub fn band(&self, total: i32) -> Option<&Band> {
        self.bands
            .iter()
            .find(|band| (band.from..=band.to).contains(&total))
    }
}
