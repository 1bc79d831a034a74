//! Text messages by a provider's REST API, in the shape that Twilio gave it and others took over: a form is posted to
//! `{url}/Accounts/{account}/Messages.json` with the account's name and secret.

use super::{NotSent, Outgoing, Sender};
use crate::config::{NoticeConfig, Secret};
use crate::error::{Result, ServerError};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::notices::FailReason;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::StatusCode;
use serde::Deserialize;
use sha1::Sha1;
use std::collections::BTreeMap;
use std::time::Duration;

/// A provider that takes our texts.
pub struct Texts {
    client: reqwest::Client,
    url: String,
    account: String,
    token: Secret,
    from: String,
    callback: String,
}

/// What the provider answers.
#[derive(Deserialize)]
struct Taken {
    sid: Option<String>,
}

/// Why it did not take it.
#[derive(Deserialize)]
struct Refused {
    code: Option<i64>,
}

impl Texts {
    /// As it is set up; nothing when it is not.
    pub fn new(config: &NoticeConfig, callback: &str) -> Result<Option<Texts>> {
        let (Some(account), Some(token), Some(from)) =
            (&config.sms_account, &config.sms_token, &config.sms_from)
        else {
            return Ok(None);
        };
        let unsound = |_| ServerError::Setting("the client for text messages cannot be made".to_owned());
        // Two libraries bring a provider of ciphers each; one is chosen for the process.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(unsound)?;
        Ok(Some(Texts {
            client,
            url: format!(
                "{}/Accounts/{account}/Messages.json",
                config.sms_url.trim_end_matches('/')
            ),
            account: account.clone(),
            token: token.clone(),
            from: from.clone(),
            callback: callback.to_owned(),
        }))
    }
}

/// Numbers that the provider says will never be reached: not a number, not a mobile, opted out with the provider.
const NEVER: [i64; 7] = [21211, 21214, 21217, 21610, 21612, 21614, 30006];

#[async_trait]
impl Sender for Texts {
    async fn send(&self, outgoing: &Outgoing) -> std::result::Result<Option<String>, NotSent> {
        let callback = format!("{}/{}/status", self.callback, outgoing.practice);
        let form = [
            ("To", outgoing.to.as_str()),
            ("From", self.from.as_str()),
            ("Body", outgoing.body.as_str()),
            ("StatusCallback", callback.as_str()),
        ];
        let answer = self
            .client
            .post(&self.url)
            .basic_auth(&self.account, Some(self.token.reveal()))
            // Providers that know it take the same message once (draft-ietf-httpapi-idempotency-key-header).
            .header("Idempotency-Key", &outgoing.id)
            .form(&form)
            .send()
            .await
            .map_err(|error| match error.is_connect() {
                true => NotSent::Later,
                // It was handed over, and no answer came: sent again, it might be there twice.
                false => NotSent::Never(FailReason::Interrupted),
            })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.json::<Taken>().await.ok().and_then(|taken| taken.sid));
        }
        let code = answer
            .json::<Refused>()
            .await
            .ok()
            .and_then(|refused| refused.code);
        tracing::warn!(status = status.as_u16(), code, "a text message was not taken");
        match code {
            Some(code) if NEVER.contains(&code) => Err(NotSent::Never(FailReason::Rejected)),
            // It broke on their side, and may have gone out before it did. "Too busy" has not.
            _ if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE => {
                Err(NotSent::Never(FailReason::Interrupted))
            }
            // A wrong secret or a blocked account is put right by people, and then they are sent.
            _ => Err(NotSent::Later),
        }
    }
}

/// How the provider signs what it tells us: HMAC-SHA1 over the address that it calls and its form, sorted by name, under
/// the account's secret ("Validating Signatures from Twilio").
pub struct Signing {
    token: Secret,
    url: String,
}

impl Signing {
    /// As it is set up; nothing when it is not, and then nothing is believed.
    pub fn new(config: &NoticeConfig, url: &str) -> Option<Signing> {
        let token = config.sms_token.clone()?;
        Some(Signing {
            token,
            url: url.to_owned(),
        })
    }

    /// Whether a form came from the provider. `path` is what stands behind the address.
    pub fn is_genuine(&self, path: &str, form: &BTreeMap<String, String>, signature: &str) -> bool {
        let Ok(given) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.token.reveal().as_bytes()) else {
            return false;
        };
        mac.update(self.url.as_bytes());
        mac.update(path.as_bytes());
        for (name, value) in form {
            mac.update(name.as_bytes());
            mac.update(value.as_bytes());
        }
        mac.verify_slice(&given).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_example_of_a_signature_is_genuine_and_a_changed_one_is_not() {
        // twilio.com/docs/usage/security, "Validating Signatures from Twilio".
        let signing = Signing {
            token: "12345".parse().unwrap(),
            url: "https://mycompany.com/myapp.php?foo=1&bar=2".to_owned(),
        };
        let mut form: BTreeMap<String, String> = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let signature = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
        assert!(signing.is_genuine("", &form, signature));
        form.insert("Digits".into(), "1235".into());
        assert!(!signing.is_genuine("", &form, signature));
        assert!(!signing.is_genuine("", &form, "not base64"));
        assert!(!signing.is_genuine("", &form, ""));
    }
}
