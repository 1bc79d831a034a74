//! A form while it is written: every field a signal of its own, so that what is typed stays where it is while questions
//! move up and down.

use super::question::QuestionDraft;
use crate::ports::device::Clock;
use domain::intake::questionnaire::Audience;
use domain::intake::{Band, Page, Questionnaire, Scoring};
use domain::text::{Wording, fold};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use ui::Problem;

/// A text in both languages.
#[derive(Clone, Copy)]
pub struct Both {
    /// English.
    pub en: RwSignal<String>,
    /// Spanish.
    pub es: RwSignal<String>,
}

impl Both {
    /// From what is known.
    pub fn new(known: &Wording) -> Both {
        Both {
            en: RwSignal::new(known.en.clone()),
            es: RwSignal::new(known.es.clone()),
        }
    }

    /// As it stands, without blanks around it.
    pub fn read(self) -> Wording {
        Wording::new(self.en.get().trim(), self.es.get().trim())
    }

    /// The same, or nothing when both are empty.
    pub fn maybe(self) -> Option<Wording> {
        Some(self.read()).filter(|text| *text != Wording::default())
    }
}

/// What some sums mean, while it is written.
#[derive(Clone, Copy)]
pub struct BandDraft {
    /// Tells it from the others.
    pub key: u32,
    /// Lowest sum, as typed.
    pub from: RwSignal<String>,
    /// Highest sum, as typed.
    pub to: RwSignal<String>,
    /// As it is said.
    pub label: Both,
    /// For a practitioner.
    pub attention: RwSignal<bool>,
}

/// What is kept of a draft, so that it survives a reload.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The form as far as it could be read.
    pub form: Questionnaire,
    /// The version that it is to replace.
    pub base: Option<Questionnaire>,
}

/// See the module.
#[derive(Clone, Copy)]
pub struct FormDraft {
    /// The version that it replaces.
    pub base: StoredValue<Option<Questionnaire>>,
    /// Heading.
    pub title: Both,
    /// Same for all versions.
    pub slug: RwSignal<String>,
    /// Its questions, in order.
    pub questions: RwSignal<Vec<QuestionDraft>>,
    /// Whether answers are summed up.
    pub counts: RwSignal<bool>,
    /// What sums mean.
    pub bands: RwSignal<Vec<BandDraft>>,
    /// Whoever answers signs.
    pub signed: RwSignal<bool>,
    /// "everyone" or "visit".
    pub audience: RwSignal<String>,
    /// For how many days an answer stands, as typed.
    pub valid_days: RwSignal<String>,
    next: StoredValue<u32>,
    /// Signals that are made later belong to the page that shows them.
    owner: StoredValue<Option<Owner>>,
}

impl FormDraft {
    /// A new one, or a new version of one.
    pub fn new(kept: &Kept) -> FormDraft {
        let form = &kept.form;
        let draft = FormDraft {
            base: StoredValue::new(kept.base.clone()),
            title: Both::new(&form.title),
            slug: RwSignal::new(form.slug.clone()),
            questions: RwSignal::new(Vec::new()),
            counts: RwSignal::new(form.scoring.is_some()),
            bands: RwSignal::new(Vec::new()),
            signed: RwSignal::new(form.signature_required),
            audience: RwSignal::new(match form.audience {
                Audience::Everyone => "everyone".to_owned(),
                Audience::Visit => "visit".to_owned(),
            }),
            valid_days: RwSignal::new(form.valid_days.map(|days| days.to_string()).unwrap_or_default()),
            next: StoredValue::new(0),
            owner: StoredValue::new(Owner::current()),
        };
        let questions = form.pages.iter().map(|page| QuestionDraft::new(draft, page));
        draft.questions.set(questions.collect());
        let bands = form.scoring.iter().flat_map(|scoring| &scoring.bands);
        draft.bands.set(bands.map(|band| draft.band(band)).collect());
        draft
    }

    /// A number that tells what is on the page apart.
    pub fn key(self) -> u32 {
        self.next
            .try_update_value(|next| {
                *next += 1;
                *next
            })
            .unwrap_or_default()
    }

    /// Makes something whose signals live as long as the page.
    pub fn with_owner<T>(self, make: impl FnOnce() -> T) -> T {
        match self.owner.get_value() {
            Some(owner) => owner.with(make),
            None => make(),
        }
    }

    fn band(self, band: &Band) -> BandDraft {
        BandDraft {
            key: self.key(),
            from: RwSignal::new(band.from.to_string()),
            to: RwSignal::new(band.to.to_string()),
            label: Both::new(&band.label),
            attention: RwSignal::new(band.attention),
        }
    }

    /// One band more, above the last.
    pub fn add_band(self) {
        let last = self
            .bands
            .with_untracked(|all| all.last().map(|band| band.to.get_untracked()));
        let from = last
            .and_then(|to| to.trim().parse::<i32>().ok())
            .map_or(0, |to| to.saturating_add(1));
        let blank = Band {
            from,
            to: from,
            ..Band::default()
        };
        let band = self.with_owner(|| self.band(&blank));
        self.bands.update(|all| all.push(band));
    }

    /// One question more, at the end; its key.
    pub fn add_question(self) -> u32 {
        let taken = self.questions.with_untracked(|all| {
            let ids = all.iter().map(|one| one.link_id.get_untracked());
            ids.collect::<Vec<_>>()
        });
        let free = (taken.len() + 1..)
            .map(|n| format!("q{n}"))
            .find(|id| !taken.contains(id));
        let blank = Page {
            link_id: free.unwrap_or_default(),
            question: Wording::default(),
            why: None,
            answer: domain::intake::AnswerKind::YesNo,
            show_if: None,
            required: true,
        };
        let question = self.with_owner(|| QuestionDraft::new(self, &blank));
        self.questions.update(|all| all.push(question));
        question.key
    }

    /// Moves a question up or down, where there is room.
    pub fn shift(self, key: u32, by: isize) {
        self.questions.update(|all| {
            let Some(at) = all.iter().position(|one| one.key == key) else {
                return;
            };
            if let Some(to) = at.checked_add_signed(by).filter(|to| *to < all.len()) {
                all.swap(at, to);
            }
        });
    }

    /// The form as it would be published now, and what could not be read, by field. Follows everything.
    pub fn read(self, clock: &dyn Clock) -> (Questionnaire, Vec<Problem>) {
        let mut wrong = Vec::new();
        let base = self.base.get_value();
        let title = self.title.read();
        let slug = match &base {
            Some(base) => base.slug.clone(),
            None => Some(self.slug.get().trim().to_owned())
                .filter(|slug| !slug.is_empty())
                .unwrap_or_else(|| fold(&title.en).replace(' ', "-")),
        };
        let version = base.as_ref().map_or(1, |base| base.version + 1);
        let mut pages: Vec<Page> = Vec::new();
        for question in self.questions.get() {
            pages.push(question.read(&mut wrong));
        }
        let whole = |text: RwSignal<String>, id: String, wrong: &mut Vec<Problem>| {
            text.with(|text| text.trim().parse::<i32>()).unwrap_or_else(|_| {
                wrong.push(Problem::new(id, "Enter a whole number"));
                0
            })
        };
        let bands = self.bands.get().into_iter().map(|band| Band {
            from: whole(band.from, format!("band{}-from", band.key), &mut wrong),
            to: whole(band.to, format!("band{}-to", band.key), &mut wrong),
            label: band.label.read(),
            attention: band.attention.get(),
        });
        let bands: Vec<Band> = bands.collect();
        let counts = self.counts.get();
        let days = self.valid_days.with(|days| days.trim().to_owned());
        let valid_days = match days.parse::<u16>() {
            _ if days.is_empty() => None,
            Ok(days) if days > 0 => Some(days),
            _ => {
                wrong.push(Problem::new("form-days", "Enter a number of days, or nothing"));
                None
            }
        };
        if !counts {
            wrong.retain(|one| !one.field.starts_with("band"));
        }
        let form = Questionnaire {
            id: Questionnaire::id_of(&slug, version),
            slug,
            version,
            replaces_id: base.map(|base| base.id),
            title,
            pages,
            scoring: counts.then_some(Scoring { bands }),
            signature_required: self.signed.get(),
            audience: match self.audience.get().as_str() {
                "everyone" => Audience::Everyone,
                _ => Audience::Visit,
            },
            valid_days,
            retired: false,
            published_at: clock.now(),
        };
        (form, wrong)
    }
}
