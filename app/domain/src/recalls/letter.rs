//! The letter that asks somebody to come again. Where it goes and what may be in it is what a notice's rules say: not
//! why they are to come, nor to whom, since others in a house open letters, too.

use super::Recall;
use crate::notices::message::{Spoken, Words, say};
use crate::notices::reach::postal;
use crate::notices::template::{Part, Placeholder, parts};
use crate::notices::{Channel, NoticeKind, NoticeRule, NoticeState, standard};
use crate::patients::guarantor::is_minor;
use crate::patients::{AddressUse, Patient};
use crate::schedule::{VisitType, is_shown_online};
use crate::text::{Lang, Text, Wording};
use chrono::{NaiveDate, NaiveTime};

/// Stands above a child's name on the envelope.
const FOR_A_CHILD: Text = Text {
    en: "Parent or guardian of",
    es: "Madre, padre o tutor de",
};

/// Why somebody is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLetter {
    /// What stands against any notice by letter.
    Notice(NoticeState),
    /// A young person's visit, of a kind that a parent may not be told of, and no address that they gave in confidence.
    Theirs,
}

impl NoLetter {
    /// Why, as colleagues say it.
    pub fn label(self) -> Text {
        match self {
            NoLetter::Notice(state) => state.label(),
            NoLetter::Theirs => Text {
                en: "What they come for may be theirs to tell: ask them how to reach them.",
                es: "A qué viene puede ser cosa suya: pregúntele cómo avisarle.",
            },
        }
    }
}

/// A letter.
#[derive(Clone, PartialEq)]
pub struct Letter {
    /// Name and address, as on an envelope.
    pub to: Vec<String>,
    /// In which language it is.
    pub language: Lang,
    /// Heading and body.
    pub words: Words,
}
crate::redacted_debug!(Letter);

impl Recall {
    /// The letter to a patient from a practice's site, or why there is none. It says what the practice's own rule for
    /// such letters says, where there is one.
    pub fn letter(
        &self,
        patient: &Patient,
        (practice, site): (&str, &str),
        kind: Option<&VisitType>,
        rules: &[NoticeRule],
        today: NaiveDate,
    ) -> Result<Letter, NoLetter> {
        let address = postal(patient).map_err(NoLetter::Notice)?;
        let language = Lang::from_tag(&patient.language);
        let name = format!("{} {}", patient.given_name, patient.family_name);
        let name = name.trim();
        // Who gave an address in confidence is written to there by themselves, at whatever age.
        let in_confidence = address.usage == AddressUse::Confidential;
        if !in_confidence && !is_shown_online(patient, kind, today) {
            return Err(NoLetter::Theirs);
        }
        let by_themselves = in_confidence || !is_minor(patient.birth_on, today);
        let before = (!by_themselves).then(|| FOR_A_CHILD.get(language).to_owned());
        let standard = standard::words(NoticeKind::Recall, Channel::Letter);
        let words = match rules.iter().find(|rule| self.is_said_by(rule, language)) {
            Some(rule) => (&rule.subject, &rule.body),
            None => (&standard.0, &standard.1),
        };
        let about = Spoken {
            first_name: patient.first_name().to_owned(),
            site: site.to_owned(),
            wall: self.due_on.and_time(NaiveTime::MIN),
        };
        Ok(Letter {
            to: (before.into_iter().chain([name.to_owned()]))
                .chain(address.lines())
                .collect(),
            language,
            words: say(words, practice, &[about], Channel::Letter, language, ""),
        })
    }

    /// Whether a rule has words for this: for letters about a visit that is due, there and for such a visit, that name
    /// no day, time or link. A rule's are those of an appointment, and there is none.
    fn is_said_by(&self, rule: &NoticeRule, language: Lang) -> bool {
        let plain = |text: &str| {
            let visit = |part: &Part<'_>| {
                matches!(
                    part,
                    Part::Filled(Placeholder::Date | Placeholder::Time | Placeholder::Link)
                )
            };
            parts(text).is_ok_and(|parts| !parts.iter().any(visit))
        };
        let says_no_visit = |words: &Wording| plain(&words.en) && plain(&words.es);
        let kinds = &rule.visit_type_ids;
        rule.active
            && (rule.kind, rule.channel) == (NoticeKind::Recall, Channel::Letter)
            && rule.language.is_none_or(|wanted| wanted == language)
            && (rule.site_ids.is_empty() || rule.site_ids.contains(&self.site_id))
            && (kinds.is_empty() || self.visit_type_id.is_some_and(|kind| kinds.contains(&kind)))
            && says_no_visit(&rule.subject)
            && says_no_visit(&rule.body)
    }
}
