//! By which way and where a patient is told: what is in their record, what they asked for, and what was said about their
//! numbers and addresses.

use super::contact::{Contact, ContactKind};
use super::notice::{FailReason, NoticeState, VoidReason};
use super::rule::Channel;
use crate::intake::consent::in_force;
use crate::intake::{Consent, ConsentKind};
use crate::patients::{Address, AddressUse, ContactPoint, Patient, TelecomSystem, TelecomUse};
use crate::row::{Entity, Key, Row, View};

/// The ways by which somebody may be told what a rule says: first the one that they asked for, then the rule's own.
pub(super) fn ways(rule: Channel, patient: &Patient) -> impl Iterator<Item = Channel> {
    let asked_for = patient.preferred_channel.filter(|way| *way != rule);
    asked_for.into_iter().chain([rule])
}

/// By which way and where a patient is reached, as things are; or why not by the rule's own.
pub fn reach(view: &impl View, rule: Channel, patient: &Patient) -> Result<(Channel, String), NoticeState> {
    let mut found = Err(NoticeState::Failed(FailReason::NoContact));
    for way in ways(rule, patient) {
        found = reach_by(view, way, patient);
        if found.is_ok() {
            break;
        }
    }
    found
}

/// What [`open_ways`] looks at, besides the patient.
pub fn open_ways_reads(patient: &Patient) -> impl Iterator<Item = Key> {
    let contact = |point: &ContactPoint| match point.system {
        TelecomSystem::Phone => Contact::phone(&point.value),
        TelecomSystem::Email => Contact::email(&point.value),
    };
    let said = patient
        .telecoms
        .iter()
        .filter_map(contact)
        .map(|contact| Key::Row(Entity::ContactOptOut, contact.row_id().0));
    said.chain([Key::OfPatient(Entity::Consent, patient.id)])
}

/// The ways by which a patient can be told as things are: where something is in their record, and nobody said to stop.
pub fn open_ways(view: &impl View, patient: &Patient) -> Vec<Channel> {
    let is_open = |way: &Channel| reach_by(view, *way, patient).is_ok_and(|(found, _)| found == *way);
    Channel::ALL.into_iter().filter(is_open).collect()
}

fn reach_by(view: &impl View, channel: Channel, patient: &Patient) -> Result<(Channel, String), NoticeState> {
    let (channel, address) = contact_of(view, channel, patient)?;
    let kind = match channel {
        Channel::Letter => return Ok((channel, address)),
        Channel::Email => ContactKind::Email,
        Channel::Sms | Channel::Voice => ContactKind::Phone,
    };
    match Contact::of(kind, &address) {
        None => Err(NoticeState::Failed(FailReason::NoContact)),
        Some(contact) => {
            heard(view, &contact).map_or(Ok((channel, address)), |why| Err(NoticeState::Void(why)))
        }
    }
}

/// What somebody said about a number or an address, when it keeps notices away from it.
pub(super) fn heard(view: &impl View, contact: &Contact) -> Option<VoidReason> {
    let Some(Row::ContactOptOut(said)) = view.one(&Key::Row(Entity::ContactOptOut, contact.row_id().0))
    else {
        return None;
    };
    if said.is_stopped() {
        Some(VoidReason::OptedOut)
    } else if said.is_wrong() {
        Some(VoidReason::WrongNumber)
    } else {
        None
    }
}

/// Where a letter to a patient goes: to the address that they gave in confidence and to no other, else where their mail
/// goes, else where they live.
pub fn postal(patient: &Patient) -> Result<&Address, NoticeState> {
    if patient.deceased_on.is_some() {
        return Err(NoticeState::Void(VoidReason::Deceased));
    }
    let sound = |usage| {
        let mut addresses = patient.addresses.iter();
        addresses.find(|address| address.usage == usage && !address.bad)
    };
    let found = match patient.has_confidential_address() {
        true => sound(AddressUse::Confidential),
        false => sound(AddressUse::Mailing).or_else(|| sound(AddressUse::Home)),
    };
    found.ok_or(NoticeState::Failed(FailReason::NoContact))
}

/// By which way and where, by the patient's own record alone: looks at their consents and nothing else. Whoever asked to
/// be written to somewhere else is written to there, and told nothing by any other way.
pub(super) fn contact_of(
    view: &impl View,
    channel: Channel,
    patient: &Patient,
) -> Result<(Channel, String), NoticeState> {
    let none = NoticeState::Failed(FailReason::NoContact);
    let letter = || postal(patient).map(|address| (Channel::Letter, address.one_line()));
    if patient.deceased_on.is_some() || patient.has_confidential_address() {
        return letter();
    }
    let found = match channel {
        Channel::Letter => return letter(),
        Channel::Email => telecoms(patient, TelecomSystem::Email)
            .find_map(|(_, value)| Contact::email(value))
            .map(|contact| contact.address),
        Channel::Voice => telecoms(patient, TelecomSystem::Phone)
            .find_map(|(_, value)| Contact::phone(value))
            .map(|contact| contact.address),
        Channel::Sms => {
            let mut phones = telecoms(patient, TelecomSystem::Phone)
                .filter_map(|(may, value)| Some((may, Contact::phone(value)?)))
                .peekable();
            phones.peek().ok_or(none)?;
            let may = phones.find(|(may, _)| *may && may_text(view, patient));
            let (_, contact) = may.ok_or(NoticeState::Void(VoidReason::NoConsent))?;
            Some(contact.address)
        }
    };
    found.map(|address| (channel, address)).ok_or(none)
}

/// A patient's phones or emails, the mobile first: whether it may be texted, and what was typed.
fn telecoms(patient: &Patient, system: TelecomSystem) -> impl Iterator<Item = (bool, &str)> {
    let by_use = [TelecomUse::Mobile, TelecomUse::Home, TelecomUse::Work];
    by_use.into_iter().flat_map(move |usage| {
        let of = move |point: &&ContactPoint| point.system == system && point.usage == usage;
        patient
            .telecoms
            .iter()
            .filter(of)
            .map(|point| (point.may_text, point.value.as_str()))
    })
}

/// Consent is given for a number (47 CFR 64.1200), and that is what its mark says. Whoever was asked on paper besides,
/// and declined or took it back, is not texted on any.
fn may_text(view: &impl View, patient: &Patient) -> bool {
    let rows = view.get(&Key::OfPatient(Entity::Consent, patient.id));
    let consents: Vec<&Consent> = rows
        .iter()
        .filter_map(|row| match row {
            Row::Consent(consent) if consent.kind == ConsentKind::Texting => Some(consent),
            _ => None,
        })
        .collect();
    consents.is_empty() || in_force(consents.iter().copied(), ConsentKind::Texting).is_some()
}
