//! Rules for the practice's own rows.

use super::*;
use crate::decide::{Ctx, Decision, Refusal, RefusalCode};
use crate::row::{Entity, Key, Row, View};

/// Sets or corrects the practice's name.
pub type RecordPractice = Practice;
/// Sets or corrects who bills.
pub type RecordBillingEntity = BillingEntity;
/// Sets or corrects a site.
pub type RecordSite = Site;
/// Sets or corrects a practitioner.
pub type RecordPractitioner = Practitioner;
/// Sets or corrects a workforce member.
pub type RecordWorkforceMember = WorkforceMember;
/// Lets a device in.
pub type EnrolDevice = Device;

/// A site needs a known billing entity and a zone that exists.
pub fn record_site(view: &impl View, site: &Site) -> Result<Decision, Refusal> {
    if view
        .get(&Key::Row(Entity::BillingEntity, site.billing_entity_id.0))
        .is_empty()
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "billing entity"));
    }
    if !looks_like_zone(&site.time_zone) {
        return Err(Refusal::new(RefusalCode::Invalid).with("field", "time_zone"));
    }
    Ok(Decision::put(Row::Site(site.clone())))
}

/// A device is enrolled once: a second enrolment of the same id keeps its first day, and may rename, move or
/// shut it out. What was shut out stays out.
pub fn enrol_device(view: &impl View, ctx: &Ctx, device: &Device) -> Result<Decision, Refusal> {
    let mut enrolled_at = ctx.now;
    if let Some(Row::Device(known)) = view.one(&Key::Row(Entity::Device, device.id.0)) {
        if known.revoked_at.is_some() {
            return Err(Refusal::new(RefusalCode::Revoked));
        }
        enrolled_at = known.enrolled_at;
    }
    Ok(Decision::put(Row::Device(Device {
        enrolled_at,
        ..device.clone()
    })))
}

/// Whether text has the shape of an IANA zone: "America/Chicago", "UTC". Whether it exists is known where the table of
/// zones is: a browser has its own, and one more in every page would cost patients a second of waiting.
fn looks_like_zone(text: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_+-".contains(c))
    };
    text.len() <= 64 && text.split('/').count() <= 3 && text.split('/').all(part)
}
