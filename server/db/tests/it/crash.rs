//! The power goes, again and again, while sixteen devices send: what was acknowledged is there afterwards, once.
//!
//! On a cluster of its own, since it is killed. A run with commits that do not wait for the disk is the control: it must
//! lose something, or this test could not have found a loss.

use crate::stand::*;
use db::Db;
use domain::id::PatientId;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sync::wire::ReceiptStatus;
use uuid::Uuid;

const WRITERS: u64 = 16;
const ROUNDS: usize = 3;
/// The control is given up after so many rounds without a loss.
const MOST_CONTROLS: usize = 12;

struct Cluster {
    folder: PathBuf,
    bin: PathBuf,
    port: u16,
}

/// Postgres does not run as root: in a container it runs as the user that the set-up made.
fn as_postgres(program: &Path) -> Command {
    let root = std::process::Command::new("id").arg("-u").output();
    let mut command = match root {
        Ok(id) if id.stdout.starts_with(b"0") => {
            let mut command = Command::new("runuser");
            command.args(["-u", "anteroom", "--"]).arg(program);
            command
        }
        _ => Command::new(program),
    };
    command
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn newest_bin() -> PathBuf {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("Postgres lies in /usr/lib/postgresql")
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("Postgres is installed")
}

impl Cluster {
    fn new() -> Cluster {
        let folder = PathBuf::from(format!(
            "/tmp/anteroom-crash-{}",
            Uuid::new_v5(
                &Uuid::nil(),
                format!("{:?}", std::time::SystemTime::now()).as_bytes()
            )
        ));
        let bin = newest_bin();
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let made = as_postgres(&bin.join("initdb"))
            .args([
                "-k",
                "-U",
                "postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ])
            .arg(&folder)
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let cluster = Cluster { folder, bin, port };
        cluster.start("on");
        cluster
    }

    fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn start(&self, synchronous_commit: &str) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 \
             -c synchronous_commit={synchronous_commit} -c wal_writer_delay=2s",
            self.port
        );
        let started = as_postgres(&self.bin.join("pg_ctl"))
            .arg("-D")
            .arg(&self.folder)
            .arg("-l")
            .arg(self.folder.join("log.txt"))
            .args(["-w", "-t", "60", "-o", &options, "start"])
            .status()
            .unwrap();
        if !started.success() {
            let log = as_postgres(Path::new("tail"))
                .arg(self.folder.join("log.txt"))
                .stdout(Stdio::piped())
                .output();
            let log = log.map(|log| String::from_utf8_lossy(&log.stdout).into_owned());
            panic!("Postgres did not come back: {log:?}");
        }
    }

    /// Every process of it at once: killing the first alone lets the others finish what they do.
    fn kill(&self) {
        let file = std::fs::read_to_string(self.folder.join("postmaster.pid")).or_else(|_| {
            let shown = as_postgres(Path::new("cat"))
                .arg(self.folder.join("postmaster.pid"))
                .stdout(Stdio::piped())
                .output()?;
            Ok::<_, std::io::Error>(String::from_utf8_lossy(&shown.stdout).into_owned())
        });
        let pid = file.unwrap().lines().next().unwrap().to_owned();
        // Stopped first, so that it makes no child between the count and the kill.
        let _held = Command::new("kill").args(["-STOP", &pid]).status().unwrap();
        let children = Command::new("pgrep").args(["-P", &pid]).output().unwrap();
        let mut all = vec![pid];
        all.extend(
            String::from_utf8_lossy(&children.stdout)
                .split_whitespace()
                .map(str::to_owned),
        );
        let _gone = Command::new("kill").arg("-9").args(&all).status().unwrap();
        while all
            .iter()
            .any(|pid| Path::new(&format!("/proc/{pid}/cmdline")).exists() && !is_dead(pid))
        {
            std::thread::sleep(Duration::from_millis(10));
        }
        // In a container nobody may collect the dead, and a dead process' number still counts as running. All of them are
        // seen to be dead here, so the file is only a name.
        let _gone = as_postgres(Path::new("rm"))
            .arg("-f")
            .arg(self.folder.join("postmaster.pid"))
            .status();
    }
}

/// Whether only the name of a process is left.
fn is_dead(pid: &str) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _stopped = as_postgres(&self.bin.join("pg_ctl"))
            .arg("-D")
            .arg(&self.folder)
            .args(["-m", "immediate", "stop"])
            .status();
        let _gone = as_postgres(Path::new("rm")).arg("-rf").arg(&self.folder).status();
    }
}

/// One device: it sends the same again until it is told, and notes what it was told is kept.
async fn send(
    url: String,
    n: u64,
    over: Arc<AtomicBool>,
    round: u64,
    told: Arc<Mutex<BTreeSet<Uuid>>>,
    count: Arc<AtomicU64>,
) {
    let mut pen = service(u128::from(2000 + round * 100 + n));
    let mut waiting = None;
    while !over.load(Ordering::SeqCst) {
        let Ok(db) = Db::connect(&url, 1).await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        while !over.load(Ordering::SeqCst) {
            let (patient, opened) = waiting.get_or_insert_with(|| {
                let patient = u128::from(1_000_000 + count.fetch_add(1, Ordering::SeqCst));
                (PatientId(id(patient)), pen.write(register(patient)))
            });
            match db
                .accept_batch(practice(), pen.device, vec![opened.clone()])
                .await
            {
                Ok(outcome) => {
                    assert_eq!(outcome.results[0].status, ReceiptStatus::Applied);
                    told.lock().unwrap().insert(patient.0);
                    waiting = None;
                }
                Err(_) => break,
            }
        }
    }
}

/// Writes, cuts the power, comes back; how many acknowledged entries are missing, and how many there were.
async fn round(
    cluster: &Cluster,
    admin: &str,
    mode: &str,
    round: u64,
    count: &Arc<AtomicU64>,
) -> (usize, usize) {
    let (over, told) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(Mutex::new(BTreeSet::new())),
    );
    let url = runtime_url(admin);
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            tokio::spawn(send(
                url.clone(),
                n,
                over.clone(),
                round,
                told.clone(),
                count.clone(),
            ))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(900 + 137 * round)).await;
    over.store(true, Ordering::SeqCst);
    cluster.kill();
    // What was told before the power went counts; nobody is told anything after.
    let acknowledged = told.lock().unwrap().clone();
    cluster.start(mode);
    for writer in writers {
        writer.await.unwrap();
    }
    let db = Db::connect(&url, 2).await.unwrap();
    let kept: BTreeSet<Uuid> = db
        .all_rows(practice(), domain::row::Entity::Patient)
        .await
        .unwrap()
        .iter()
        .map(domain::row::Row::id)
        .collect();
    (acknowledged.difference(&kept).count(), acknowledged.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_outlives_the_power_and_a_run_without_the_disk_does_not() {
    let cluster = Cluster::new();
    let admin = cluster.url();
    db::migrate(&admin).await.unwrap();
    db::ensure_login(&admin, "anteroom_test", "made-up")
        .await
        .unwrap();
    let db = Db::connect(&runtime_url(&admin), 2).await.unwrap();
    db.create_practice(practice(), "Harbor Point").await.unwrap();
    db.close().await;
    let count = Arc::new(AtomicU64::new(0));
    let mut acknowledged = 0;
    // A busy machine sends less in a round, and has more of them.
    for n in 0..4 * ROUNDS as u64 {
        if n >= ROUNDS as u64 && acknowledged > 100 {
            break;
        }
        let (lost, of) = round(&cluster, &admin, "on", n, &count).await;
        assert_eq!(lost, 0, "of {of} acknowledged entries in round {n}");
        acknowledged += of;
    }
    assert!(acknowledged > 100, "only {acknowledged} entries were sent");
    // The same, but a commit is told before it is on the disk.
    cluster.kill();
    cluster.start("off");
    let mut lost = 0;
    for n in 0..MOST_CONTROLS as u64 {
        lost += round(&cluster, &admin, "off", 50 + n, &count).await.0;
        if lost > 0 {
            break;
        }
    }
    assert!(
        lost > 0,
        "the control lost nothing: this test would not notice a loss"
    );
}
