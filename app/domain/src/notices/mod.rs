//! What patients are told about their appointments, by which way, and what they answer.
//!
//! - What a practice says: [`NoticeRule`], data with a [`template`] whose placeholders are a closed set, so that a text
//!   cannot say why somebody comes.
//! - Who may be told how: [`contact`] and [`reach`](reach::reach). An opt-out is of a number or an address, and so holds for everyone who has it.
//! - When: [`hours`], quiet hours where the patient lives, and [`plan`](plan::plan), from rows to notices. A notice's
//!   id follows from its rule, its appointment and the time that was agreed: there cannot be two.
//! - What became of it: [`Notice`] with [`NoticeState`]. That it arrived is one thing, what was answered another.
//! - What one text says for several of them: [`message`]. What a reply means: [`reply`].

pub mod contact;
mod decide;
pub mod forms;
pub mod hours;
pub mod message;
pub mod notice;
pub mod plan;
pub mod reach;
mod reads;
pub mod reply;
pub mod rule;
mod send;
pub mod standard;
pub mod template;
mod words;

pub use contact::{Contact, ContactKind, ContactOptOut, Via};
pub use decide::{AnswerNotice, ReportWrongNumber, SetNoticeRule, SetOptOut};
pub use notice::{Answer, FailReason, Notice, NoticeState, VoidReason};
pub(crate) use reads::{decide, patient_of, reads};
pub use rule::{Audience, Channel, NoticeKind, NoticeRule};
pub use send::void_because;
pub use send::{
    ClaimNotice, NoticeOutcome, PlanNotice, RecordNoticeOutcome, RetryNotice, SettleNotice, VoidNotice,
};
