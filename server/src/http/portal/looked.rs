//! What the pages of open times look at, and how it travels in their addresses.

use super::visits::Said;
use super::{practice_name, visitor};
use crate::http::State;
use crate::http::public::page::failed;
use crate::services::portal::Visitor;
use crate::services::portal::log::Noted;
use crate::services::portal::offers::{Settings, Wanted};
use crate::services::push::now;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use domain::id::*;
use domain::patients::Patient;
use domain::schedule::slots::OpenSlot;
use domain::schedule::{Appointment, Mode};
use serde::Deserialize;
use std::sync::Arc;
use uuid::Uuid;

/// What stands in the address, or in the form. An empty choice is none.
#[derive(Deserialize, Default, Clone)]
pub struct Asked {
    #[serde(default)]
    pub patient: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub site: String,
    #[serde(default)]
    pub with: String,
    #[serde(default)]
    pub from: String,
    #[serde(default, rename = "move")]
    pub moving: String,
    #[serde(default)]
    pub at: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub gone: String,
}

/// So far ahead is looked at most: nobody has a book for longer, and no day is too far to count with.
const FARTHEST: Days = Days::new(3 * 366);

fn id(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok()
}

/// Everything that these pages look at.
pub struct Looked {
    pub visitor: Visitor,
    pub name: String,
    pub settings: Settings,
    pub patients: Vec<Patient>,
    /// Whom it is for.
    pub patient: Patient,
    pub theirs: Vec<Appointment>,
    /// What is moved.
    pub moving: Option<Appointment>,
    pub today: NaiveDate,
    pub wanted: Option<Wanted>,
}

/// Looks at it; or a page that says why there is nothing to see.
pub async fn look(
    state: &Arc<State>,
    practice: PracticeId,
    headers: &HeaderMap,
    asked: &Asked,
) -> Result<Looked, Response> {
    let visitor = visitor(state, practice, headers).await?;
    let name = practice_name(state, practice).await?;
    let now = now();
    let settings = state.portal.settings(practice).await.map_err(failed)?;
    let overview = state.portal.overview(&visitor, now).await.map_err(failed)?;
    let wish = id(&asked.moving).map(AppointmentId);
    let moving = wish.and_then(|id| Some(overview.visit(id)?.0.clone()));
    let patients = overview.patients;
    let gone = || Redirect::to(&format!("/p/{practice}/visits?said={}", Said::NotNow.name())).into_response();
    if moving.is_none() && !asked.moving.is_empty() {
        if let Some(wish) = wish {
            state.portal.withheld(&visitor, wish).await.map_err(failed)?;
        }
        return Err(gone());
    }
    let whose = moving
        .as_ref()
        .map(|one| one.patient_id)
        .or(id(&asked.patient).map(PatientId));
    let patient = match whose {
        Some(whose) => patients.iter().find(|patient| patient.id == whose),
        None => patients.first(),
    };
    let patient = patient.cloned().ok_or_else(gone)?;
    state
        .portal
        .note(practice, &[patient.id], Noted::done("portal.times"))
        .await
        .map_err(failed)?;
    let theirs = state
        .portal
        .appointments(practice, patient.id)
        .await
        .map_err(failed)?;
    let today = state.today(practice, now).await;
    let last = today.checked_add_days(FARTHEST).unwrap_or(today);
    let from = asked
        .from
        .parse::<NaiveDate>()
        .unwrap_or(today)
        .clamp(today, last);
    let may = |kind: VisitTypeId| {
        settings
            .kinds(&patient, &theirs, now)
            .iter()
            .any(|one| one.id == kind)
    };
    let kind = match &moving {
        Some(one) => settings
            .kind(one.visit_type_id)
            .filter(|kind| kind.online)
            .map(|kind| kind.id),
        None => id(&asked.kind).map(VisitTypeId).filter(|kind| may(*kind)),
    };
    let wanted = kind.map(|kind| Wanted {
        patient: patient.id,
        kind,
        site: id(&asked.site).map(SiteId),
        with: id(&asked.with).map(PractitionerId),
        from,
        moving: moving.as_ref().map(|one| one.id),
        video: moving.as_ref().is_some_and(|one| one.mode == Mode::Video),
    });
    Ok(Looked {
        visitor,
        name,
        settings,
        patients,
        patient,
        theirs,
        moving,
        today,
        wanted,
    })
}

/// The address of these pages with something else asked for.
pub fn address(looked: &Looked, page: &str, asked: &Asked, more: &[(&str, String)]) -> String {
    let one = |text: &str| id(text).map(|id| id.to_string()).unwrap_or_default();
    let fixed = [
        ("patient", looked.patient.id.to_string()),
        ("kind", one(&asked.kind)),
        ("move", one(&asked.moving)),
    ];
    let mut text = format!("/p/{}/{page}?", looked.visitor.practice);
    for (name, value) in fixed.iter().chain(more).filter(|(_, value)| !value.is_empty()) {
        // Ids, days and instants: nothing in them has a meaning of its own in an address.
        text.push_str(&format!("{name}={}&", value.replace('+', "%2B")));
    }
    text.trim_end_matches('&').to_owned()
}

/// A time, in one word: when, with whom, where.
pub fn chosen(slot: &OpenSlot) -> String {
    format!(
        "{}.{}.{}",
        slot.start_at.timestamp(),
        slot.practitioner_id,
        slot.site_id
    )
}

/// The same, read.
pub fn read_chosen(text: &str) -> Option<(DateTime<Utc>, PractitionerId, SiteId)> {
    let mut parts = text.split('.');
    let at = DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?;
    // Of moments at the ends of time, no wall shows the hour.
    let at = Some(at).filter(|at| (2000..2200).contains(&at.year()))?;
    let (with, site) = (id(parts.next()?)?, id(parts.next()?)?);
    Some((at, PractitionerId(with), SiteId(site)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_in_an_address_is_one_that_a_wall_can_show() {
        let rest = ".00000000-0000-0000-0000-000000000001.00000000-0000-0000-0000-000000000002";
        let read = |seconds: i64| read_chosen(&format!("{seconds}{rest}"));
        assert!(read(1_800_000_000).is_some());
        let last = DateTime::<Utc>::MAX_UTC.timestamp();
        for odd in [last, DateTime::<Utc>::MIN_UTC.timestamp(), i64::MAX, -1] {
            assert!(read(odd).is_none(), "{odd}");
        }
        assert!(read_chosen("1800000000.x.y").is_none());
    }
}
