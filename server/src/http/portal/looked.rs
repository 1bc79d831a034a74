//! What the pages of open times look at, and how it travels in their addresses.

use super::visits::Said;
use super::{practice_name, visitor};
use crate::http::State;
use crate::http::public::page::failed;
use crate::services::portal::Visitor;
use crate::services::portal::offers::{Settings, Wanted};
use crate::services::push::now;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, NaiveDate, Utc};
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
    let patients = state
        .portal
        .overview(&visitor, now)
        .await
        .map_err(failed)?
        .patients;
    let moving = match id(&asked.moving) {
        Some(id) => state
            .portal
            .appointment(&visitor, AppointmentId(id))
            .await
            .map_err(failed)?,
        None => None,
    };
    let gone = || Redirect::to(&format!("/p/{practice}/visits?said={}", Said::NotNow.name())).into_response();
    if moving.is_none() && !asked.moving.is_empty() {
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
    let theirs = state
        .portal
        .appointments(practice, patient.id)
        .await
        .map_err(failed)?;
    let today = state.today(practice, now).await;
    let from = asked.from.parse::<NaiveDate>().unwrap_or(today).max(today);
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
    let fixed = [
        ("patient", looked.patient.id.to_string()),
        ("kind", asked.kind.clone()),
        ("move", asked.moving.clone()),
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
    let (with, site) = (id(parts.next()?)?, id(parts.next()?)?);
    Some((at, PractitionerId(with), SiteId(site)))
}
