//! Mails by SMTP.

use super::{NotSent, Outgoing, Sender};
use crate::config::NoticeConfig;
use crate::error::{Result, ServerError};
use async_trait::async_trait;
use domain::notices::FailReason;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// A mail server that takes our mails.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// One of the headers that lettre has no type for.
macro_rules! header {
    ($name:ident $written:literal) => {
        #[derive(Clone)]
        struct $name(String);
        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($written)
            }
            fn parse(text: &str) -> std::result::Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok($name(text.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
// How to end them (RFC 2369), and that no machine need answer (RFC 3834).
header!(ListUnsubscribe "List-Unsubscribe");
header!(AutoSubmitted "Auto-Submitted");

impl Mail {
    /// As it is set up; nothing when it is not.
    pub fn new(config: &NoticeConfig) -> Result<Option<Mail>> {
        let Some(url) = &config.smtp_url else {
            return Ok(None);
        };
        let unsound =
            |what: &str| ServerError::Setting(format!("{what} cannot be read; see `anteroom serve --help`"));
        let from = config
            .mail_from
            .as_deref()
            .ok_or_else(|| unsound("ANTEROOM_MAIL_FROM is not set: the sender of mails"))?
            .parse()
            .map_err(|_| unsound("ANTEROOM_MAIL_FROM"))?;
        // The error would repeat the password.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.reveal())
            .map_err(|_| unsound("ANTEROOM_SMTP_URL"))?
            .timeout(Some(Duration::from_secs(30)))
            .build();
        Ok(Some(Mail { transport, from }))
    }

    fn message(&self, outgoing: &Outgoing, to: Mailbox) -> Option<Message> {
        let host = self.from.email.domain();
        let mut head = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(&outgoing.subject)
            .message_id(Some(format!("<{}@{host}>", outgoing.id)))
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(stop) = &outgoing.stop_url {
            head = head.header(ListUnsubscribe(format!("<{stop}>")));
        }
        let text = SinglePart::plain(outgoing.body.clone());
        match &outgoing.calendar {
            None => head.singlepart(text).ok(),
            Some(calendar) => {
                let kind = ContentType::parse("text/calendar; charset=utf-8; method=PUBLISH").ok()?;
                let file = Attachment::new("appointment.ics".to_owned()).body(calendar.clone(), kind);
                head.multipart(MultiPart::mixed().singlepart(text).singlepart(file))
                    .ok()
            }
        }
    }
}

#[async_trait]
impl Sender for Mail {
    async fn send(&self, outgoing: &Outgoing) -> std::result::Result<Option<String>, NotSent> {
        let rejected = NotSent::Never(FailReason::Rejected);
        let address: Address = outgoing.to.parse().map_err(|_| rejected)?;
        let message = self
            .message(outgoing, Mailbox::new(None, address.clone()))
            .ok_or(rejected)?;
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![address]).map_err(|_| rejected)?;
        // Nobody there: it was certainly not taken.
        if !self.transport.test_connection().await.unwrap_or(false) {
            tracing::warn!("the mail server does not answer, and mails are tried again later");
            return Err(NotSent::Later);
        }
        match self.transport.send_raw(&envelope, &message.formatted()).await {
            Ok(_) => Ok(None),
            // 5xx: never (RFC 5321 §4.2.1). What the server wrote may repeat the address, and is not logged.
            Err(error) if error.is_permanent() => Err(rejected),
            Err(error) if error.is_transient() => {
                let status = error.status().map(|code| code.to_string());
                tracing::warn!(status, "a mail was not taken, and is tried again later");
                Err(NotSent::Later)
            }
            // It was handed over, and no answer came: sent again, it might be there twice.
            Err(_) => Err(NotSent::Never(FailReason::Interrupted)),
        }
    }
}
