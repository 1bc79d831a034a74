//! What a kiosk is told: the newest forms, where it stands, and how staff leave it.

use crate::error::{Result, ServerError};
use crate::http::State;
use app::ports::server::KioskSettings;
use domain::id::{DeviceId, PracticeId};
use domain::intake::questionnaire::{Audience, newest};
use domain::intake::{ConsentForm, ConsentKind, MOST_FORMS, Questionnaire};
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
    let forms = asked_of_everyone(state, practice).await?;
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
        questionnaire: forms
            .iter()
            .find(|form| form.is_old() && !form.signature_required)
            .cloned(),
        forms,
        consents: newest_consents(state, practice).await?,
        pin_salt: Bytes(pin_salt),
        pin_hash: Bytes(pin_hash),
        demo,
        renewal: None,
    })
}

/// The newest version of every form that everyone is asked and that was not withdrawn: those that were there first come
/// first.
async fn asked_of_everyone(state: &State, practice: PracticeId) -> Result<Vec<Questionnaire>> {
    let rows = state.db.all_rows(practice, Entity::Questionnaire).await?;
    let all: Vec<Questionnaire> = rows
        .into_iter()
        .filter_map(|row| match row {
            Row::Questionnaire(form) => Some(form),
            _ => None,
        })
        .collect();
    let since = |form: &Questionnaire| {
        let versions = all.iter().filter(|one| one.slug == form.slug);
        versions.map(|one| one.published_at).min()
    };
    let mut asked = newest(&all);
    asked.retain(|form| form.audience == Audience::Everyone && !form.retired);
    asked.sort_by_key(|form| (since(form), form.slug.clone()));
    Ok(asked.into_iter().take(MOST_FORMS).cloned().collect())
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
