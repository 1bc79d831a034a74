//! Numbers and addresses that notices go to, and what was said about them. What was said holds for the number and not
//! for a patient: whoever says STOP means the telephone in their hand, and it may be in three records.

use crate::id::ContactOptOutId;
use crate::text::digits;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A telephone number: texts and calls.
    Phone,
    /// An email address.
    Email,
}

impl ContactKind {
    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            ContactKind::Phone => "phone",
            ContactKind::Email => "email",
        }
    }
}

/// A number or an address in the one form in which it is compared and sent to: E.164 (`+14145550134`), or an email
/// address in lower case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contact {
    /// What kind.
    pub kind: ContactKind,
    /// In its one form.
    pub address: String,
}

impl Contact {
    /// A telephone number as somebody typed it: ten digits of the North American plan, eleven with their 1, or one from
    /// abroad with its +. None that has an extension: behind a switchboard nobody reads texts.
    pub fn phone(typed: &str) -> Option<Contact> {
        if typed.contains(['x', 'X', '#']) {
            return None;
        }
        let plain = digits(typed);
        let abroad = typed.trim_start().starts_with('+');
        let address = match plain.len() {
            10 if !abroad => format!("+1{plain}"),
            11 if plain.starts_with('1') => format!("+{plain}"),
            8..=15 if abroad => format!("+{plain}"),
            _ => return None,
        };
        let kind = ContactKind::Phone;
        Some(Contact { kind, address })
    }

    /// An email address as somebody typed it.
    pub fn email(typed: &str) -> Option<Contact> {
        let address = typed.trim().to_lowercase();
        let parts = address.split_once('@');
        let sound = parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.'))
            && !address.contains(|c: char| c.is_whitespace() || c.is_control());
        let kind = ContactKind::Email;
        sound.then_some(Contact { kind, address })
    }

    /// Of either kind.
    pub fn of(kind: ContactKind, typed: &str) -> Option<Contact> {
        match kind {
            ContactKind::Phone => Contact::phone(typed),
            ContactKind::Email => Contact::email(typed),
        }
    }

    /// The id of the row in which what was said about it is kept: it follows from the contact, on every device.
    pub fn row_id(&self) -> ContactOptOutId {
        /// Drawn once, for this purpose.
        const CONTACTS: Uuid = Uuid::from_u128(0x6f1d_52a0_93c4_4b7e_8a55_1d0c_7e21_b9f4);
        let name = [self.kind.name(), ":", &self.address].concat();
        ContactOptOutId(Uuid::new_v5(&CONTACTS, name.as_bytes()))
    }
}

/// By which way somebody said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// In a text.
    Text,
    /// By the link in a notice.
    Link,
    /// By voice, to someone at the desk or on the telephone.
    Voice,
    /// In an email or a letter.
    Writing,
    /// The network said so.
    Network,
}

/// What was said about one number or address (47 CFR 64.1200(a)(10): taken back in any reasonable way). What was said
/// is kept as its latest moments, so that it comes out the same in whichever order it is heard.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ContactOptOut {
    /// From the contact itself.
    pub id: ContactOptOutId,
    /// What kind.
    pub kind: ContactKind,
    /// In its one form.
    pub address: String,
    /// When somebody last said to stop.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When somebody last said to begin again.
    pub started_at: Option<DateTime<Utc>>,
    /// When somebody last said that it is not who we think.
    pub wrong_at: Option<DateTime<Utc>>,
    /// By which way the last was said.
    pub via: Via,
    /// Who noted it.
    pub noted_by: String,
}
crate::redacted_debug!(Contact, ContactOptOut);

impl ContactOptOut {
    /// Nothing was said yet.
    pub fn new(contact: &Contact, via: Via, noted_by: &str) -> Self {
        ContactOptOut {
            id: contact.row_id(),
            kind: contact.kind,
            address: contact.address.clone(),
            stopped_at: None,
            started_at: None,
            wrong_at: None,
            via,
            noted_by: noted_by.to_owned(),
        }
    }

    /// Whether nothing may be sent there because somebody said so. Stopping wins over beginning at the same moment.
    pub fn is_stopped(&self) -> bool {
        since(self.stopped_at, self.started_at)
    }

    /// Whether somebody else has it.
    pub fn is_wrong(&self) -> bool {
        since(self.wrong_at, self.started_at)
    }
}

fn since(said: Option<DateTime<Utc>>, undone: Option<DateTime<Utc>>) -> bool {
    said.is_some_and(|said| undone.is_none_or(|undone| undone <= said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for typed in [
            "414 555 0134",
            "(414) 555-0134",
            "1-414-555-0134",
            "+1 414.555.0134",
        ] {
            let contact = Contact::phone(typed).unwrap();
            assert_eq!(contact.address, "+14145550134", "{typed}");
            assert_eq!(contact.row_id(), Contact::phone("4145550134").unwrap().row_id());
        }
        assert_eq!(
            Contact::phone("+52 55 1234 5678").unwrap().address,
            "+525512345678"
        );
        for none in ["414 555 0134 x12", "555 0134", "", "+", "2 414 555 0134"] {
            assert!(Contact::phone(none).is_none(), "{none}");
        }
        assert_eq!(
            Contact::email(" Elena@Example.org ").unwrap().address,
            "elena@example.org"
        );
        for none in [
            "elena",
            "@example.org",
            "a b@example.org",
            "a@b",
            "a@example.org\nBcc: x@y.z",
        ] {
            assert!(Contact::email(none).is_none(), "{none}");
        }
    }
}
