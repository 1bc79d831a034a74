//! Text in the languages that patients read here, and folding it for search.

use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A language that every screen for patients is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Lang {
    /// English
    #[default]
    #[serde(rename = "en")]
    En,
    /// Spanish
    #[serde(rename = "es")]
    Es,
}

impl Lang {
    /// BCP 47 tag, as in the page's `lang`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }

    /// From a BCP 47 tag; what is not Spanish reads English.
    pub fn from_tag(tag: &str) -> Lang {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("es") {
            Lang::Es
        } else {
            Lang::En
        }
    }
}

/// A sentence in both languages, fixed at compile time: a missing translation does not compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English
    pub en: &'static str,
    /// Spanish
    pub es: &'static str,
}

impl Text {
    /// The sentence in one language.
    pub fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Es => self.es,
        }
    }
}

/// A sentence in both languages that the practice itself writes (form titles, consent texts).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Wording {
    /// English
    pub en: String,
    /// Spanish
    pub es: String,
}

impl Wording {
    /// Both languages at once.
    pub fn new(en: impl Into<String>, es: impl Into<String>) -> Self {
        Wording {
            en: en.into(),
            es: es.into(),
        }
    }

    /// The sentence in one language; an empty translation falls back to English rather than showing nothing.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Es if !self.es.is_empty() => &self.es,
            _ => &self.en,
        }
    }
}

/// Lower case without accents, marks or punctuation: how names are compared. `O'Néill-Ruiz` gives `oneill ruiz`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
    {
        match c {
            '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '.' | '`' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            c if c.is_alphanumeric() => out.push(c),
            _ => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Lower case without punctuation, accents kept: two texts that are read out the same. `402 Mill St.` gives
/// `402 mill st`.
pub fn spoken(text: &str) -> String {
    let plain: String = text
        .nfc()
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʻ' | 'ʼ' | '.' | '`'))
        .map(|c| {
            if c.is_alphanumeric() || is_combining_mark(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    // Marks that a point stood between are neighbours now, and neighbours have one order and one letter.
    plain
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .nfc()
        .collect()
}

/// The digits of a phone number without the 1 of the North American plan: how numbers are compared.
pub fn phone_digits(text: &str) -> String {
    let digits = digits(text);
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

/// Only the digits of a phone number or postal code.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_accents_and_punctuation() {
        assert_eq!(fold("  Muñoz-Peña "), "munoz pena");
        assert_eq!(fold("O'Néill"), "oneill");
        assert_eq!(fold("Łukasz Đỗ"), "lukasz do");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn marks_that_a_point_stood_between_are_read_as_one_letter() {
        assert_eq!(spoken("e`\u{301}"), "é");
        let apart = "\u{10f46}`\u{113ce}";
        assert_eq!(spoken(&spoken(apart)), spoken(apart));
    }

    #[test]
    fn a_missing_translation_falls_back_to_english() {
        assert_eq!(Wording::new("Hello", "").get(Lang::Es), "Hello");
    }
}
