//! The practice's own forms as one run of questions: each has a number among all of them.

use super::answers::Answers;
use domain::intake::{Answer, Page, Questionnaire};

/// Every question with its number and its form, in the order in which they are asked.
pub fn numbered(forms: &[Questionnaire]) -> impl Iterator<Item = (u8, &Questionnaire, &Page)> {
    let all = forms
        .iter()
        .flat_map(|form| form.pages.iter().map(move |page| (form, page)));
    (0..=u8::MAX).zip(all).map(|(n, (form, page))| (n, form, page))
}

/// One of them.
pub fn nth(forms: &[Questionnaire], number: u8) -> Option<(&Questionnaire, &Page)> {
    let found = numbered(forms).find(|(n, ..)| *n == number);
    found.map(|(_, form, page)| (form, page))
}

/// What was answered to one of them.
pub fn answer<'a>(answers: &'a Answers, form: &Questionnaire, page: &Page) -> Option<&'a Answer> {
    answers.forms.get(&form.slug)?.get(&page.link_id)
}
