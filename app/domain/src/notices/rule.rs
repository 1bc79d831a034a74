//! When somebody is told something, as data.

use super::template::{self, LONGEST_BODY, LONGEST_TEXT, TemplateFault};
use crate::id::*;
use crate::schedule::clock::DAY_MINUTES;
use crate::schedule::{Appointment, AppointmentState};
use crate::text::{Lang, Wording};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// What a notice is for, and so from when it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Of an appointment that is to come: so long before it begins.
    Reminder,
    /// Of forms that a visit asks for and that are not filled in: so long before it begins, and only while one is missing.
    Forms,
    /// After a visit: so long after its end.
    FollowUp,
    /// After an appointment to which nobody came: so long after its beginning.
    Missed,
    /// Of another visit that is due: so long after the last one, when none is booked.
    Recall,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [NoticeKind; 5] = [
        NoticeKind::Reminder,
        NoticeKind::Forms,
        NoticeKind::FollowUp,
        NoticeKind::Missed,
        NoticeKind::Recall,
    ];

    /// Whether it speaks of what is still to come, and can be answered.
    pub fn is_ahead(self) -> bool {
        matches!(self, NoticeKind::Reminder | NoticeKind::Forms)
    }
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By email.
    Email,
    /// As a text message.
    Sms,
    /// On paper: printed at the desk.
    Letter,
    /// By telephone: on the desk's list of calls.
    Voice,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; 4] = [Channel::Email, Channel::Sms, Channel::Letter, Channel::Voice];

    /// As stored.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Sms => "sms",
            Channel::Letter => "letter",
            Channel::Voice => "voice",
        }
    }

    /// Whether the server sends it by itself. The others are printed and called at a desk.
    pub fn is_sent(self) -> bool {
        matches!(self, Channel::Email | Channel::Sms)
    }

    /// Whether it makes a telephone ring.
    pub fn rings(self) -> bool {
        matches!(self, Channel::Sms | Channel::Voice)
    }
}

/// To whom, of those whom it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// To everyone.
    Everyone,
    /// To those who have not said yet that they will come.
    Unconfirmed,
}

/// One rule: when, to whom, by which way, in which words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// Identity.
    pub id: NoticeRuleId,
    /// As staff call it.
    pub name: String,
    /// What for.
    pub kind: NoticeKind,
    /// Counted in minutes: before the appointment for what speaks of one to come, after everything else's.
    pub offset_minutes: u32,
    /// By which way.
    pub channel: Channel,
    /// To whom.
    pub audience: Audience,
    /// Only to those who read this language; nothing for all, each in theirs.
    pub language: Option<Lang>,
    /// Only about these kinds of visits; empty for all.
    pub visit_type_ids: Vec<VisitTypeId>,
    /// Only at these sites; empty for all.
    pub site_ids: Vec<SiteId>,
    /// Not before this minute of the day, where the patient is.
    pub from_minute: u16,
    /// Not from this minute on.
    pub until_minute: u16,
    /// Heading of an email or a letter.
    pub subject: Wording,
    /// The words.
    pub body: Wording,
    /// Whether it is followed.
    pub active: bool,
}

/// Longest a reminder may be sent before: half a year. Others: three years, as "new patient" is counted.
const LONGEST_BEFORE: u32 = 183 * 24 * 60;
const LONGEST_AFTER: u32 = 3 * 366 * 24 * 60;
/// Telephones ring between eight and nine in the evening, where the called person is (47 CFR 64.1200(c)(1)).
pub const RINGS_FROM: u16 = 8 * 60;
/// And not from then on.
pub const RINGS_UNTIL: u16 = 21 * 60;

impl NoticeRule {
    /// The first field that is not sound.
    pub fn fault(&self) -> Option<&'static str> {
        let longest = if self.kind.is_ahead() {
            LONGEST_BEFORE
        } else {
            LONGEST_AFTER
        };
        let name = self.name.trim();
        let rings =
            !self.channel.rings() || (self.from_minute >= RINGS_FROM && self.until_minute <= RINGS_UNTIL);
        // An hour at least, or nothing would ever go out.
        let open = self.until_minute <= DAY_MINUTES && self.from_minute + 60 <= self.until_minute;
        let most = match self.channel {
            Channel::Sms => LONGEST_TEXT,
            _ => LONGEST_BODY,
        };
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
            Some("name")
        } else if self.offset_minutes > longest {
            Some("offset_minutes")
        } else if !rings || !open {
            Some("from_minute")
        } else if self.template_fault(most).is_some() {
            Some("body")
        } else if template::check(&self.subject, 120).is_err() || has_lines(&self.subject) {
            Some("subject")
        } else {
            None
        }
    }

    /// What is wrong with its words.
    pub fn template_fault(&self, longest: usize) -> Option<TemplateFault> {
        template::check(&self.body, longest).err()
    }

    /// From when it is counted for an appointment, and so when it is due before quiet hours have their say.
    pub fn counted_from(&self, appointment: &Appointment) -> DateTime<Utc> {
        let offset = Duration::minutes(i64::from(self.offset_minutes));
        match self.kind {
            NoticeKind::Reminder | NoticeKind::Forms => appointment.start_at - offset,
            NoticeKind::Missed => appointment.start_at + offset,
            NoticeKind::FollowUp | NoticeKind::Recall => appointment.end_at + offset,
        }
    }

    /// Whether an appointment is one that it speaks of, as things are.
    pub fn speaks_of(&self, appointment: &Appointment) -> bool {
        let site = self.site_ids.is_empty() || self.site_ids.contains(&appointment.site_id);
        let types = &self.visit_type_ids;
        let visit = types.is_empty() || types.contains(&appointment.visit_type_id);
        site && visit && self.fits(appointment.state)
    }

    /// Whether it is said of an appointment that stands so.
    pub fn fits(&self, state: AppointmentState) -> bool {
        use AppointmentState::*;
        match self.kind {
            NoticeKind::Reminder | NoticeKind::Forms => match self.audience {
                Audience::Everyone => matches!(state, Booked | Confirmed | Late),
                Audience::Unconfirmed => state == Booked,
            },
            NoticeKind::FollowUp | NoticeKind::Recall => {
                matches!(state, Discharged | CheckedOut | Completed)
            }
            NoticeKind::Missed => state == NoShow,
        }
    }
}

fn has_lines(text: &Wording) -> bool {
    [&text.en, &text.es]
        .into_iter()
        .any(|words| words.chars().any(char::is_control))
}
