//! "Something changed": told to every listener of a practice, without saying what.
//!
//! Told in this process at once, to other servers by NOTIFY outside of any transaction, and found by polling when
//! both were missed.

use domain::id::PracticeId;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::watch;

/// Heads by practice, to listen to.
#[derive(Default)]
pub struct Pokes {
    heads: Mutex<HashMap<PracticeId, watch::Sender<u64>>>,
}

impl Pokes {
    /// Listens to a practice.
    pub fn listen(&self, practice: PracticeId) -> watch::Receiver<u64> {
        match self.heads.lock() {
            Ok(mut heads) => heads
                .entry(practice)
                .or_insert_with(|| watch::Sender::new(0))
                .subscribe(),
            Err(_) => watch::Sender::new(0).subscribe(),
        }
    }

    /// Tells that a practice came to a revision.
    pub fn tell(&self, practice: PracticeId, head: u64) {
        if let Ok(mut heads) = self.heads.lock() {
            heads
                .entry(practice)
                .or_insert_with(|| watch::Sender::new(0))
                .send_if_modified(|known| {
                    let newer = head > *known;
                    *known = (*known).max(head);
                    newer
                });
        }
    }
}

/// How often this server looks for what other servers did.
const LOOK: Duration = Duration::from_secs(1);
/// The channel on which servers tell each other.
pub const CHANNEL: &str = "anteroom_poke";

/// Hears other servers, and looks every second in case a notification was lost.
pub async fn watch_others(state: std::sync::Arc<crate::http::State>, url: String) {
    let mut listener = None;
    loop {
        if listener.is_none() {
            listener = match sqlx::postgres::PgListener::connect(&url).await {
                Ok(mut fresh) => fresh.listen(CHANNEL).await.is_ok().then_some(fresh),
                Err(_) => None,
            };
        }
        let heard = async {
            match listener.as_mut() {
                Some(listener) => listener.recv().await.is_ok(),
                None => std::future::pending().await,
            }
        };
        if let Ok(false) = tokio::time::timeout(LOOK, heard).await {
            listener = None
        }
        match state.db.heads().await {
            Ok(heads) => heads
                .into_iter()
                .for_each(|(practice, _, head)| state.pokes.tell(practice, head)),
            Err(error) => tracing::debug!(%error, "heads cannot be read"),
        }
    }
}
