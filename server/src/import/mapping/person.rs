//! Names, telecoms, addresses and numbers.

use super::states::usps;
use super::text;
use chrono::NaiveDate;
use domain::patients::{Address, AddressUse, ContactPoint, Identifier, TelecomSystem, TelecomUse};
use domain::validate::Validate;

/// The names of one person.
#[derive(Default)]
pub struct Names {
    pub family: String,
    pub given: String,
    pub middle: Option<String>,
    pub suffix: Option<String>,
    pub preferred: Option<String>,
    pub previous: Vec<String>,
}

/// The official name first, then the usual one; old and maiden names are previous ones.
pub fn names(sent: &[fhir::HumanName]) -> Names {
    let with_use = |wanted: &str| {
        sent.iter()
            .find(move |name| name.usage.as_deref() == Some(wanted))
    };
    let current = |name: &&fhir::HumanName| {
        !matches!(
            name.usage.as_deref(),
            Some("old" | "maiden" | "nickname" | "anonymous")
        )
    };
    let official = with_use("official")
        .or_else(|| with_use("usual"))
        .or_else(|| sent.iter().find(current));
    let Some(official) = official else {
        return Names::default();
    };
    let given: Vec<String> = official
        .given
        .iter()
        .filter_map(|part| text(Some(part)))
        .collect();
    let first = given.first().cloned().unwrap_or_default();
    let called = with_use("nickname").or_else(|| with_use("usual"));
    let called = called.and_then(|name| text(name.given.first().map(String::as_str)));
    Names {
        family: text(official.family.as_deref()).unwrap_or_default(),
        middle: text(Some(&given.get(1..).unwrap_or_default().join(" "))),
        suffix: text(Some(&official.suffix.join(" "))),
        preferred: called.filter(|name| *name != first),
        previous: previous(sent),
        given: first,
    }
}

fn previous(sent: &[fhir::HumanName]) -> Vec<String> {
    let mut all = Vec::new();
    for name in sent
        .iter()
        .filter(|name| matches!(name.usage.as_deref(), Some("old" | "maiden")))
    {
        let parts = name
            .given
            .iter()
            .map(String::as_str)
            .chain(name.family.as_deref());
        let whole = text(Some(&parts.collect::<Vec<_>>().join(" "))).or_else(|| text(name.text.as_deref()));
        if let Some(whole) = whole
            && !all.contains(&whole)
        {
            all.push(whole);
        }
    }
    all
}

/// The first sound phone and email of each use, the ranked ones before; and how many were left out, of those that
/// are not fax, pager or web addresses.
pub fn telecoms(sent: &[fhir::ContactPoint]) -> (Vec<ContactPoint>, usize) {
    let mut ranked: Vec<&fhir::ContactPoint> = sent.iter().collect();
    ranked.sort_by_key(|point| point.rank.unwrap_or(u32::MAX));
    let (mut kept, mut left_out) = (Vec::<ContactPoint>::new(), 0);
    for point in ranked {
        let system = match point.system.as_deref() {
            Some("phone" | "sms") => TelecomSystem::Phone,
            Some("email") => TelecomSystem::Email,
            _ => continue,
        };
        let usage = match point.usage.as_deref() {
            Some("mobile") => TelecomUse::Mobile,
            Some("work") => TelecomUse::Work,
            Some("old") => {
                left_out += 1;
                continue;
            }
            _ if point.system.as_deref() == Some("sms") => TelecomUse::Mobile,
            _ => TelecomUse::Home,
        };
        let Some(value) = text(point.value.as_deref()) else {
            continue;
        };
        let mapped = ContactPoint {
            system,
            usage,
            value,
            may_text: false,
        };
        let again = kept
            .iter()
            .any(|known| known.system == system && known.usage == usage);
        if again || !mapped.faults(NaiveDate::default()).0.is_empty() {
            left_out += 1;
        } else {
            kept.push(mapped);
        }
    }
    (kept, left_out)
}

/// Where they live and where mail goes, one of each; and how many were left out.
pub fn addresses(sent: &[fhir::Address]) -> (Vec<Address>, usize) {
    let (mut kept, mut left_out) = (Vec::<Address>::new(), 0);
    for address in sent {
        let usage = match address.usage.as_deref() {
            Some("billing") => AddressUse::Mailing,
            Some("old" | "work") => {
                left_out += 1;
                continue;
            }
            _ => AddressUse::Home,
        };
        let mapped = one_address(usage, address);
        let empty = mapped.line1.is_empty() && mapped.city.is_empty() && mapped.postal_code.is_empty();
        if empty || kept.iter().any(|known| known.usage == usage) {
            left_out += 1;
        } else {
            kept.push(mapped);
        }
    }
    (kept, left_out)
}

fn one_address(usage: AddressUse, from: &fhir::Address) -> Address {
    let part = |raw: &Option<String>| text(raw.as_deref()).unwrap_or_default();
    Address {
        usage,
        line1: text(from.lines.first().map(String::as_str)).unwrap_or_default(),
        line2: text(Some(&from.lines.get(1..).unwrap_or_default().join(", "))),
        city: part(&from.city),
        state: usps(&part(&from.state)),
        postal_code: zip(&part(&from.postal_code)),
        bad: false,
    }
}

/// Nine digits get their hyphen; everything else stays as it was typed.
fn zip(typed: &str) -> String {
    match typed.split_at_checked(5) {
        Some((five, four)) if typed.len() == 9 && typed.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{five}-{four}")
        }
        _ => typed.to_owned(),
    }
}

/// Every number that has a value.
pub fn identifiers(sent: &[fhir::Identifier]) -> Vec<Identifier> {
    let mut all = Vec::new();
    for identifier in sent {
        let Some(value) = text(identifier.value.as_deref()) else {
            continue;
        };
        let issuer = text(identifier.system.as_deref()).unwrap_or_default();
        let mapped = Identifier {
            issuer,
            kind: text(identifier.type_code.as_deref()),
            value,
        };
        if !all.contains(&mapped) {
            all.push(mapped);
        }
    }
    all
}
