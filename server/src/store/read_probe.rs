//! Finds out whether the main database can be read, for whoever asks how the server is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;

use crate::store::database::Database;
use crate::store::failure::is_busy;

/// How long an answer is good for. Asking how the server is has no limit, so it must cost nothing.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// What is known about reading.
#[derive(Default)]
pub(crate) struct ReadProbe {
    asking: AsyncMutex<()>,
    asked: Mutex<Option<Duration>>,
    fails: AtomicBool,
}

impl ReadProbe {
    /// Returns whether the database can be read. It is asked at most once a second, by one at a
    /// time; everybody else gets the last answer.
    pub(crate) async fn works(&self, database: &Database, now: Duration) -> sqlx::Result<bool> {
        if let Ok(_asking) = self.asking.try_lock()
            && self.is_due(now)
        {
            let answer = ask(database).await;
            // If all connections that read are in use, others read, so that reading works.
            let fails = answer.as_ref().is_err_and(|error| !is_busy(error));
            self.fails.store(fails, Ordering::Relaxed);
            answer?;
        }
        Ok(!self.fails.load(Ordering::Relaxed))
    }

    fn is_due(&self, now: Duration) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = asked.is_none_or(|at| now.saturating_sub(at) >= GOOD_FOR);
        if is_due {
            *asked = Some(now);
        }
        is_due
    }
}

async fn ask(database: &Database) -> sqlx::Result<()> {
    sqlx::query("SELECT 1").execute(&mut *database.reader().await?).await.map(|_| ())
}
