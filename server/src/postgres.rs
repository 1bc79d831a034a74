//! A private Postgres for one machine: made, started and found again in the data folder.
//!
//! It listens on a socket in a folder that only its own user may enter, never on the network. `postgresql_embedded`
//! was tried and left: it starts with fsync off, cannot run as another user, and takes any pid file for a server.
//! Upgrading Postgres is dump and restore.

use crate::config::{Config, is_root};
use crate::error::{Result, ServerError};
use std::path::PathBuf;
use tokio::process::Command;

/// The user that Postgres runs as when the server is root; the set-up makes it.
const SYSTEM_USER: &str = "anteroom";
/// The login that serves, a member of `app_rw`.
const LOGIN: &str = "anteroom_app";

/// Where the database is, and how to reach it as whom.
pub struct Database {
    /// As the owner of the schema.
    pub admin_url: String,
    /// As who serves.
    pub url: String,
    private: Option<Private>,
}

struct Private {
    bin: PathBuf,
    folder: PathBuf,
}

/// Finds the database, starting the private one if there is no other.
pub async fn ready(config: &Config) -> Result<Database> {
    if let Some(url) = &config.database_url {
        let admin_url = config.database_admin_url.clone().unwrap_or_else(|| url.clone());
        return Ok(Database {
            admin_url,
            url: url.clone(),
            private: None,
        });
    }
    let private = Private {
        bin: find_binaries()?,
        folder: config.data(),
    };
    private.prepare().await?;
    private.start().await?;
    let socket = private.socket();
    let url = |user: &str, database: &str| {
        format!("postgres://{user}@localhost/{database}?host={}", socket.display())
    };
    private.create_database(&url("postgres", "postgres")).await?;
    Ok(Database {
        admin_url: url("postgres", "anteroom"),
        url: url(LOGIN, "anteroom"),
        private: Some(private),
    })
}

impl Database {
    /// Brings the schema to this version; with the private Postgres, also makes the serving login.
    pub async fn migrate(&self) -> Result<()> {
        db::migrate(&self.admin_url).await?;
        db::migrate_jobs(&self.admin_url).await?;
        if self.private.is_some() {
            db::ensure_login(&self.admin_url, LOGIN, "").await?;
        }
        Ok(())
    }

    /// Connects as who serves.
    pub async fn connect(&self) -> Result<db::Db> {
        Ok(db::Db::connect(&self.url, 20).await?)
    }

    /// The folder of Postgres' programs.
    pub fn binaries(&self) -> Result<PathBuf> {
        match &self.private {
            Some(private) => Ok(private.bin.clone()),
            None => find_binaries(),
        }
    }

    /// Stops the private Postgres, if it is one.
    pub async fn stop(&self) {
        if let Some(private) = &self.private {
            let data = private.data().display().to_string();
            let stopped = private
                .run("pg_ctl", &["stop", "-D", &data, "-m", "fast", "-w"])
                .await;
            if let Err(error) = stopped {
                tracing::warn!(%error, "the private Postgres was not stopped");
            }
        }
    }
}

/// The newest Postgres of this machine.
fn find_binaries() -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").exists().then_some((version, bin))
        })
        .collect();
    found.sort();
    found.pop().map(|(_, bin)| bin).ok_or_else(|| {
        ServerError::Setting(
            "Postgres is not installed. Install it (apt-get install postgresql), or set DATABASE_URL."
                .to_owned(),
        )
    })
}

impl Private {
    fn data(&self) -> PathBuf {
        self.folder.join("postgres")
    }

    fn socket(&self) -> PathBuf {
        let folder = self.folder.join("run");
        std::path::absolute(&folder).unwrap_or(folder)
    }

    /// Folders that only the right user may enter.
    async fn prepare(&self) -> Result<()> {
        for folder in [self.folder.clone(), self.data(), self.socket()] {
            std::fs::create_dir_all(&folder).map_err(ServerError::file(&folder))?;
        }
        if is_root() {
            // The folder itself is entered by both users; keys inside are root's alone.
            let data = self.data().display().to_string();
            let socket = self.socket().display().to_string();
            run_plain("chown", &["-R", SYSTEM_USER, &data, &socket]).await?;
            run_plain("chmod", &["755", &self.folder.display().to_string()]).await?;
            run_plain("chmod", &["700", &data, &socket]).await?;
        } else {
            for folder in [self.data(), self.socket()] {
                run_plain("chmod", &["700", &folder.display().to_string()]).await?;
            }
        }
        if !self.data().join("PG_VERSION").exists() {
            crate::terminal::say("Making a private Postgres …");
            let data = self.data().display().to_string();
            self.run(
                "initdb",
                &[
                    "-D",
                    &data,
                    "-U",
                    "postgres",
                    "--auth=trust",
                    "--data-checksums",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                ],
            )
            .await?;
        }
        Ok(())
    }

    async fn start(&self) -> Result<()> {
        let data = std::path::absolute(self.data())
            .unwrap_or_else(|_| self.data())
            .display()
            .to_string();
        if self.run("pg_ctl", &["status", "-D", &data]).await.is_ok() {
            return Ok(());
        }
        let log = std::path::absolute(self.data().join("server.log"))
            .unwrap_or_default()
            .display()
            .to_string();
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=on -c shared_buffers=128MB -c max_connections=60",
            self.socket().display()
        );
        self.run(
            "pg_ctl",
            &["start", "-D", &data, "-l", &log, "-w", "-t", "60", "-o", &options],
        )
        .await?;
        Ok(())
    }

    async fn create_database(&self, url: &str) -> Result<()> {
        use sqlx::Connection;
        let mut connection = sqlx::PgConnection::connect(url).await?;
        let there: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = 'anteroom'")
            .fetch_optional(&mut connection)
            .await?;
        if there.is_none() {
            sqlx::query("create database anteroom")
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Runs one of Postgres' programs, as its own user when this process is root.
    async fn run(&self, program: &str, args: &[&str]) -> Result<String> {
        let path = self.bin.join(program).display().to_string();
        if is_root() {
            let mut all = vec!["-u", SYSTEM_USER, "--", path.as_str()];
            all.extend(args);
            run_plain("runuser", &all).await
        } else {
            run_plain(&path, args).await
        }
    }
}

/// Runs a program and gives what it said. Output goes through a file-less pipe; a daemon that keeps the pipe open
/// would make us wait, so its output is cut off from ours.
async fn run_plain(program: &str, args: &[&str]) -> Result<String> {
    let starts_daemon = args.contains(&"start");
    let mut command = Command::new(program);
    command.args(args).stdin(std::process::Stdio::null());
    let failed = |output: String| ServerError::Program {
        program: program.to_owned(),
        output,
    };
    if starts_daemon {
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let status = command
            .status()
            .await
            .map_err(|error| failed(error.to_string()))?;
        return if status.success() {
            Ok(String::new())
        } else {
            Err(failed(
                "see server.log in the data folder's postgres folder".to_owned(),
            ))
        };
    }
    let output = command
        .output()
        .await
        .map_err(|error| failed(error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(failed(
            format!("{said}{}", String::from_utf8_lossy(&output.stderr))
                .trim()
                .to_owned(),
        ))
    }
}
