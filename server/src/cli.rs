//! The commands of the terminal.

use crate::config::Config;
use crate::error::Result;
use crate::{http, import, operations, postgres, seed};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Offline-first medical practice management: the server.
///
/// With no DATABASE_URL, a private Postgres is kept in the data folder: good for a demo and for one machine.
#[derive(Parser)]
#[command(
    version,
    about,
    after_help = "Examples:
  anteroom demo                                 a made-up practice on http://127.0.0.1:3000
  anteroom serve                                serve what is there
  anteroom practice create 'Alder Clinic' --owner olive.hart --owner-name 'Olive Hart'
  anteroom user add nora.bell --role front_desk --name 'Nora Bell' --at 'Maple Street'
  anteroom import fhir export/*.ndjson --dry-run
  anteroom backup practice.dump && anteroom restore practice.dump --verify"
)]
pub struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the practices that are there
    Serve,
    /// Set up a made-up practice if there is none, and serve it (loopback only)
    Demo,
    /// Bring the database to this version
    Migrate,
    /// Make the demo practice without serving it
    Seed,
    /// Take in patients from another system
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Practices of this installation
    Practice {
        #[command(subcommand)]
        what: Practices,
    },
    /// People who may sign in
    User {
        #[command(subcommand)]
        what: User,
    },
    /// How far devices are, and what keeps the log short
    Sync {
        #[command(subcommand)]
        what: Sync,
    },
    /// Run the sync engine in a simulated practice where everything goes wrong
    Simulate(operations::sync::Simulate),
    /// Check this installation: database, keys, page, clock, backup
    Doctor,
    /// Write a backup of the database to a file
    Backup {
        /// The file to write
        file: PathBuf,
    },
    /// Read a backup into an empty database
    Restore(Restore),
}

#[derive(Subcommand)]
enum Practices {
    /// Make a practice, with an owner who can sign in and set up everything else
    Create(operations::practices::NewPractice),
}

#[derive(Subcommand)]
enum Import {
    /// FHIR R4 bundles (.json) and bulk files (.ndjson), also gzipped
    Fhir(import::FhirArgs),
    /// The rescue file of a device that cannot reach the server any more
    Outbox {
        /// The file that the device saved
        file: PathBuf,
    },
}

#[derive(Subcommand)]
enum Sync {
    /// Devices: how far behind, what waits on them, last seen, scope, build
    Status,
    /// Forget changes of more than 90 days ago that every device has fetched
    Compact,
    /// Set aside patients with whom nobody had to do for long: devices then hold only the index of them
    Window {
        /// For how many days
        #[arg(long, default_value_t = crate::services::nightly::WINDOW_DAYS, value_parser = clap::value_parser!(i64).range(0..))]
        days: i64,
    },
}

#[derive(Subcommand)]
enum User {
    /// Let someone sign in; the passphrase is asked for, or read from ANTEROOM_PASSPHRASE
    Add(operations::users::AddUser),
    /// Set a new passphrase
    Passphrase {
        /// Sign-in name
        login: String,
    },
    /// Shut someone out at once
    Disable {
        /// Sign-in name
        login: String,
    },
    /// Who may sign in
    List,
}

/// Where a backup goes.
#[derive(Args)]
pub struct Restore {
    /// The file to read
    pub file: PathBuf,
    /// Only check that it restores: into a scratch database that is dropped again
    #[arg(long)]
    pub verify: bool,
}

impl Cli {
    /// Does what was asked.
    pub async fn run(self) -> Result<ExitCode> {
        let config = self.config;
        match self.command {
            Command::Serve => http::serve(&config, false).await?,
            Command::Demo => http::serve(&config, true).await?,
            Command::Migrate => {
                let database = postgres::ready(&config).await?;
                database.migrate().await?;
                crate::terminal::say("The database is at this version.");
            }
            Command::Seed => {
                let database = postgres::ready(&config).await?;
                database.migrate().await?;
                seed::run(&config, &database.connect().await?).await?;
            }
            Command::Import {
                what: Import::Fhir(args),
            } => return import::fhir(&config, args).await,
            Command::Import {
                what: Import::Outbox { file },
            } => return operations::sync::import_outbox(&config, &file).await,
            Command::Sync { what: Sync::Status } => operations::sync::status(&config).await?,
            Command::Sync {
                what: Sync::Window { days },
            } => operations::sync::window(&config, days).await?,
            Command::Sync { what: Sync::Compact } => operations::sync::compact(&config).await?,
            Command::Simulate(args) => return operations::sync::simulate(&args),
            Command::Practice {
                what: Practices::Create(args),
            } => operations::practices::create(&config, args).await?,
            Command::User { what } => match what {
                User::Add(args) => operations::users::add(&config, args).await?,
                User::Passphrase { login } => operations::users::passphrase(&config, &login).await?,
                User::Disable { login } => operations::users::disable(&config, &login).await?,
                User::List => operations::users::list(&config).await?,
            },
            Command::Doctor => return operations::doctor::run(&config).await,
            Command::Backup { file } => operations::backup::backup(&config, &file).await?,
            Command::Restore(args) => operations::backup::restore(&config, &args).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
