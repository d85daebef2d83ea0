//! Notices when no connection can be accepted, and when that is over.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::app::problems::{Problem, Problems};

/// How long accepting has to work before it is said to.
const CALM: Duration = Duration::from_secs(10);

/// How accepting connections has gone of late.
pub(super) struct Accepts {
    problems: Arc<Problems>,
    failed: Option<Instant>,
}

impl Accepts {
    pub(super) fn new(problems: Arc<Problems>) -> Self {
        Self { problems, failed: None }
    }

    /// Notes a failure. Returns whether it concerns the server, and not only one client, which has
    /// closed its connection or cannot be reached.
    pub(super) fn note_failure(&mut self, error: &io::Error) -> bool {
        use io::ErrorKind as Kind;
        let of_client = matches!(
            error.kind(),
            Kind::ConnectionAborted
                | Kind::ConnectionRefused
                | Kind::ConnectionReset
                | Kind::HostUnreachable
                | Kind::Interrupted
                | Kind::NetworkDown
                | Kind::NetworkUnreachable
                | Kind::TimedOut
        );
        if !of_client {
            self.problems.begin(Problem::AcceptsFail, error);
            self.failed = Some(Instant::now());
        }
        !of_client
    }

    /// Waits until there has been no failure for a while. If there was none, it waits for ever.
    pub(super) async fn calm(&self) {
        match self.failed {
            Some(failed) => tokio::time::sleep_until(failed + CALM).await,
            None => std::future::pending().await,
        }
    }

    /// Notes that there has been no failure for a while.
    pub(super) fn note_calm(&mut self) {
        self.failed = None;
        self.problems.end(Problem::AcceptsFail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_problem_lasts_while_connections_cannot_be_accepted() {
        let problems: Arc<Problems> = Arc::default();
        let mut accepts = Accepts::new(Arc::clone(&problems));
        assert!(!accepts.note_failure(&io::ErrorKind::ConnectionAborted.into()));
        assert_eq!(problems.names().len(), 0);
        for _ in 0..3 {
            // EMFILE has no kind of its own.
            assert!(accepts.note_failure(&io::Error::other("too many open files")));
            assert!(problems.has(Problem::AcceptsFail));
            assert!(tokio::time::timeout(CALM / 2, accepts.calm()).await.is_err());
        }
        assert!(tokio::time::timeout(CALM / 2, accepts.calm()).await.is_ok());
        accepts.note_calm();
        assert!(!problems.has(Problem::AcceptsFail));
        assert!(tokio::time::timeout(CALM * 2, accepts.calm()).await.is_err());
    }
}
