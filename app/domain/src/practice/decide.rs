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

fn invalid<T>(field: &str) -> Result<T, Refusal> {
    Err(Refusal::new(RefusalCode::Invalid).with("field", field))
}

/// A practice has a name.
pub fn record_practice(row: &Practice) -> Result<Decision, Refusal> {
    if !is_line(&row.name) {
        return invalid("name");
    }
    Ok(Decision::put(Row::Practice(row.clone())))
}

/// Who bills has the name and the numbers that payers know (837P loop 2010AA).
pub fn record_billing_entity(row: &BillingEntity) -> Result<Decision, Refusal> {
    if !is_line(&row.legal_name) {
        return invalid("legal_name");
    }
    if !is_digits(&row.tin, 9) {
        return invalid("tin");
    }
    if !npi_check_digit_ok(&row.npi) {
        return invalid("npi");
    }
    if !is_taxonomy_code(&row.taxonomy_code) {
        return invalid("taxonomy_code");
    }
    Ok(Decision::put(Row::BillingEntity(row.clone())))
}

/// A practitioner has a name, and numbers that can be right.
pub fn record_practitioner(row: &Practitioner) -> Result<Decision, Refusal> {
    if !is_line(&row.family_name) && !is_line(&row.given_name) {
        return invalid("family_name");
    }
    if row.npi.as_deref().is_some_and(|npi| !npi_check_digit_ok(npi)) {
        return invalid("npi");
    }
    if row
        .taxonomy_code
        .as_deref()
        .is_some_and(|code| !is_taxonomy_code(code))
    {
        return invalid("taxonomy_code");
    }
    Ok(Decision::put(Row::Practitioner(row.clone())))
}

/// A site needs a name, a known billing entity, a zone that exists and a place-of-service code.
pub fn record_site(view: &impl View, site: &Site) -> Result<Decision, Refusal> {
    if !is_line(&site.name) {
        return invalid("name");
    }
    if !is_digits(&site.place_of_service, 2) {
        return invalid("place_of_service");
    }
    if view
        .get(&Key::Row(Entity::BillingEntity, site.billing_entity_id.0))
        .is_empty()
    {
        return Err(Refusal::new(RefusalCode::NotFound).with("what", "billing entity"));
    }
    if !looks_like_zone(&site.time_zone) {
        return invalid("time_zone");
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

/// Whether text is one line with something on it.
fn is_line(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= 120 && !text.chars().any(char::is_control)
}

/// Whether text is so many digits.
fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether text has the shape of a NUCC taxonomy code: ten letters and digits.
pub fn is_taxonomy_code(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
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

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn biller() -> BillingEntity {
        BillingEntity {
            id: BillingEntityId(Uuid::from_u128(1)),
            legal_name: "Elm Clinic PC".into(),
            tin: "391234567".into(),
            npi: "1234567893".into(),
            taxonomy_code: "261QP2300X".into(),
            pay_to_address: None,
        }
    }

    fn field(refused: Result<Decision, Refusal>) -> String {
        let refusal = refused.unwrap_err();
        assert_eq!(refusal.code, RefusalCode::Invalid);
        refusal.params["field"].clone()
    }

    #[test]
    fn who_bills_has_numbers_that_can_be_right() {
        assert!(record_billing_entity(&biller()).is_ok());
        type Spoil = fn(&mut BillingEntity);
        let spoils: [(&str, Spoil); 4] = [
            ("legal_name", |row| row.legal_name = " ".into()),
            ("tin", |row| row.tin = "39-123456".into()),
            ("npi", |row| row.npi = "1234567890".into()),
            ("taxonomy_code", |row| row.taxonomy_code = "261QP2300".into()),
        ];
        for (name, spoil) in spoils {
            let mut row = biller();
            spoil(&mut row);
            assert_eq!(field(record_billing_entity(&row)), name);
        }
    }

    #[test]
    fn a_practitioner_has_a_name_and_no_number_that_is_wrong() {
        let row = Practitioner {
            id: PractitionerId(Uuid::from_u128(2)),
            family_name: "Quint".into(),
            given_name: String::new(),
            credentials: None,
            npi: None,
            taxonomy_code: None,
            site_ids: Vec::new(),
            active: true,
        };
        assert!(record_practitioner(&row).is_ok());
        let wrong = |npi: &str| Practitioner {
            npi: Some(npi.into()),
            ..row.clone()
        };
        assert_eq!(field(record_practitioner(&wrong("1234567890"))), "npi");
        let nameless = Practitioner {
            family_name: String::new(),
            ..row.clone()
        };
        assert_eq!(field(record_practitioner(&nameless)), "family_name");
    }
}
