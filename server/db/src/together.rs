//! Those who ask at the same moment are answered together. When something changes, every device that listens asks within
//! some milliseconds, and a transaction for all of them costs hardly more than one for each.
//!
//! Nothing is kept from one answer to the next: whoever asks is served by a batch that began after they asked.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Batches that may be under way at once: one that takes long does not hold up those who come after it.
const AT_ONCE: usize = 3;
/// Questions of one batch, at most.
const MOST: usize = 128;

/// Questions that wait, each with whom to tell.
pub(crate) struct Together<Q, A> {
    waiting: Mutex<Vec<(Q, oneshot::Sender<A>)>>,
    turns: Semaphore,
}

impl<Q, A> Default for Together<Q, A> {
    fn default() -> Self {
        Together {
            waiting: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

impl<Q: Clone, A> Together<Q, A> {
    /// The answer to a question. `serve` is given questions, this one or others, and gives an answer for each, in order.
    pub async fn ask<F, Fut>(&self, question: Q, serve: F) -> A
    where
        F: Fn(Vec<Q>) -> Fut,
        Fut: Future<Output = Vec<A>>,
    {
        'asked: loop {
            let (tell, mut told) = oneshot::channel();
            self.waiting().push((question.clone(), tell));
            loop {
                let turn = tokio::select! {
                    biased;
                    answer = &mut told => match answer {
                        Ok(answer) => return answer,
                        // Whoever served the batch went away in the middle of it.
                        Err(_) => continue 'asked,
                    },
                    turn = self.turns.acquire() => turn,
                };
                let batch: Vec<_> = {
                    let mut waiting = self.waiting();
                    let most = waiting.len().min(MOST);
                    waiting.drain(..most).collect()
                };
                if batch.is_empty() {
                    // This question is in a batch that is under way.
                    drop(turn);
                    match told.await {
                        Ok(answer) => return answer,
                        Err(_) => continue 'asked,
                    }
                }
                let (questions, tells): (Vec<Q>, Vec<_>) = batch.into_iter().unzip();
                for (tell, answer) in tells.into_iter().zip(serve(questions).await) {
                    // Who went away is told nothing.
                    let _gone = tell.send(answer);
                }
            }
        }
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<(Q, oneshot::Sender<A>)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    #[tokio::test]
    async fn everybody_gets_their_own_answer_from_few_batches() {
        let (line, batches) = (Together::default(), AtomicUsize::new(0));
        let serve = |questions: Vec<usize>| {
            batches.fetch_add(1, Ordering::Relaxed);
            async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                questions.into_iter().map(|question| question * 2).collect()
            }
        };
        let answers = join_all((0..100).map(|question| line.ask(question, serve))).await;
        assert!(answers.into_iter().eq((0..100).map(|question| question * 2)));
        assert!(batches.into_inner() < 10);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_batch_that_broke_off_asks_again() {
        let line = Arc::new(Together::<u8, u8>::default());
        let never = |_| std::future::pending::<Vec<u8>>();
        let leaders: Vec<_> = (0..AT_ONCE as u8)
            .map(|question| {
                let line = line.clone();
                tokio::spawn(async move { line.ask(question, never).await })
            })
            .collect();
        tokio::task::yield_now().await;
        let serve = |questions: Vec<u8>| async move { questions };
        let follower = tokio::spawn({
            let line = line.clone();
            async move { line.ask(9, serve).await }
        });
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(!follower.is_finished());
        leaders.iter().for_each(|leader| leader.abort());
        assert_eq!(follower.await.unwrap(), 9);
    }
}
