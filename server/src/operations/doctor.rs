//! Checks an installation, and says what to do about what is wrong.

use crate::config::Config;
use crate::error::Result;
use crate::keys::KeyStore;
use crate::postgres;
use crate::terminal::say;
use chrono::Utc;
use std::process::ExitCode;

struct Findings {
    wrong: u32,
}

impl Findings {
    fn note(&mut self, what: &str, outcome: std::result::Result<String, String>) {
        match outcome {
            Ok(detail) => say(&format!("  ok     {what}: {detail}")),
            Err(help) => {
                self.wrong += 1;
                say(&format!("  WRONG  {what}: {help}"));
            }
        }
    }
}

/// Looks at the page, the database, the clock, the keys and the backup.
pub async fn run(config: &Config) -> Result<ExitCode> {
    let mut findings = Findings { wrong: 0 };
    let page = config.site.join("build.json");
    findings.note(
        "page",
        if page.exists() {
            Ok(config.site.display().to_string())
        } else {
            Err("not built; run `make page`".to_owned())
        },
    );
    let keys = KeyStore::open(config);
    findings.note(
        "master key",
        keys.as_ref()
            .map(|_| "opens".to_owned())
            .map_err(ToString::to_string),
    );
    match postgres::ready(config).await {
        Err(error) => findings.note("database", Err(error.to_string())),
        Ok(database) => match database.connect().await {
            Err(error) => findings.note("database", Err(format!("{error}; run `anteroom migrate`"))),
            Ok(db) => {
                findings.note("database", Ok("answers, at this version".to_owned()));
                check_clock(&mut findings, &database.url).await;
                for (practice, name) in db.practices().await? {
                    if let Ok(keys) = &keys {
                        findings.note(
                            &format!("intake key of {name}"),
                            keys.intake(practice)
                                .map(|_| "opens".to_owned())
                                .map_err(|e| e.to_string()),
                        );
                    }
                    let head = db.head(practice).await?;
                    let behind = head.rev.saturating_sub(head.durable_rev);
                    findings.note(
                        &format!("backup of {name}"),
                        if behind == 0 {
                            Ok(format!("covers all {} revisions", head.rev))
                        } else {
                            Ok(format!(
                                "{behind} of {} revisions are in no verified backup (`anteroom backup`)",
                                head.rev
                            ))
                        },
                    );
                }
            }
        },
    }
    Ok(if findings.wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The server's and the database's clocks, against each other.
async fn check_clock(findings: &mut Findings, url: &str) {
    use sqlx::Connection;
    let asked = async {
        let mut connection = sqlx::PgConnection::connect(url).await?;
        let there: chrono::DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()")
            .fetch_one(&mut connection)
            .await?;
        Ok::<_, sqlx::Error>((Utc::now() - there).num_seconds().abs())
    };
    findings.note(
        "clock",
        match asked.await {
            Ok(seconds) if seconds <= 60 => Ok(format!("{seconds} s from the database's")),
            Ok(seconds) => Err(format!(
                "{seconds} s from the database's; set up time synchronisation"
            )),
            Err(error) => Err(error.to_string()),
        },
    );
}
