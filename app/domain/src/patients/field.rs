//! The fields of a patient that are shown, compared and merged one by one.
//!
//! A change carries the value it was made from, so that two people who edited different fields never meet, and
//! two who edited the same one are told.

use super::*;
use crate::text::Text;
use serde_json::Value;

macro_rules! fields {
    ($($name:ident $en:literal $es:literal $identity:literal;)*) => {
        /// One field that can be corrected.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum PatientField { $(#[doc = $en] $name,)* }

        impl PatientField {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [PatientField] = &[$(PatientField::$name,)*];
            /// What people call it.
            pub fn label(self) -> Text { match self { $(PatientField::$name => Text { en: $en, es: $es },)* } }
            /// Whether it says who someone is: never taken over by "accept all".
            pub fn is_identity(self) -> bool { match self { $(PatientField::$name => $identity,)* } }
        }
    };
}

fields! {
    FamilyName "Family name" "Apellidos" true;
    GivenName "Given name" "Nombre" true;
    MiddleName "Middle name" "Segundo nombre" true;
    Suffix "Suffix" "Sufijo" true;
    PreferredName "Preferred name" "Nombre preferido" false;
    PayerName "Name as the payer has it" "Nombre según el seguro" true;
    BirthOn "Date of birth" "Fecha de nacimiento" true;
    Sex "Sex on insurance record" "Sexo en los datos del seguro" true;
    GenderIdentity "Gender" "Género" false;
    Pronouns "Pronouns" "Pronombres" false;
    MobilePhone "Mobile phone" "Teléfono celular" false;
    HomePhone "Home phone" "Teléfono de casa" false;
    WorkPhone "Work phone" "Teléfono del trabajo" false;
    Email "Email" "Correo electrónico" false;
    HomeAddress "Address" "Dirección" false;
    MailingAddress "Mailing address" "Dirección postal" false;
    PreferredChannel "Told by" "Avisos por" false;
    Language "Language" "Idioma" false;
    InterpreterNeeded "Interpreter" "Intérprete" false;
    RaceCodes "Race" "Raza" false;
    EthnicityCode "Ethnicity" "Etnia" false;
}

/// One correction of a patient's own field.
pub type FieldChange = Change<PatientField>;
crate::redacted_debug!(FieldChange);

impl PatientField {
    /// With which edition it came (see [`crate::row::EDITION`]).
    pub fn edition(self) -> u32 {
        match self {
            PatientField::PreferredChannel => 5,
            _ => 1,
        }
    }

    /// As on the wire: "mobile_phone".
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(Value::String(name)) => name,
            _ => String::new(),
        }
    }

    /// The field's value; null when there is none.
    pub fn read(self, p: &Patient) -> Value {
        use PatientField::*;
        fn json(value: impl Serialize) -> Value {
            serde_json::to_value(value).unwrap_or(Value::Null)
        }
        fn text(value: &str) -> Value {
            if value.is_empty() {
                Value::Null
            } else {
                Value::String(value.to_owned())
            }
        }
        match self {
            FamilyName => text(&p.family_name),
            GivenName => text(&p.given_name),
            MiddleName => json(&p.middle_name),
            Suffix => json(&p.suffix),
            PreferredName => json(&p.preferred_name),
            PayerName => json(&p.payer_name),
            BirthOn => json(p.birth_on),
            Sex => json(p.sex),
            GenderIdentity => json(&p.gender_identity),
            Pronouns => json(&p.pronouns),
            MobilePhone | HomePhone | WorkPhone | Email => {
                let (system, usage) = self
                    .contact_point()
                    .unwrap_or((TelecomSystem::Phone, TelecomUse::Mobile));
                json(p.telecom(system, usage))
            }
            HomeAddress => json(p.addresses.iter().find(|a| a.usage == AddressUse::Home)),
            MailingAddress => json(p.addresses.iter().find(|a| a.usage == AddressUse::Mailing)),
            PreferredChannel => json(p.preferred_channel),
            Language => text(&p.language),
            InterpreterNeeded => json(p.interpreter_needed),
            RaceCodes => {
                if p.race_codes.is_empty() {
                    Value::Null
                } else {
                    json(&p.race_codes)
                }
            }
            EthnicityCode => json(&p.ethnicity_code),
        }
    }

    /// Puts a value in the field; null removes what may be removed. Of two phones of one kind, which only another
    /// system records, the first is meant.
    pub fn write(self, p: &mut Patient, value: Value) -> Result<(), WrongShape> {
        use PatientField::*;
        let wrong = || WrongShape(self.name());
        fn to<T: serde::de::DeserializeOwned>(
            value: Value,
            wrong: impl FnOnce() -> WrongShape,
        ) -> Result<T, WrongShape> {
            serde_json::from_value(value).map_err(|_| wrong())
        }
        match self {
            FamilyName => p.family_name = to::<Option<String>>(value, wrong)?.unwrap_or_default(),
            GivenName => p.given_name = to::<Option<String>>(value, wrong)?.unwrap_or_default(),
            MiddleName => p.middle_name = to(value, wrong)?,
            Suffix => p.suffix = to(value, wrong)?,
            PreferredName => p.preferred_name = to(value, wrong)?,
            PayerName => p.payer_name = to(value, wrong)?,
            BirthOn => p.birth_on = to(value, wrong)?,
            Sex => p.sex = to(value, wrong)?,
            GenderIdentity => p.gender_identity = to(value, wrong)?,
            Pronouns => p.pronouns = to(value, wrong)?,
            MobilePhone | HomePhone | WorkPhone | Email => {
                let (system, usage) = self.contact_point().ok_or_else(wrong)?;
                let new: Option<ContactPoint> = to(value, wrong)?;
                if new
                    .as_ref()
                    .is_some_and(|c| (c.system, c.usage) != (system, usage))
                {
                    return Err(wrong());
                }
                let at = p
                    .telecoms
                    .iter()
                    .position(|t| t.system == system && t.usage == usage);
                replace(&mut p.telecoms, at, new);
                p.telecoms.sort_by_key(|t| (t.system, t.usage));
            }
            HomeAddress | MailingAddress => {
                let usage = if self == HomeAddress {
                    AddressUse::Home
                } else {
                    AddressUse::Mailing
                };
                let new: Option<Address> = to(value, wrong)?;
                if new.as_ref().is_some_and(|a| a.usage != usage) {
                    return Err(wrong());
                }
                let at = p.addresses.iter().position(|a| a.usage == usage);
                replace(&mut p.addresses, at, new);
                p.addresses.sort_by_key(|a| a.usage);
            }
            PreferredChannel => p.preferred_channel = to(value, wrong)?,
            Language => p.language = to::<Option<String>>(value, wrong)?.unwrap_or_default(),
            InterpreterNeeded => p.interpreter_needed = to(value, wrong)?,
            RaceCodes => p.race_codes = to::<Option<Vec<String>>>(value, wrong)?.unwrap_or_default(),
            EthnicityCode => p.ethnicity_code = to(value, wrong)?,
        }
        Ok(())
    }

    /// Which contact point it is, for phones and email.
    pub fn contact_point(self) -> Option<(TelecomSystem, TelecomUse)> {
        match self {
            PatientField::MobilePhone => Some((TelecomSystem::Phone, TelecomUse::Mobile)),
            PatientField::HomePhone => Some((TelecomSystem::Phone, TelecomUse::Home)),
            PatientField::WorkPhone => Some((TelecomSystem::Phone, TelecomUse::Work)),
            PatientField::Email => Some((TelecomSystem::Email, TelecomUse::Home)),
            _ => None,
        }
    }

    /// A value as people read it; empty when there is none.
    pub fn show(self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::Object(object) if object.contains_key("line1") => {
                serde_json::from_value::<Address>(value.clone())
                    .map(|a| a.one_line())
                    .unwrap_or_default()
            }
            Value::Object(object) => object
                .get("value")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            Value::Array(items) => items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join(", "),
            Value::Number(number) => number.to_string(),
        }
    }
}

/// Replaces in place. The list is sorted after it, so that two additions give one order in whichever order
/// they arrive.
fn replace<T>(list: &mut Vec<T>, at: Option<usize>, new: Option<T>) {
    match (at, new) {
        (Some(at), Some(new)) => list[at] = new,
        (Some(at), None) => {
            list.remove(at);
        }
        (None, Some(new)) => list.push(new),
        (None, None) => {}
    }
}
