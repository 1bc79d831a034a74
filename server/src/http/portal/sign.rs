//! Signing a form at home: whoever signs types their name under words that say what that means. A typed name is a
//! signature when it is meant as one (15 USC 7001(a), 7006(5)); nobody has to sign in this way (15 USC 7001(b)(2)), and
//! for a child somebody else does.

use super::forms::Fields;
use crate::http::public::page::t;
use crate::services::portal::forms::Signed;
use domain::intake::{Signature, SignerRelationship};
use domain::text::{Lang, Text};
use domain::validate::{FaultCode, MAX_TEXT};
use maud::{Markup, html};

/// A typed name.
const NAME: &str = "signed_name";
/// Who that is.
const AS: &str = "signed_as";

/// What is signed under. The audit keeps its hash beside the signature: when it is worded otherwise, it hashes otherwise.
const WORDS: Text = t(
    "By typing my name and pressing Sign and send, I sign this form electronically. It counts as if I had signed it on \
     paper. If I would rather sign on paper, I leave this page and do so at the practice.",
    "Al escribir mi nombre y oprimir Firmar y enviar, firmo este formulario electrónicamente. Vale como si lo hubiera \
     firmado en papel. Si prefiero firmar en papel, salgo de esta página y lo hago en la clínica.",
);

const WHO: [(&str, SignerRelationship, Text); 3] = [
    (
        "patient",
        SignerRelationship::Patient,
        t("I am the patient", "Soy el paciente"),
    ),
    (
        "parent",
        SignerRelationship::Parent,
        t("I am a parent of the patient", "Soy madre o padre del paciente"),
    ),
    (
        "representative",
        SignerRelationship::Representative,
        t(
            "I decide for the patient (guardian, power of attorney)",
            "Decido por el paciente (tutela, poder legal)",
        ),
    ),
];

/// The signature that was sent along; nothing when it was not yet asked for. An adult who says nothing else signs for
/// themselves; who signs for a child is always said.
pub fn read(fields: &Fields, adult: bool, lang: Lang) -> Result<Option<Signed>, FaultCode> {
    let field = |name: &str| fields.iter().find(|(known, _)| known == name);
    let Some((_, name)) = field(NAME) else {
        return Ok(None);
    };
    let name = name.trim();
    if name.is_empty() {
        return Err(FaultCode::TypedNameMissing);
    }
    if name.chars().count() > MAX_TEXT {
        return Err(FaultCode::TooLong);
    }
    let said = field(AS).map_or("", |(_, said)| said.as_str());
    let relationship = match WHO.iter().find(|(known, ..)| *known == said) {
        Some((_, relationship, _)) => *relationship,
        None if adult => SignerRelationship::Patient,
        None => return Err(FaultCode::RelationshipMissing),
    };
    Ok(Some(Signed {
        signature: Signature {
            strokes: Vec::new(),
            typed_name: name.to_owned(),
            relationship,
        },
        under: WORDS.get(lang),
    }))
}

/// Asks for it.
pub fn ask(fields: &Fields, adult: bool, wrong: bool, lang: Lang) -> Markup {
    let said = |name: &str| {
        let found = fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    let chosen = match said(AS) {
        "" if adult => "patient",
        other => other,
    };
    html! {
        fieldset aria-describedby=[wrong.then_some("fault")] {
            legend { (t("Who signs?", "¿Quién firma?").get(lang)) }
            @for (value, _, label) in WHO {
                label.check { input type="radio" name=(AS) value=(value) required checked[chosen == value]; (label.get(lang)) }
            }
        }
        p id="words" { (WORDS.get(lang)) }
        label for=(NAME) { (t("To sign, type your whole name", "Para firmar, escriba su nombre completo").get(lang)) }
        input id=(NAME) name=(NAME) value=(said(NAME)) autocomplete="name" maxlength="100" required
            aria-describedby="words" aria-invalid=[wrong.then_some("true")];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(fields: &[(&str, &str)]) -> Fields {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        fields.iter().map(owned).collect()
    }

    #[test]
    fn who_signs_for_a_child_says_who_they_are() {
        let name = (NAME, " Ana Delgado ");
        let as_parent = sent(&[name, (AS, "parent")]);
        for adult in [true, false] {
            let signed = read(&as_parent, adult, Lang::En).ok().flatten().unwrap();
            assert_eq!(signed.signature.typed_name, "Ana Delgado");
            assert_eq!(signed.signature.relationship, SignerRelationship::Parent);
            assert!(signed.under.contains("electronically"));
        }
        let bare = read(&sent(&[name]), true, Lang::En).ok().flatten().unwrap();
        assert_eq!(bare.signature.relationship, SignerRelationship::Patient);
        let unsaid = |fields: &[(&str, &str)]| read(&sent(fields), false, Lang::Es).err();
        assert_eq!(unsaid(&[name]), Some(FaultCode::RelationshipMissing));
        assert_eq!(
            unsaid(&[name, (AS, "owner")]),
            Some(FaultCode::RelationshipMissing)
        );
        assert_eq!(unsaid(&[(NAME, " ")]), Some(FaultCode::TypedNameMissing));
        assert_eq!(unsaid(&[]), None);
        let long = "x".repeat(MAX_TEXT + 1);
        assert_eq!(unsaid(&[(NAME, &long)]), Some(FaultCode::TooLong));
    }
}
