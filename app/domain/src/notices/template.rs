//! The words of a rule. What can be filled in is a closed list, and nothing on it says why somebody comes, with whom,
//! or what it costs: a text lies open on a locked telephone (45 CFR 164.502(b), minimum necessary).

use crate::text::{Lang, Wording};
use serde::{Deserialize, Serialize};

macro_rules! placeholders {
    ($($(#[$doc:meta])* $name:ident $written:literal;)*) => {
        /// What can be filled in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Placeholder { $($(#[$doc])* $name,)* }

        impl Placeholder {
            /// All of them.
            pub const ALL: &'static [Placeholder] = &[$(Placeholder::$name,)*];
            /// As it is written between braces.
            pub fn written(self) -> &'static str { match self { $(Placeholder::$name => $written,)* } }
        }
    };
}

placeholders! {
    /// The practice, as patients know it.
    Practice "practice";
    /// The site.
    Site "site";
    /// The day.
    Date "date";
    /// The time of day.
    Time "time";
    /// What to call the patient: their first name.
    FirstName "first_name";
    /// Where to confirm, cancel or ask for another time.
    Link "link";
}

/// Longest template of a text message, in characters: three segments with what is filled in.
pub const LONGEST_TEXT: usize = 320;
/// Longest template of a mail or a letter, in characters.
pub const LONGEST_BODY: usize = 2000;

/// One part of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// As written.
    Words(&'a str),
    /// Filled in.
    Filled(Placeholder),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateFault {
    /// A placeholder that is not on the list.
    Unknown(String),
    /// A brace without its other.
    Brace,
    /// Nothing is written, in a language that patients read.
    Empty(Lang),
    /// Longer than a message may be.
    TooLong,
}

/// A template's parts; every placeholder is on the list.
pub fn parts(text: &str) -> Result<Vec<Part<'_>>, TemplateFault> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (words, tail) = rest.split_at(at);
        if !words.is_empty() {
            out.push(Part::Words(words));
        }
        let inner = tail.strip_prefix('{').ok_or(TemplateFault::Brace)?;
        let (name, after) = inner.split_once('}').ok_or(TemplateFault::Brace)?;
        let known = Placeholder::ALL.iter().find(|p| p.written() == name.trim());
        match known {
            Some(placeholder) => out.push(Part::Filled(*placeholder)),
            None => return Err(TemplateFault::Unknown(name.trim().to_owned())),
        }
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Part::Words(rest));
    }
    Ok(out)
}

/// Whether a template can be used: both languages, known placeholders, not endless.
pub fn check(text: &Wording, longest: usize) -> Result<(), TemplateFault> {
    for (lang, words) in [(Lang::En, &text.en), (Lang::Es, &text.es)] {
        if words.trim().is_empty() {
            return Err(TemplateFault::Empty(lang));
        }
        if words.chars().count() > longest {
            return Err(TemplateFault::TooLong);
        }
        parts(words)?;
    }
    Ok(())
}

/// Fills a template. What cannot be read as one is left as it is written: it was checked when the rule was set.
pub fn fill(text: &str, value: impl Fn(Placeholder) -> String) -> String {
    match parts(text) {
        Ok(parts) => parts
            .into_iter()
            .map(|part| match part {
                Part::Words(words) => words.to_owned(),
                Part::Filled(placeholder) => value(placeholder),
            })
            .collect(),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_on_the_list_can_be_filled_in() {
        let filled = fill("{first_name}, see you at { site }.", |p| {
            p.written().to_uppercase()
        });
        assert_eq!(filled, "FIRST_NAME, see you at SITE.");
        for refused in [
            "visit_type",
            "practitioner",
            "reason",
            "family_name",
            "balance",
            "",
            "Date",
        ] {
            let text = format!("Hello {{{refused}}}");
            assert_eq!(parts(&text), Err(TemplateFault::Unknown(refused.to_owned())));
        }
        for broken in ["{date", "date}", "{{date}}", "}{"] {
            assert!(parts(broken).is_err(), "{broken}");
        }
        assert_eq!(parts("plain"), Ok(vec![Part::Words("plain")]));
    }

    #[test]
    fn a_template_is_written_in_both_languages_and_has_an_end() {
        let check = |en: &str, es: &str| super::check(&Wording::new(en, es), 20);
        assert_eq!(check("See you {date}", "Hasta {date}"), Ok(()));
        assert_eq!(check("See you", " "), Err(TemplateFault::Empty(Lang::Es)));
        assert_eq!(check(&"x".repeat(21), "x"), Err(TemplateFault::TooLong));
        assert_eq!(
            check("x", "{motivo}"),
            Err(TemplateFault::Unknown("motivo".into()))
        );
    }
}
