//! The extensions of the US Core Patient profile that registration asks for.

use std::borrow::Cow;

use serde::Deserialize;

use crate::Coding;

const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
const ETHNICITY: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
const BIRTH_SEX: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";
const MAIDEN_NAME: &str = "http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName";

/// US Core race or ethnicity: OMB categories (CDCREC codes such as 2106-3), finer codes, and the words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OmbCategories {
    pub omb: Vec<Coding>,
    pub detailed: Vec<Coding>,
    pub text: Option<String>,
}

/// An extension with the few value types that are looked at.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Extension<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
    value_coding: Option<Coding>,
    value_string: Option<String>,
    value_code: Option<String>,
    #[serde(borrow)]
    extension: Vec<Extension<'a>>,
}

/// What was found among a patient's extensions.
#[derive(Default)]
pub(crate) struct Found {
    pub race: Option<OmbCategories>,
    pub ethnicity: Option<OmbCategories>,
    pub birth_sex: Option<String>,
    pub mothers_maiden_name: Option<String>,
}

pub(crate) fn find(extensions: Vec<Extension<'_>>) -> Found {
    let mut found = Found::default();
    for extension in extensions {
        match extension.url.as_ref() {
            RACE => found.race = Some(categories(extension.extension)),
            ETHNICITY => found.ethnicity = Some(categories(extension.extension)),
            BIRTH_SEX => found.birth_sex = extension.value_code,
            MAIDEN_NAME => found.mothers_maiden_name = extension.value_string,
            _ => {}
        }
    }
    found
}

fn categories(parts: Vec<Extension<'_>>) -> OmbCategories {
    let mut out = OmbCategories::default();
    for part in parts {
        match part.url.as_ref() {
            "ombCategory" => out.omb.extend(part.value_coding),
            "detailed" => out.detailed.extend(part.value_coding),
            "text" => out.text = part.value_string,
            _ => {}
        }
    }
    out
}
