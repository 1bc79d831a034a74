//! What an appointment needs that is here already, found by what another system calls it: sites, kinds of visit, and who
//! sees patients.

use domain::id::{PractitionerId, SiteId};
use domain::name::only_called;
use domain::practice::Practitioner;
use domain::row::Row;
use domain::schedule::VisitType;
use domain::text::fold;
use std::collections::HashMap;

/// The practice, by names and numbers.
#[derive(Default)]
pub struct Places {
    sites: HashMap<String, SiteId>,
    kinds: HashMap<String, VisitType>,
    practitioners: Vec<Practitioner>,
}

impl Places {
    /// Of a practice's own rows.
    pub fn of(rows: impl IntoIterator<Item = Row>) -> Self {
        let mut places = Places::default();
        for row in rows {
            match row {
                Row::Site(site) => drop(places.sites.insert(fold(&site.name), site.id)),
                Row::VisitType(kind) if kind.active => drop(places.kinds.insert(fold(&kind.name), kind)),
                Row::Practitioner(row) if row.active => places.practitioners.push(row),
                _ => {}
            }
        }
        places
    }

    /// The site of one of some names; the only one there is when none is named.
    pub fn site<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<SiteId> {
        let mut named = names.into_iter().peekable();
        match (named.peek(), self.sites.len()) {
            (None, 1) => self.sites.values().next().copied(),
            _ => named.find_map(|name| self.sites.get(&fold(name)).copied()),
        }
    }

    /// The kind of visit of one of some names.
    pub fn kind<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Option<&VisitType> {
        names.into_iter().find_map(|name| self.kinds.get(&fold(name)))
    }

    /// Somebody by their national number (45 CFR 162.406).
    pub fn by_npi(&self, npi: &str) -> Option<&Practitioner> {
        self.practitioners
            .iter()
            .find(|known| known.npi.as_deref() == Some(npi))
    }

    /// Somebody by their id, who may have been taken in before.
    pub fn by_id(&self, id: PractitionerId) -> Option<&Practitioner> {
        self.practitioners.iter().find(|known| known.id == id)
    }

    /// Somebody by what they are called, when nobody else is called so.
    pub fn by_name(&self, name: &str) -> Option<&Practitioner> {
        only_called(&self.practitioners, name)
    }
}
