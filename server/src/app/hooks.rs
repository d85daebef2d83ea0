//! What a server does by itself from time to time, at once; and faults for tests.

use crate::app::start::Server;
use crate::app::{log_clearing, monitor};

impl Server {
    /// Runs the hourly sweep now: reconciles the share stores with the main database.
    pub async fn sweep(&self) {
        self.app.sweeper().record_and_sweep().await;
    }

    /// Finds out now whether the databases can be read and written, which the server does every
    /// minute, or every ten seconds while something is wrong.
    pub async fn check(&self) {
        monitor::check(&self.app).await;
    }

    /// Limits the number of pages of the main database, as if the disk were full. The largest
    /// number lifts the limit. Only tests use this.
    #[doc(hidden)]
    pub fn set_max_pages(&self, pages: u32) {
        self.app.database.set_max_pages(pages);
    }

    /// Limits the number of leaves of the vaults whose states are kept in memory. Only tests use
    /// this.
    #[doc(hidden)]
    pub fn set_max_kept_leaves(&self, leaves: u64) {
        self.app.states.set_max_leaves(leaves);
    }

    /// Returns how often the main database was asked for something. Only tests use this.
    #[doc(hidden)]
    pub fn reads(&self) -> u64 {
        self.app.database.reads()
    }

    /// Lets nobody read the main database, as if all connections were in use. Only tests use this.
    #[doc(hidden)]
    pub fn hold_readers(&self, held: bool) {
        self.app.database.hold_readers(held);
    }

    /// Writes until the returned value is dropped, so that all others wait. Only tests use this.
    #[doc(hidden)]
    pub async fn hold_writer(&self) -> impl Send + use<> {
        self.app.database.begin_write().await
    }

    /// Lets no sign-in be looked up until the returned value is dropped. Only tests use this.
    #[doc(hidden)]
    pub async fn hold_sign_ins(&self) -> impl Send + use<> {
        self.app.limits.look_up().await
    }

    /// Returns how many writes wait for their turn or are under way. Only tests use this.
    #[doc(hidden)]
    pub fn waiting_writes(&self) -> usize {
        self.app.turns.count()
    }

    /// Lets a share store hang, as if its disk did not answer. If tests are `impatient`, the time
    /// limit passes at once. Only tests use this.
    #[doc(hidden)]
    pub fn hold_store(&self, number: u8, held: bool, impatient: bool) {
        self.app.stores.hold(number, held, impatient);
    }

    /// Ends the main task as a panic would. Only tests use this.
    #[doc(hidden)]
    pub fn crash(&self) {
        self.task.abort();
    }

    /// Clears the logs of what was removed now, which the server does every five seconds. Only
    /// tests use this.
    #[doc(hidden)]
    pub async fn clear_logs(&self) {
        log_clearing::clear(&self.app).await;
    }

    /// Returns how often clearing the log of the main database was tried. Only tests use this.
    #[doc(hidden)]
    pub fn log_clearings(&self) -> u64 {
        self.app.database.clearings()
    }

    /// Returns how many sweeps of the share stores there were. Only tests use this.
    #[doc(hidden)]
    pub fn sweeps(&self) -> u64 {
        self.app.stores.sweeps()
    }

    /// Waits until everything of deleted accounts is gone. Only tests use this.
    #[doc(hidden)]
    pub async fn deletions_finished(&self) {
        self.app.deletions.finished().await;
    }

    /// Lets nothing more of deleted accounts be deleted. Only tests use this.
    #[doc(hidden)]
    pub fn hold_deletions(&self, held: bool) {
        self.app.deletions.hold(held);
    }
}
