//! # The sync benchmark
//!
//! A clinic in a database of its own on the test Postgres; then, round by round and one after the other, what the
//! server does and what others do with the very same rows: Postgres by itself, and PouchDB against express-pouchdb
//! when `ANTEROOM_BENCH_PEERS` names `end2end/bench/pouch.mjs` and its packages are there. Ratios are from one run;
//! the figures belong to the machine.
//!
//! `cargo bench -p db --bench sync`, with `TEST_DATABASE_URL` as for the tests. A quick run:
//! `ANTEROOM_BENCH_PATIENTS=500 ANTEROOM_BENCH_COMMANDS=400 ANTEROOM_BENCH_REPEATS=1 ANTEROOM_BENCH_DEVICES=20`.

mod clinic;
mod crowd;
mod figures;
mod first;
mod killed;
mod peers;
mod push;
mod report;
mod rows;

// Whatever it needs is there or the run is over, as in the tests.
#[path = "../../tests/it/stand.rs"]
#[allow(dead_code, clippy::unwrap_used, clippy::expect_used)]
mod stand;

use figures::Figures;
use stand::Stand;

/// Anything may go wrong, and then the run is over.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// How large the clinic is, and how often each thing is measured.
#[derive(Clone, Debug)]
pub struct Size {
    /// Patients, each with a coverage, a contact, and [`clinic::FURTHER`] further rows.
    patients: usize,
    /// Commands of one device's outbox.
    commands: usize,
    /// Rounds; the medians are of these.
    repeats: usize,
    /// Devices that come back at once.
    devices: usize,
    /// Rows that a peer fetches at its first sync; its rate falls as they grow in number.
    peer_rows: usize,
}

impl Size {
    fn from_env() -> Outcome<Size> {
        let number = |name: &str, usual: usize| match std::env::var(name) {
            Ok(text) => text
                .parse::<usize>()
                .map_err(|_| format!("{name} is {text:?}, which is not a number")),
            Err(_) => Ok(usual),
        };
        let patients = number("ANTEROOM_BENCH_PATIENTS", 20_000)?.max(1);
        Ok(Size {
            patients,
            // Each correction is of another patient's record.
            commands: number("ANTEROOM_BENCH_COMMANDS", 10_000)?.clamp(1, patients),
            repeats: number("ANTEROOM_BENCH_REPEATS", 5)?.max(1),
            devices: number("ANTEROOM_BENCH_DEVICES", 200)?.max(1),
            peer_rows: number("ANTEROOM_BENCH_PEER_ROWS", 20_000)?.max(1),
        })
    }
}

async fn measure(stand: &mut Stand, size: &Size) -> Outcome<Figures> {
    let mut figures = Figures::default();
    report::progress("an outbox whose device is killed");
    killed::drained(stand, size, &mut figures).await?;
    report::progress(&format!("seeding {} patients", size.patients));
    clinic::seed(stand, size, &mut figures).await?;
    rows::prepare(stand).await?;
    let peers = peers::Peers::find(size)?;
    for round in 1..=size.repeats {
        report::progress(&format!("round {round} of {}", size.repeats));
        let sent = push::ours(stand, size, round, &mut figures).await?;
        let written = rows::Written::since(stand, &sent).await?;
        written.insert_by_push(&mut figures).await?;
        written.insert_at_once(&mut figures).await?;
        written.copy(&mut figures).await?;
        let lines = first::ours(stand, &mut figures).await?;
        first::copy_out(stand, &mut figures).await?;
        if let Some(peers) = &peers {
            peers.round(&written, &lines, &mut figures)?;
        }
        crowd::reconnect(stand, size, round, &mut figures).await?;
        crowd::listeners(stand, round, &mut figures).await?;
    }
    Ok(figures)
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    let outcome = match Size::from_env() {
        Ok(size) => {
            let mut stand = Stand::new().await;
            let measured = measure(&mut stand, &size).await;
            stand.end().await;
            measured.and_then(|figures| report::print(&size, &figures))
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            report::progress(&format!("the measurement broke off: {error}"));
            std::process::ExitCode::FAILURE
        }
    }
}
