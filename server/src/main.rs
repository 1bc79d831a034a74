//! # anteroom: the server
//!
//! Serves the page and the server functions, keeps the practice in Postgres, and does what an administrator needs
//! from a terminal. It holds no state of its own but keys on disk: run several on one Postgres behind a proxy.
//!
//! - [`cli`]: the commands. [`config`]: where settings come from.
//! - [`http`]: routes, headers, the port behind the server functions.
//! - [`services`]: what a request or a command makes happen.
//! - [`access`]: passphrases, sessions, throttling.
//! - [`keys`]: master key, intake keys, device data keys. [`postgres`]: a private Postgres for one machine.
//! - [`seed`]: the demo practice. [`import`]: patients from other systems.

mod access;
mod cli;
mod config;
mod error;
mod http;
mod import;
mod keys;
mod operations;
mod postgres;
mod seed;
mod services;
mod terminal;

use clap::Parser;

fn main() -> std::process::ExitCode {
    let cli = cli::Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| "info,sqlx=warn,tower_http=warn".into()),
        )
        .with_target(false)
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::complain(&format!("the runtime did not start: {error}"));
            return std::process::ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(code) => code,
        Err(error) => {
            terminal::complain(&error.to_string());
            std::process::ExitCode::FAILURE
        }
    }
}
