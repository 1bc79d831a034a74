//! One set of checks, run on the device as people type and on the server before anything is written.
//!
//! The checks hang on the types (garde); here are the rules they name. A fault is a field and a code, and the
//! sentence is in [`crate::messages`].

use crate::decide::{Refusal, RefusalCode};
use crate::text::digits;
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// What checks know beside the value: the day. Nobody is born tomorrow.
pub type Today = NaiveDate;

macro_rules! fault_codes {
    ($($name:ident)*) => {
        /// What is wrong with a field.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FaultCode { $(#[allow(missing_docs)] $name,)* }

        impl FaultCode {
            /// All of them.
            pub const ALL: &'static [FaultCode] = &[$(FaultCode::$name,)*];
            /// Stable name.
            pub fn name(self) -> &'static str { match self { $(FaultCode::$name => stringify!($name),)* } }
        }
    };
}

fault_codes! {
    NameMissing TooLong BadCharacters
    MonthMissing DayMissing YearMissing NotADate BirthInFuture BirthTooLongAgo
    PhoneMissing PhoneWrong EmailWrong
    StreetMissing CityMissing StateWrong ZipWrong
    PayerMissing MemberIdMissing MemberIdWrong SubscriberMissing DatesReversed
    RelationshipMissing ReasonMissing GuarantorMissing AnswerMissing
    AnswerUnknown NumberWrong NumberOutOfRange
    ConsentUndecided SignatureMissing TypedNameMissing PhotoUnreadable
    Other
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Path of the field, like `contact.address.city`.
    pub field: String,
    /// What is wrong.
    pub code: FaultCode,
}

/// Everything that is wrong with a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// Nothing wrong, or a refusal that names the first field.
    pub fn into_refusal(self) -> Result<(), Refusal> {
        match self.0.first() {
            None => Ok(()),
            Some(first) => Err(Refusal::new(RefusalCode::Invalid)
                .with("field", first.field.as_str())
                .with("fault", first.code.name())),
        }
    }
}

/// A value that can be checked against the day.
pub trait Validate {
    /// Everything that is wrong with it.
    fn faults(&self, today: Today) -> Faults;
}

impl<T: garde::Validate<Context = Today>> Validate for T {
    fn faults(&self, today: Today) -> Faults {
        match self.validate_with(&today) {
            Ok(()) => Faults::default(),
            Err(report) => Faults(
                report
                    .iter()
                    .map(|(path, error)| Fault {
                        field: path.to_string(),
                        code: (FaultCode::ALL.iter().copied())
                            .find(|code| code.name() == error.message())
                            .unwrap_or(FaultCode::Other),
                    })
                    .collect(),
            ),
        }
    }
}

type Check = garde::Result;

fn fail(code: FaultCode) -> Check {
    Err(garde::Error::new(code.name()))
}

/// Longest text in one field, in characters.
pub const MAX_TEXT: usize = 200;
/// Longest free text, in characters.
pub const MAX_WORDS: usize = 2000;

/// Any text: not endless, no control characters.
pub fn line(text: &str, _: &Today) -> Check {
    if text.chars().count() > MAX_TEXT {
        return fail(FaultCode::TooLong);
    }
    if text.chars().any(char::is_control) {
        return fail(FaultCode::BadCharacters);
    }
    Ok(())
}

/// Any optional text.
pub fn optional_line(text: &Option<String>, today: &Today) -> Check {
    text.as_deref().map_or(Ok(()), |text| line(text, today))
}

/// A short list of texts.
pub fn lines(texts: &[String], today: &Today) -> Check {
    if texts.len() > MAX_TEXT {
        return fail(FaultCode::TooLong);
    }
    texts.iter().try_for_each(|text| line(text, today))
}

/// At least one of two names; single names are names.
pub fn either_name<'a>(other: &'a str) -> impl FnOnce(&str, &Today) -> Check + 'a {
    move |name, today| {
        if name.trim().is_empty() && other.trim().is_empty() {
            return fail(FaultCode::NameMissing);
        }
        line(name, today)
    }
}

/// Born, and not before anyone now alive.
pub fn birth(on: &NaiveDate, today: &Today) -> Check {
    if on > today {
        return fail(FaultCode::BirthInFuture);
    }
    if on.year() < today.year() - 130 {
        return fail(FaultCode::BirthTooLongAgo);
    }
    Ok(())
}

/// An optional date of birth.
pub fn optional_birth(on: &Option<NaiveDate>, today: &Today) -> Check {
    on.as_ref().map_or(Ok(()), |on| birth(on, today))
}

/// Ten digits of the North American plan, with or without the 1; or a number from abroad with its +. Either may
/// end in an extension of up to six digits after an x.
pub fn phone(text: &str, today: &Today) -> Check {
    if text.trim().is_empty() {
        return fail(FaultCode::PhoneMissing);
    }
    line(text, today)?;
    let (number, extension) = text.split_once(['x', 'X']).unwrap_or((text, ""));
    let written = |part: &str| part.chars().all(|c| c.is_ascii_digit() || " ()-.+".contains(c));
    let allowed = written(number) && written(extension) && digits(extension).len() <= 6;
    let plain = digits(number);
    let abroad = number.trim_start().starts_with('+') && (8..=15).contains(&plain.len());
    if allowed && (plain.len() == 10 || plain.len() == 11 && plain.starts_with('1') || abroad) {
        Ok(())
    } else {
        fail(FaultCode::PhoneWrong)
    }
}

/// An optional phone number.
pub fn optional_phone(text: &Option<String>, today: &Today) -> Check {
    match text.as_deref() {
        None => Ok(()),
        Some(text) => phone(text, today),
    }
}

/// A recorded phone or email. Phones from other systems come in many shapes, so only the email is strict.
pub fn contact_value(system: crate::patients::TelecomSystem) -> impl FnOnce(&str, &Today) -> Check {
    move |text, today| match system {
        crate::patients::TelecomSystem::Phone => {
            line(text, today)?;
            if digits(text).len() < 7 {
                fail(FaultCode::PhoneWrong)
            } else {
                Ok(())
            }
        }
        crate::patients::TelecomSystem::Email => optional_email(&Some(text.to_owned()), today),
    }
}

/// Something before an @, a dot after it.
pub fn optional_email(text: &Option<String>, today: &Today) -> Check {
    let Some(text) = text.as_deref().map(str::trim).filter(|t| !t.is_empty()) else {
        return Ok(());
    };
    line(text, today)?;
    match text.split_once('@') {
        Some((name, host))
            if !name.is_empty()
                && !host.contains('@')
                && host.split('.').count() >= 2
                && host.split('.').all(|part| !part.is_empty())
                && !text.contains(char::is_whitespace) =>
        {
            Ok(())
        }
        _ => fail(FaultCode::EmailWrong),
    }
}

fn required(text: &str, today: &Today, code: FaultCode) -> Check {
    if text.trim().is_empty() {
        fail(code)
    } else {
        line(text, today)
    }
}

/// A street.
pub fn street(text: &str, today: &Today) -> Check {
    required(text, today, FaultCode::StreetMissing)
}

/// A city.
pub fn city(text: &str, today: &Today) -> Check {
    required(text, today, FaultCode::CityMissing)
}

/// A payer's name.
pub fn payer(text: &str, today: &Today) -> Check {
    required(text, today, FaultCode::PayerMissing)
}

/// What someone is to the patient.
pub fn relationship(text: &str, today: &Today) -> Check {
    required(text, today, FaultCode::RelationshipMissing)
}

/// Why they came.
pub fn reason(text: &str, _: &Today) -> Check {
    if text.trim().is_empty() {
        return fail(FaultCode::ReasonMissing);
    }
    if text.chars().count() > MAX_WORDS {
        return fail(FaultCode::TooLong);
    }
    Ok(())
}

/// USPS codes of states, territories and military mail.
pub const STATES: [&str; 62] = [
    "AL", "AK", "AS", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FM", "FL", "GA", "GU", "HI", "ID", "IL",
    "IN", "IA", "KS", "KY", "LA", "ME", "MH", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH",
    "NJ", "NM", "NY", "NC", "ND", "MP", "OH", "OK", "OR", "PW", "PA", "PR", "RI", "SC", "SD", "TN", "TX",
    "UT", "VT", "VI", "VA", "WA", "WV", "WI", "WY", "AA", "AE", "AP",
];

/// A state's two letters.
pub fn state(text: &str, _: &Today) -> Check {
    if STATES.contains(&text.trim().to_ascii_uppercase().as_str()) {
        Ok(())
    } else {
        fail(FaultCode::StateWrong)
    }
}

/// Five digits, or nine.
pub fn zip(text: &str, _: &Today) -> Check {
    let plain: String = text.trim().chars().filter(|c| *c != '-').collect();
    let all_digits = plain.chars().all(|c| c.is_ascii_digit());
    if all_digits && (plain.len() == 5 || plain.len() == 9) {
        Ok(())
    } else {
        fail(FaultCode::ZipWrong)
    }
}

/// As on a card: letters, digits, spaces and hyphens, at most 80 (X12 NM109).
pub fn member_id(text: &str, _: &Today) -> Check {
    let text = text.trim();
    if text.is_empty() {
        return fail(FaultCode::MemberIdMissing);
    }
    if text.len() <= 80
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == ' ' || c == '-')
    {
        Ok(())
    } else {
        fail(FaultCode::MemberIdWrong)
    }
}

/// A date typed in three parts; the first part that is wrong is named.
pub fn date_from_parts(month: &str, day: &str, year: &str) -> Result<NaiveDate, FaultCode> {
    let part = |text: &str, missing| match text.trim() {
        "" => Err(missing),
        text => text.parse::<i32>().map_err(|_| FaultCode::NotADate),
    };
    let month = part(month, FaultCode::MonthMissing)?;
    let day = part(day, FaultCode::DayMissing)?;
    let year = part(year, FaultCode::YearMissing)?;
    if year < 1000 {
        return Err(FaultCode::YearMissing);
    }
    let (month, day) = (u32::try_from(month), u32::try_from(day));
    match (month, day) {
        (Ok(month), Ok(day)) => NaiveDate::from_ymd_opt(year, month, day).ok_or(FaultCode::NotADate),
        _ => Err(FaultCode::NotADate),
    }
}

/// The subscriber must be told when the patient is not the subscriber.
pub fn subscriber_of<T>(
    relationship: crate::coverage::SubscriberRelationship,
) -> impl FnOnce(&Option<T>, &Today) -> Check {
    move |subscriber, _| {
        let own = relationship == crate::coverage::SubscriberRelationship::Itself;
        if own || subscriber.is_some() {
            Ok(())
        } else {
            fail(FaultCode::SubscriberMissing)
        }
    }
}

/// An end is not before its beginning.
pub fn not_before(start: Option<NaiveDate>) -> impl FnOnce(&Option<NaiveDate>, &Today) -> Check {
    move |end, _| match (start, end) {
        (Some(start), Some(end)) if *end < start => fail(FaultCode::DatesReversed),
        _ => Ok(()),
    }
}

/// Someone must pay for a child.
pub fn guarantor_for<T>(birth_on: NaiveDate, returning: bool) -> impl FnOnce(&Option<T>, &Today) -> Check {
    move |guarantor, today| {
        let minor = today
            .years_since(birth_on)
            .is_none_or(|age| age < crate::patients::guarantor::ADULT);
        if minor && !returning && guarantor.is_none() {
            fail(FaultCode::GuarantorMissing)
        } else {
            Ok(())
        }
    }
}

/// What was agreed to is signed, with a name typed under it.
pub fn signed(
    decision: crate::intake::ConsentDecision,
) -> impl FnOnce(&Option<crate::intake::Signature>, &Today) -> Check {
    move |signature, _| match (decision, signature) {
        (crate::intake::ConsentDecision::Declined, _) => Ok(()),
        (_, None) => fail(FaultCode::SignatureMissing),
        (_, Some(signature)) if signature.typed_name.trim().is_empty() => fail(FaultCode::TypedNameMissing),
        _ => Ok(()),
    }
}

/// A SHA-256 in hex.
pub fn optional_hash(hash: &Option<String>, _: &Today) -> Check {
    match hash.as_deref() {
        Some(hash) if hash.len() != 64 || !hash.chars().all(|c| c.is_ascii_hexdigit()) => {
            fail(FaultCode::PhotoUnreadable)
        }
        _ => Ok(()),
    }
}
