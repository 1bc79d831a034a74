//! Who is meant by a name, as people and other systems write it: in any order, with accents or without, with titles and
//! the letters of a profession or without.

use crate::practice::Practitioner;
use crate::text::fold;

/// What stands before or behind a name, folded.
const TITLES: [&str; 47] = [
    "dr", "dra", "prof", "mr", "mrs", "ms", "md", "do", "mbbs", "np", "pa", "rn", "aprn", "arnp", "fnp",
    "cnp", "crnp", "dnp", "bc", "cnm", "crna", "msn", "bsn", "phd", "psyd", "lcsw", "lpc", "lmft", "dds",
    "dmd", "dpm", "od", "dc", "pt", "dpt", "facp", "faafp", "faap", "facog", "facc", "facs", "cns", "ccrn",
    "jr", "sr", "ii", "iii",
];

/// A name as it is compared: its words without titles, in an order of their own. "Okafor, Samuel", "Dr. Samuel Okafor"
/// and "SAMUEL OKAFOR, M.D." are one.
pub fn name_words(name: &str) -> Vec<String> {
    let words: Vec<String> = fold(name).split_whitespace().map(str::to_owned).collect();
    let is_plain = |word: &&String| !TITLES.contains(&word.as_str());
    let plain: Vec<String> = words.iter().filter(is_plain).cloned().collect();
    // There are families called Do and Pa: of a whole name two words are left.
    let mut words = if plain.len() > 1 { plain } else { words };
    words.sort_unstable();
    words
}

/// What a name says beside the words of another one; nothing when it does not say all of those.
fn beside<'a>(name: &'a str, known: &str) -> Option<Vec<&'a str>> {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    for word in known.split_whitespace() {
        let at = words.iter().position(|one| *one == word)?;
        words.remove(at);
    }
    Some(words)
}

impl Practitioner {
    /// Whether they may be meant by a name: their whole one or the family's, with titles and letters that need not be
    /// those in their record.
    pub fn is_called(&self, name: &str) -> bool {
        let name = fold(name);
        let letters = fold(self.credentials.as_deref().unwrap_or_default());
        // The c of "PA-C" is a word of its own once it is folded.
        let is_title = |word: &&str| {
            TITLES.contains(word) || *word == "c" || letters.split_whitespace().any(|one| one == *word)
        };
        let whole = fold(&format!("{} {}", self.given_name, self.family_name));
        [whole, fold(&self.family_name)].iter().any(|known| {
            let rest = beside(&name, known).filter(|_| !known.is_empty());
            rest.is_some_and(|rest| rest.iter().all(is_title))
        })
    }
}

/// The one who is meant by a name; nobody when several may be.
pub fn only_called<'a>(
    all: impl IntoIterator<Item = &'a Practitioner>,
    name: &str,
) -> Option<&'a Practitioner> {
    let mut found = all.into_iter().filter(|one| one.is_called(name));
    found.next().filter(|_| found.next().is_none())
}
