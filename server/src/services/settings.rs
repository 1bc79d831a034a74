//! What a kiosk is told: the newest forms, where it stands, and how staff leave it.

use crate::error::{Result, ServerError};
use crate::http::State;
use app::ports::server::KioskSettings;
use domain::id::{DeviceId, PracticeId};
use domain::intake::{ConsentForm, ConsentKind, Questionnaire};
use domain::row::{Entity, Row};
use sync::b64::Bytes;
use sync::cipher::pin_tag;

/// A kiosk's settings.
pub async fn kiosk(state: &State, practice: PracticeId, device: DeviceId) -> Result<KioskSettings> {
    let device = state
        .device(practice, device)
        .await?
        .ok_or_else(|| ServerError::Other("the kiosk is not enrolled".to_owned()))?;
    let site = match device.site_id {
        Some(id) => state.db.row(practice, Entity::Site, id.0).await?,
        None => None,
    };
    let site_name = match site {
        Some(Row::Site(site)) => site.name,
        _ => String::new(),
    };
    let (practice_name, demo) = state.practice_name(practice).await?;
    let pin_salt = state.keys.derived(practice, "kiosk pin salt").to_vec();
    let pin_hash = pin_tag(&state.kiosk_pin(practice), &pin_salt);
    Ok(KioskSettings {
        practice,
        practice_name,
        device: device.id,
        label: device.label,
        site: device.site_id,
        site_name,
        intake_key: Bytes(state.keys.intake_public(practice)?.0.to_vec()),
        questionnaire: newest_questionnaire(state, practice).await?,
        consents: newest_consents(state, practice).await?,
        pin_salt: Bytes(pin_salt),
        pin_hash: Bytes(pin_hash),
        demo,
        renewal: None,
    })
}

async fn newest_questionnaire(state: &State, practice: PracticeId) -> Result<Option<Questionnaire>> {
    let rows = state.db.all_rows(practice, Entity::Questionnaire).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Questionnaire(form) if form.slug == "health-history" => Some(form),
            _ => None,
        })
        .max_by_key(|form| form.version))
}

async fn newest_consents(state: &State, practice: PracticeId) -> Result<Vec<ConsentForm>> {
    let rows = state.db.all_rows(practice, Entity::ConsentForm).await?;
    let forms: Vec<ConsentForm> = rows
        .into_iter()
        .filter_map(|row| match row {
            Row::ConsentForm(form) => Some(form),
            _ => None,
        })
        .collect();
    Ok(ConsentKind::ALL
        .into_iter()
        .filter_map(|kind| {
            forms
                .iter()
                .filter(|form| form.kind == kind)
                .max_by_key(|form| form.version)
                .cloned()
        })
        .collect())
}
