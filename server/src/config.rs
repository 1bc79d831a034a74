//! Settings: a flag, else the environment, else a default that suits one machine.

use clap::Args;
use std::net::SocketAddr;
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

    /// Whether only this machine can connect.
    pub fn is_loopback(&self) -> bool {
        self.bind.ip().is_loopback()
    }
}

/// Whether this process is root: Postgres then runs as a user of its own.
pub fn is_root() -> bool {
    Path::new("/proc/self").metadata().is_ok_and(|me| me.uid() == 0)
}
