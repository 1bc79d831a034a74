//! Finding a patient among those this device holds: names in any order, date of birth, phone, record number;
//! accents, capitals and small slips forgiven. In memory, so it works offline.

use super::Patient;
use crate::id::PatientId;
use crate::text::{digits, fold, phone_digits};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What search knows of one patient.
struct Entry {
    names: Vec<Word>,
    birth_on: NaiveDate,
    phones: Vec<String>,
    mrn: String,
    sort: String,
}

/// A folded name, with a set of its letters for quick refusal.
struct Word {
    text: String,
    letters: u64,
}

impl Word {
    fn new(text: &str) -> Word {
        Word {
            text: text.to_owned(),
            letters: letters(text),
        }
    }
}

/// One bit for each letter that occurs, so that hopeless comparisons cost one instruction.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |set, b| set | 1 << (b & 63))
}

/// The patients that this device holds.
#[derive(Default)]
pub struct PatientIndex {
    entries: HashMap<PatientId, Entry>,
}

/// One word of what was typed.
enum Term {
    Date(NaiveDate),
    Digits(String),
    Provisional(String),
    Name(Word),
}

impl PatientIndex {
    /// Adds or replaces one patient.
    pub fn put(&mut self, patient: &Patient) {
        let mut names: Vec<Word> = Vec::new();
        let written = [Some(&patient.family_name), Some(&patient.given_name)]
            .into_iter()
            .chain([
                patient.middle_name.as_ref(),
                patient.preferred_name.as_ref(),
                patient.payer_name.as_ref(),
            ])
            .flatten()
            .chain(&patient.previous_names);
        for name in written {
            for word in fold(name).split(' ').filter(|w| !w.is_empty()) {
                if !names.iter().any(|known| known.text == word) {
                    names.push(Word::new(word));
                }
            }
        }
        let entry = Entry {
            names,
            birth_on: patient.birth_on,
            phones: patient
                .telecoms
                .iter()
                .map(|t| digits(&t.value))
                .filter(|d| d.len() >= 7)
                .collect(),
            mrn: patient.mrn.to_string().to_lowercase(),
            sort: fold(&format!("{} {}", patient.family_name, patient.given_name)),
        };
        self.entries.insert(patient.id, entry);
    }

    /// Forgets one patient.
    pub fn remove(&mut self, id: PatientId) {
        self.entries.remove(&id);
    }

    /// How many patients.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The best matches first; every word typed must match something. Nothing typed finds nothing.
    pub fn search(&self, typed: &str, limit: usize) -> Vec<PatientId> {
        let terms = parse(typed);
        if terms.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, &str, PatientId)> = Vec::new();
        for (id, entry) in &self.entries {
            if let Some(score) = entry.score(&terms) {
                found.push((score, entry.sort.as_str(), *id));
            }
        }
        found.sort_unstable_by(|a, b| {
            b.0.cmp(&a.0)
                .then_with(|| a.1.cmp(b.1))
                .then_with(|| a.2.cmp(&b.2))
        });
        found.truncate(limit);
        found.into_iter().map(|(_, _, id)| id).collect()
    }
}

impl Entry {
    fn score(&self, terms: &[Term]) -> Option<u32> {
        let mut total = 0;
        for term in terms {
            total += match term {
                Term::Date(date) => (self.birth_on == *date).then_some(8)?,
                // Three digits say little by themselves, and something beside a name.
                Term::Digits(digits) => self.score_digits(digits, if terms.len() > 1 { 3 } else { 4 })?,
                Term::Provisional(number) => self.mrn.starts_with(number).then_some(9)?,
                Term::Name(word) => self
                    .names
                    .iter()
                    .filter_map(|name| score_name(word, name))
                    .max()?,
            };
        }
        Some(total)
    }

    fn score_digits(&self, typed: &str, enough: usize) -> Option<u32> {
        if self.mrn == typed {
            return Some(9);
        }
        if typed.len() >= enough && self.phones.iter().any(|phone| phone.contains(typed)) {
            return Some(6);
        }
        if self.mrn.starts_with(typed) {
            return Some(4);
        }
        (typed.len() == 4 && self.birth_on.format("%Y").to_string() == typed).then_some(3)
    }
}

/// Same word 6, beginning of it 5, with one slip 3, with two slips 1.
fn score_name(typed: &Word, name: &Word) -> Option<u32> {
    if name.text.starts_with(&typed.text) {
        return Some(if name.text.len() == typed.text.len() { 6 } else { 5 });
    }
    let allowed = match typed.text.chars().count() {
        0..=3 => return None,
        4..=6 => 1,
        _ => 2,
    };
    if (typed.letters & !name.letters).count_ones() > allowed {
        return None;
    }
    match slips(typed.text.as_bytes(), name.text.as_bytes(), allowed) {
        1 => Some(3),
        2 if allowed == 2 => Some(1),
        _ => None,
    }
}

/// Slips (a letter too many, too few, wrong, or two swapped) between what was typed and the best beginning of a
/// name; more than `allowed` is reported as `allowed + 1`.
pub(crate) fn slips(typed: &[u8], name: &[u8], allowed: u32) -> u32 {
    const MAX: usize = 40;
    let (rows, columns) = (typed.len().min(MAX), name.len().min(MAX));
    let mut before = [0u32; MAX + 1];
    let mut last = [0u32; MAX + 1];
    for (j, cell) in last.iter_mut().enumerate() {
        *cell = j as u32;
    }
    for i in 1..=rows {
        let mut row = [0u32; MAX + 1];
        row[0] = i as u32;
        let mut best = row[0];
        for j in 1..=columns {
            let swap = u32::from(typed[i - 1] != name[j - 1]);
            let mut cell = (last[j - 1] + swap).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && typed[i - 1] == name[j - 2] && typed[i - 2] == name[j - 1] {
                cell = cell.min(before[j - 2] + 1);
            }
            row[j] = cell;
            best = best.min(cell);
        }
        if best > allowed {
            return allowed + 1;
        }
        before = last;
        last = row;
    }
    last[..=columns]
        .iter()
        .copied()
        .min()
        .unwrap_or(allowed + 1)
        .min(allowed + 1)
}

fn parse(typed: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = String::new();
    // A phone number may be typed with spaces; joined digits of 10 are one term.
    let bare = digits(typed);
    if bare.len() >= 7
        && typed.chars().all(|c| c.is_ascii_digit() || " ()-.+".contains(c))
        && date(typed.trim()).is_none()
    {
        return vec![Term::Digits(phone_digits(&bare))];
    }
    for word in typed.split([' ', ',', ';']).filter(|w| !w.is_empty()) {
        if let Some(day) = date(word) {
            terms.push(Term::Date(day));
        } else if word.chars().all(|c| c.is_ascii_digit() || "()-.".contains(c))
            && word.chars().any(|c| c.is_ascii_digit())
        {
            terms.push(Term::Digits(phone_digits(word)));
        } else if word
            .get(..4)
            .is_some_and(|start| start.eq_ignore_ascii_case("new-"))
        {
            terms.push(Term::Provisional(word.to_ascii_lowercase()));
        } else {
            rest.push_str(word);
            rest.push(' ');
        }
    }
    terms.extend(
        fold(&rest)
            .split(' ')
            .filter(|w| !w.is_empty())
            .map(|word| Term::Name(Word::new(word))),
    );
    terms
}

/// `3/9/1984`, `03-09-1984`, `1984-03-09`.
fn date(word: &str) -> Option<NaiveDate> {
    let parts: Vec<&str> = word.split(['/', '-', '.']).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u32>().ok();
    let (a_len, a, b, c_len, c) = (a.len(), number(a)?, number(b)?, c.len(), number(c)?);
    match (a_len, c_len) {
        (4, _) => NaiveDate::from_ymd_opt(a as i32, b, c),
        (1 | 2, 4) => NaiveDate::from_ymd_opt(c as i32, a, b),
        _ => None,
    }
}
