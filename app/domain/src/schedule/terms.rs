//! On what terms a practitioner is booked: whether new patients come, who must be there beside, and for which payers.

use super::settings::{invalid, needs};
use crate::coverage::Coverage;
use crate::decide::{Ctx, Decision, Refusal};
use crate::id::*;
use crate::row::{Entity, Key, Row, View};
use crate::text::spoken;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The terms of one practitioner. Whoever has none sees everyone, needs nobody beside, and nothing is known of payers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PractitionerTerms {
    /// The practitioner's own id.
    pub id: PractitionerId,
    /// Whether new patients come.
    pub accepts_new: bool,
    /// One of these works at the site during the visit: direct supervision of what is billed incident to a physician
    /// (42 CFR 410.26(b)(5)). Empty when nobody must be there.
    pub supervised_by: Vec<PractitionerId>,
    /// With which payers; empty while nobody entered any.
    pub enrolments: Vec<Enrolment>,
}

/// A practitioner may bill a payer, as far as the payer has said so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Payer, as on its cards.
    pub payer_name: String,
    /// Payer's electronic id, when known.
    pub payer_code: Option<String>,
    /// At which sites; empty for all.
    pub site_ids: Vec<SiteId>,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day.
    pub until_on: Option<NaiveDate>,
}

/// Sets or corrects the terms of one practitioner.
pub type SetPractitionerTerms = PractitionerTerms;

/// Most enrolments of one practitioner, and most colleagues who may be there beside.
const MOST: usize = 200;

impl Enrolment {
    /// Whether it is with the payer of a coverage: by the payer's electronic id when both have one, else by name.
    pub fn is_with(&self, coverage: &Coverage) -> bool {
        match (&self.payer_code, &coverage.payer_code) {
            (Some(own), Some(other)) => own.trim().eq_ignore_ascii_case(other.trim()),
            _ => spoken(&self.payer_name) == spoken(&coverage.payer_name),
        }
    }

    fn counts_on(&self, site: SiteId, on: NaiveDate) -> bool {
        (self.site_ids.is_empty() || self.site_ids.contains(&site))
            && self.from_on.is_none_or(|first| first <= on)
            && self.until_on.is_none_or(|last| on <= last)
    }
}

impl PractitionerTerms {
    /// What there is to say of someone of whom nothing was said.
    pub fn new(id: PractitionerId) -> PractitionerTerms {
        PractitionerTerms {
            id,
            accepts_new: true,
            supervised_by: Vec::new(),
            enrolments: Vec::new(),
        }
    }

    /// Whether the payer of a coverage may be billed for a visit; so also while no enrolment was entered at all.
    pub fn may_bill(&self, coverage: &Coverage, site: SiteId, on: NaiveDate) -> bool {
        let covers = |one: &Enrolment| one.counts_on(site, on) && one.is_with(coverage);
        self.enrolments.is_empty() || self.enrolments.iter().any(covers)
    }
}

/// What says when someone works.
pub(super) fn hours_keys(practitioner: PractitionerId) -> [Key; 3] {
    [
        Key::Row(Entity::Practitioner, practitioner.0),
        Key::Of(Entity::Schedule, practitioner.0),
        Key::Of(Entity::ScheduleOverride, practitioner.0),
    ]
}

/// When those work who must be there beside a practitioner.
pub(super) fn beside_keys(view: &impl View, practitioner: PractitionerId) -> Vec<Key> {
    match view.one(&Key::Row(Entity::PractitionerTerms, practitioner.0)) {
        Some(Row::PractitionerTerms(terms)) => terms.supervised_by.into_iter().flat_map(hours_keys).collect(),
        _ => Vec::new(),
    }
}

/// What setting them looks at: also what a booking that comes right after will look at.
pub(super) fn reads(terms: &PractitionerTerms) -> Vec<Key> {
    let sites = terms.enrolments.iter().flat_map(|one| &one.site_ids);
    [
        Key::Row(Entity::Practitioner, terms.id.0),
        Key::Row(Entity::PractitionerTerms, terms.id.0),
    ]
    .into_iter()
    .chain(sites.map(|site| Key::Row(Entity::Site, site.0)))
    .chain(terms.supervised_by.iter().copied().flat_map(hours_keys))
    .collect()
}

/// Terms are of someone there is, who is supervised by others; a payer has a name and ends after it began.
pub(super) fn set(view: &impl View, ctx: &Ctx, terms: &PractitionerTerms) -> Result<Decision, Refusal> {
    needs(view, Entity::Practitioner, terms.id.0, "practitioner")?;
    if terms.supervised_by.contains(&terms.id) || terms.supervised_by.len() > MOST {
        return Err(invalid("supervised_by"));
    }
    for other in &terms.supervised_by {
        needs(view, Entity::Practitioner, other.0, "practitioner")?;
    }
    if terms.enrolments.len() > MOST {
        return Err(invalid("enrolments"));
    }
    for one in &terms.enrolments {
        if crate::validate::payer(&one.payer_name, &ctx.today).is_err() {
            return Err(invalid("payer_name"));
        }
        if crate::validate::optional_line(&one.payer_code, &ctx.today).is_err() {
            return Err(invalid("payer_code"));
        }
        if one
            .until_on
            .zip(one.from_on)
            .is_some_and(|(last, first)| last < first)
        {
            return Err(invalid("until_on"));
        }
        for site in &one.site_ids {
            needs(view, Entity::Site, site.0, "site")?;
        }
    }
    Ok(Decision::put(Row::PractitionerTerms(terms.clone())))
}
