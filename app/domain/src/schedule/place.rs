//! What is needed beside people: rooms and devices, and the time it takes to get from one site to another.

use crate::id::*;
use crate::validate::Today;
use serde::{Deserialize, Serialize};

/// A room or a device at a site (FHIR Location, Device). Never someone who renders care.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, garde::Validate)]
#[garde(allow_unvalidated)]
#[garde(context(Today))]
pub struct Resource {
    /// Identity.
    pub id: ResourceId,
    /// Where it is.
    pub site_id: SiteId,
    /// As staff call it: "Room 3".
    #[garde(custom(super::named))]
    pub name: String,
    /// What visit types ask for: "exam_room".
    #[garde(custom(super::named))]
    pub kind: String,
    /// Whether it can be used.
    pub active: bool,
}

/// How long it takes to get from one site to others. One row for each site; both ends of a pair say the same.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SiteTravel {
    /// The site's own id.
    pub id: SiteId,
    /// To each of the others, sorted by site.
    pub minutes: Vec<TravelMinutes>,
}

/// The way to one other site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravelMinutes {
    /// Where to.
    pub site_id: SiteId,
    /// How long.
    pub minutes: u16,
}

impl SiteTravel {
    /// Nothing known yet.
    pub fn new(site: SiteId) -> SiteTravel {
        SiteTravel {
            id: site,
            minutes: Vec::new(),
        }
    }

    /// Minutes to another site; none where nobody said.
    pub fn to(&self, site: SiteId) -> u16 {
        self.minutes
            .iter()
            .find(|way| way.site_id == site)
            .map_or(0, |way| way.minutes)
    }

    /// With the way to one site set.
    pub fn with(mut self, site_id: SiteId, minutes: u16) -> SiteTravel {
        self.minutes.retain(|way| way.site_id != site_id);
        self.minutes.push(TravelMinutes { site_id, minutes });
        self.minutes.sort_unstable_by_key(|way| way.site_id);
        self
    }
}
