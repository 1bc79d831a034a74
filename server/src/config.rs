//! Settings: a flag, else the environment, else a default that suits one machine.

use clap::Args;
use std::net::{IpAddr, SocketAddr};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Settings of the server.
#[derive(Args, Clone, Debug)]
pub struct Config {
    /// Address and port
    #[arg(long, global = true, env = "ANTEROOM_BIND", default_value = "127.0.0.1:3000")]
    pub bind: SocketAddr,
    /// Keys, and the private Postgres [default: ./.anteroom, or /var/lib/anteroom for root]
    #[arg(long, global = true, env = "ANTEROOM_DATA")]
    pub data: Option<PathBuf>,
    /// The built page
    #[arg(long, global = true, env = "ANTEROOM_SITE", default_value = "target/site")]
    pub site: PathBuf,
    /// Postgres for serving; without it a private one is kept
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Postgres as the owner of the schema, for migrations
    #[arg(long, global = true, env = "DATABASE_ADMIN_URL", hide_env_values = true)]
    pub database_admin_url: Option<String>,
    /// Master key, 32 bytes in base64; without it a file in the data folder
    #[arg(long, global = true, env = "ANTEROOM_MASTER_KEY", hide_env_values = true)]
    pub master_key: Option<String>,
    /// Addresses of proxies in front, by commas: only what they say of who asks (X-Forwarded-For) is believed
    #[arg(long, global = true, env = "ANTEROOM_PROXY", value_delimiter = ',')]
    pub proxy: Vec<IpAddr>,
    /// How notices go out
    #[command(flatten)]
    pub notices: NoticeConfig,
}

/// How notices to patients go out. What is not set is not sent, and is on the worklist.
#[derive(Args, Clone, Debug, Default)]
pub struct NoticeConfig {
    /// Where patients reach this server, for the links in notices: https://visits.example.org
    #[arg(long, global = true, env = "ANTEROOM_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Mail server: smtps://name:password@host:465, or smtp://host:25 on this machine
    #[arg(long, global = true, env = "ANTEROOM_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// Who mails come from: "Lakeside <visits@example.org>"
    #[arg(long, global = true, env = "ANTEROOM_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Provider of text messages: its REST API, up to the account [default: Twilio's]
    #[arg(
        long,
        global = true,
        env = "ANTEROOM_SMS_URL",
        default_value = "https://api.twilio.com/2010-04-01"
    )]
    pub sms_url: String,
    /// Account with the provider
    #[arg(long, global = true, env = "ANTEROOM_SMS_ACCOUNT")]
    pub sms_account: Option<String>,
    /// The account's secret, with which the provider signs, too
    #[arg(long, global = true, env = "ANTEROOM_SMS_TOKEN", hide_env_values = true)]
    pub sms_token: Option<Secret>,
    /// Number that texts come from: +15550100
    #[arg(long, global = true, env = "ANTEROOM_SMS_FROM")]
    pub sms_from: Option<String>,
}

/// A setting that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// For whoever needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Secret(text.to_owned()))
    }
}

impl Config {
    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(|| {
            if is_root() {
                PathBuf::from("/var/lib/anteroom")
            } else {
                PathBuf::from(".anteroom")
            }
        })
    }

    /// Whether patients reach this server by TLS, though it may be a proxy that speaks it.
    pub fn patients_by_tls(&self) -> bool {
        let named = self.notices.public_url.as_deref();
        !self.is_loopback() || named.is_some_and(|url| url.starts_with("https://"))
    }

    /// Whether only this machine can connect.
    pub fn is_loopback(&self) -> bool {
        self.bind.ip().is_loopback()
    }
}

/// Whether this process is root: Postgres then runs as a user of its own.
pub fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|me| me.uid() == 0)
}
