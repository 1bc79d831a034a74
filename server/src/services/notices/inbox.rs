//! What comes back: a text from a patient, what the network says of one that we sent, and what somebody presses on the
//! page behind a link. Who writes is known by their number alone; nothing that they write is kept.

use super::Notices;
use crate::error::Result;
use chrono::{DateTime, Utc};
use domain::command::Command;
use domain::id::PracticeId;
use domain::notices::reply::{Reading, read};
use domain::notices::{
    Answer, AnswerNotice, Contact, ContactKind, FailReason, Notice, NoticeOutcome, RecordNoticeOutcome,
    ReportWrongNumber, SetOptOut, Via,
};
use domain::row::{Entity, Row};
use domain::text::{Lang, Text};

/// What is answered to a text.
const fn t(en: &'static str, es: &'static str) -> Text {
    Text { en, es }
}
const STOPPED: Text = t(
    "You will get no more texts from us. Reply START to get them again.",
    "No recibirá más mensajes nuestros. Responda START para volver a recibirlos.",
);
const STARTED: Text = t(
    "You will get our texts again. Reply STOP to end them.",
    "Volverá a recibir nuestros mensajes. Responda ALTO para terminar.",
);
const HELP: Text = t(
    "These are reminders of appointments. Reply STOP to end them, or call us.",
    "Estos son recordatorios de citas. Responda ALTO para terminar, o llámenos.",
);
const SORRY: Text = t(
    "We are sorry. We will not text this number again.",
    "Lo sentimos. No volveremos a escribir a este número.",
);
const CONFIRMED: Text = t("Thank you, see you then.", "Gracias, nos vemos.");
const CANCELLED: Text = t("Your appointment is cancelled.", "Su cita está cancelada.");
const OTHER_TIME: Text = t(
    "We will call you to find another time. Your appointment stands until then.",
    "Le llamaremos para buscar otra hora. Su cita sigue en pie hasta entonces.",
);
const UNCLEAR: Text = t(
    "This is read by a machine that did not understand you. Please call us, or use the link.",
    "Esto lo lee una máquina que no le entendió. Llámenos, o use el enlace.",
);
const NOT_NOW: Text = t(
    "This appointment was changed. Please call us.",
    "Esta cita cambió. Llámenos, por favor.",
);

impl Notices {
    /// Reads a text that came from a number, and does what it says. The reply, if one may be sent: to STOP one word of
    /// confirmation is allowed and nothing else (47 CFR 64.1200(a)(12)).
    pub async fn received(
        &self,
        practice: PracticeId,
        from: &str,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let Some(contact) = Contact::phone(from) else {
            return Ok(None);
        };
        let meant: Reading = read(text);
        let said = self.db.last_said_to(practice, &contact.address, now).await?;
        let lang = said.first().map_or(Lang::En, |notice| notice.language);
        let address = contact.address;
        if meant.wrong_number {
            self.wrong(practice, address.clone(), Via::Text, now).await?;
        }
        if meant.stop {
            self.opt_out(practice, ContactKind::Phone, address, true, Via::Text, now)
                .await?;
            return Ok(Some(STOPPED.get(lang).to_owned()));
        }
        let reply = if meant.wrong_number {
            SORRY
        } else if meant.start {
            self.opt_out(practice, ContactKind::Phone, address, false, Via::Text, now)
                .await?;
            STARTED
        } else if meant.help {
            HELP
        } else {
            match meant.answer {
                Some(answer) if !said.is_empty() => {
                    self.answer_all(practice, &said, answer, Via::Text, now).await?
                }
                _ => UNCLEAR,
            }
        };
        Ok(Some(reply.get(lang).to_owned()))
    }

    /// Answers every notice of one message. What to say to that.
    pub async fn answer_all(
        &self,
        practice: PracticeId,
        notices: &[Notice],
        answer: Answer,
        via: Via,
        now: DateTime<Utc>,
    ) -> Result<Text> {
        let mut taken = false;
        for notice in notices.iter().filter(|notice| notice.state.was_sent()) {
            // One that was moved meanwhile cannot be answered, and that must not end up on the desk as a refusal.
            let row = self
                .db
                .row(practice, Entity::Appointment, notice.appointment_id.0)
                .await?;
            let Some(Row::Appointment(appointment)) = row else {
                continue;
            };
            let stands = appointment.start_at == notice.start_at && appointment.state.may_cancel();
            if !stands || appointment.start_at <= now {
                continue;
            }
            let command = Command::AnswerNotice(AnswerNotice {
                notice_id: notice.id,
                patient_id: notice.patient_id,
                appointment_id: notice.appointment_id,
                answer,
                via,
            });
            self.tell(practice, command, now).await?;
            taken = true;
        }
        Ok(match answer {
            _ if !taken => NOT_NOW,
            Answer::Confirmed => CONFIRMED,
            Answer::Cancelled => CANCELLED,
            Answer::OtherTime => OTHER_TIME,
        })
    }

    /// Sends nothing more to a number or an address, or begins again.
    pub async fn opt_out(
        &self,
        practice: PracticeId,
        kind: ContactKind,
        address: String,
        stop: bool,
        via: Via,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let command = Command::SetOptOut(SetOptOut {
            kind,
            address,
            stop,
            via,
        });
        self.tell(practice, command, now).await.map(drop)
    }

    async fn wrong(&self, practice: PracticeId, address: String, via: Via, now: DateTime<Utc>) -> Result<()> {
        let command = Command::ReportWrongNumber(ReportWrongNumber {
            kind: ContactKind::Phone,
            address,
            via,
        });
        self.tell(practice, command, now).await.map(drop)
    }

    /// What the network says of a text that it took.
    pub async fn network_says(
        &self,
        practice: PracticeId,
        network_ref: &str,
        status: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let outcome = match status {
            "delivered" => NoticeOutcome::Delivered,
            "undelivered" | "failed" => NoticeOutcome::Failed {
                reason: FailReason::Undelivered,
            },
            _ => return Ok(()),
        };
        for notice in self.db.notices_by_ref(practice, network_ref).await? {
            let command = Command::RecordNoticeOutcome(RecordNoticeOutcome {
                notice_id: notice.id,
                patient_id: notice.patient_id,
                attempt: notice.attempts,
                outcome: outcome.clone(),
            });
            self.tell(practice, command, now).await?;
        }
        Ok(())
    }
}
