//! One notice and what became of it.

use super::contact::{Contact, ContactKind, Via};
use super::rule::Channel;
use crate::id::*;
use crate::text::Lang;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! reasons {
    ($(#[$head:meta])* $kind:ident: $($(#[$doc:meta])* $name:ident $stored:literal;)*) => {
        $(#[$head])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $kind { $($(#[$doc])* $name,)* }

        impl $kind {
            /// All of them.
            pub const ALL: &'static [$kind] = &[$($kind::$name,)*];
            /// As stored and on the wire.
            pub fn name(self) -> &'static str { match self { $($kind::$name => $stored,)* } }
            fn from_name(name: &str) -> Option<$kind> {
                $kind::ALL.iter().copied().find(|known| known.name() == name)
            }
        }
    };
}

reasons! {
    /// Why a notice did not reach anyone, and somebody must look.
    FailReason:
    /// There is no number or address to send it to.
    NoContact "no_contact";
    /// The address was refused for good: it does not exist.
    Rejected "rejected";
    /// It was tried as often as it is tried.
    GaveUp "gave_up";
    /// It was handed over, and the network said later that it was not delivered.
    Undelivered "undelivered";
    /// The server was stopped while it was being sent: nobody knows whether it went out, so it is not sent again.
    Interrupted "interrupted";
    /// Nobody answered the telephone, or the letter came back.
    NotReached "not_reached";
    /// Nobody told this server how to send it.
    NotSetUp "not_set_up";
}

reasons! {
    /// Why a notice is not sent, and nobody need do anything.
    VoidReason:
    /// The appointment is at another time now.
    Moved "moved";
    /// The appointment was called off, or is over, or is not what the rule speaks of any more.
    NotWanted "not_wanted";
    /// The rule is not followed any more, or was changed so that it does not speak of this.
    RuleChanged "rule_changed";
    /// The patient has died.
    Deceased "deceased";
    /// Somebody at this number or address said to stop.
    OptedOut "opted_out";
    /// Somebody else has this number or address.
    WrongNumber "wrong_number";
    /// The patient did not agree to be texted.
    NoConsent "no_consent";
    /// It is too late to be of use.
    TooLate "too_late";
    /// Someone in the practice called it off.
    Withdrawn "withdrawn";
}

/// Where a notice stands. That it was delivered says nothing about what the patient thinks of it: their answer is apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum NoticeState {
    /// Waits for its time.
    Planned,
    /// Is being sent; or lies with the desk, to be printed or called.
    Queued,
    /// Was handed over.
    Sent,
    /// Arrived, as far as the network knows.
    Delivered,
    /// Did not arrive.
    Failed(FailReason),
    /// Is not sent.
    Void(VoidReason),
}

impl NoticeState {
    /// The word without its reason.
    pub fn name(self) -> &'static str {
        match self {
            NoticeState::Planned => "planned",
            NoticeState::Queued => "queued",
            NoticeState::Sent => "sent",
            NoticeState::Delivered => "delivered",
            NoticeState::Failed(_) => "failed",
            NoticeState::Void(_) => "void",
        }
    }

    /// Whether it may go from here to there.
    pub fn may_become(self, next: NoticeState) -> bool {
        use NoticeState::*;
        match (self, next) {
            (Planned, Queued | Void(_) | Failed(_)) => true,
            // Back to waiting, when it is to be tried again.
            (Queued, Planned | Sent | Delivered | Failed(_)) => true,
            (Queued, Void(_)) => true,
            // A network may say first that it arrived and then that it was handed over; only the former counts.
            (Sent, Delivered | Failed(FailReason::Undelivered)) => true,
            (Failed(_), Planned | Void(_)) => true,
            _ => false,
        }
    }

    /// Whether it left the house.
    pub fn was_sent(self) -> bool {
        use NoticeState::*;
        matches!(self, Sent | Delivered | Failed(FailReason::Undelivered))
    }

    /// Whether it is still to be sent.
    pub fn waits(self) -> bool {
        matches!(self, NoticeState::Planned | NoticeState::Queued)
    }
}

impl From<NoticeState> for String {
    fn from(state: NoticeState) -> String {
        match state {
            NoticeState::Failed(why) => ["failed:", why.name()].concat(),
            NoticeState::Void(why) => ["void:", why.name()].concat(),
            plain => plain.name().to_owned(),
        }
    }
}

impl TryFrom<String> for NoticeState {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (word, why) = text.split_once(':').unwrap_or((&text, ""));
        let state = match word {
            "planned" => Some(NoticeState::Planned),
            "queued" => Some(NoticeState::Queued),
            "sent" => Some(NoticeState::Sent),
            "delivered" => Some(NoticeState::Delivered),
            "failed" => FailReason::from_name(why).map(NoticeState::Failed),
            "void" => VoidReason::from_name(why).map(NoticeState::Void),
            _ => None,
        };
        state.ok_or("not a notice's state")
    }
}

/// What the patient said to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// They will come.
    Confirmed,
    /// They will not come.
    Cancelled,
    /// They would come at another time.
    OtherTime,
}

/// One thing that a patient is told (FHIR Communication).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// From the rule, the appointment and the time that was agreed: see [`Notice::id_of`].
    pub id: NoticeId,
    /// Whom it is about.
    pub patient_id: PatientId,
    /// By which rule.
    pub rule_id: NoticeRuleId,
    /// About what.
    pub appointment_id: AppointmentId,
    /// Where that is.
    pub site_id: SiteId,
    /// When that begins, as it was agreed when this was planned. Another beginning is another notice.
    pub start_at: DateTime<Utc>,
    /// Its day, on the site's wall.
    pub day_on: NaiveDate,
    /// By which way.
    pub channel: Channel,
    /// Number, email address, or postal address in one line; nothing when there is none.
    pub address: Option<String>,
    /// In which language.
    pub language: Lang,
    /// Notices with the same go out as one message: see [`Notice::message`].
    pub message_id: Uuid,
    /// When it is to be sent.
    pub due_at: DateTime<Utc>,
    /// From when on it is of no use.
    pub useless_at: DateTime<Utc>,
    /// Where it stands.
    pub state: NoticeState,
    /// How often it was taken up to be sent.
    pub attempts: u16,
    /// When it last was.
    pub queued_at: Option<DateTime<Utc>>,
    /// By which command, so that of two servers that want to send it each knows whose it is.
    pub claimed_by: Option<CommandId>,
    /// When it was handed over.
    pub sent_at: Option<DateTime<Utc>>,
    /// When it arrived.
    pub delivered_at: Option<DateTime<Utc>>,
    /// What the network calls it.
    pub network_ref: Option<String>,
    /// What the patient said.
    pub answer: Option<Answer>,
    /// When.
    pub answered_at: Option<DateTime<Utc>>,
    /// By which way.
    pub answered_via: Option<Via>,
    /// When somebody saw to it: to what failed, or to what the patient asked for.
    pub settled_at: Option<DateTime<Utc>>,
}
crate::redacted_debug!(Notice);

impl Notice {
    /// Whether it was called off before anything was sent, for a reason that may pass.
    pub fn may_come_back(&self) -> bool {
        self.attempts == 0
            && matches!(
                self.state,
                NoticeState::Void(VoidReason::Moved | VoidReason::NotWanted | VoidReason::RuleChanged)
            )
    }

    /// The one notice of a rule about one appointment at one time: whoever plans it gives it this id, so that two
    /// servers, or one that begins again, make the same row and not another one.
    pub fn id_of(rule: NoticeRuleId, appointment: AppointmentId, start_at: DateTime<Utc>) -> NoticeId {
        let name = format!("notice:{appointment}:{}", start_at.timestamp());
        NoticeId(Uuid::new_v5(&rule.0, name.as_bytes()))
    }

    /// One message for everyone at one number or address: one text per parent, not one per child. By the rule, the way,
    /// where it goes, the day that it speaks of, and the language.
    pub fn message(&self) -> Uuid {
        let address = self.address.as_deref().unwrap_or("");
        let (channel, day, lang) = (self.channel.name(), self.day_on, self.language.tag());
        let name = format!("message:{channel}:{address}:{day}:{lang}");
        Uuid::new_v5(&self.rule_id.0, name.as_bytes())
    }

    /// The number or email address that it goes to; nothing for what goes by post.
    pub fn contact(&self) -> Option<Contact> {
        let kind = match self.channel {
            Channel::Sms | Channel::Voice => ContactKind::Phone,
            Channel::Email => ContactKind::Email,
            Channel::Letter => return None,
        };
        Contact::of(kind, self.address.as_deref()?)
    }

    /// Whether it waits for somebody: it failed, lies with the desk, or the patient wants what only a person can do.
    pub fn needs_somebody(&self) -> bool {
        let desk = self.state == NoticeState::Queued && !self.channel.is_sent();
        let failed = matches!(self.state, NoticeState::Failed(_));
        self.settled_at.is_none() && (failed || desk || self.answer == Some(Answer::OtherTime))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<NoticeState> {
        use NoticeState::*;
        let failed = FailReason::ALL.iter().map(|why| Failed(*why));
        let void = VoidReason::ALL.iter().map(|why| Void(*why));
        [Planned, Queued, Sent, Delivered]
            .into_iter()
            .chain(failed)
            .chain(void)
            .collect()
    }

    #[test]
    fn every_state_is_read_as_it_was_written() {
        for state in all() {
            assert_eq!(NoticeState::try_from(String::from(state)), Ok(state));
        }
        for wrong in [
            "failed",
            "failed:",
            "failed:moved",
            "void:gave_up",
            "planned:",
            "",
            "Sent",
        ] {
            let read = NoticeState::try_from(wrong.to_owned());
            assert!(read.is_err() || wrong == "planned:", "{wrong}");
        }
    }

    #[test]
    fn what_was_sent_is_never_sent_again_and_what_is_void_stays_void() {
        for state in all() {
            for next in all() {
                let may = state.may_become(next);
                if matches!(state, NoticeState::Void(_) | NoticeState::Delivered) {
                    assert!(!may);
                }
                if state == NoticeState::Sent {
                    assert!(!may || !next.waits() && !matches!(next, NoticeState::Void(_)));
                }
                assert!(!may || state != next, "a move is to somewhere else");
            }
        }
        assert!(NoticeState::Failed(FailReason::GaveUp).may_become(NoticeState::Planned));
    }
}
