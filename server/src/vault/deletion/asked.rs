use tokio::sync::watch;

/// The deletions that are asked for.
pub(crate) struct Deletions {
    /// How often somebody has asked. The start of the server counts as well: a deletion may have
    /// been interrupted.
    pub(super) asked: watch::Sender<u64>,
    /// How much of that has been dealt with.
    pub(super) done: watch::Sender<u64>,
    /// Whether a test lets no step begin.
    pub(super) held: watch::Sender<bool>,
}

impl Default for Deletions {
    fn default() -> Self {
        Self { asked: watch::Sender::new(1), done: watch::Sender::new(0), held: watch::Sender::new(false) }
    }
}

impl Deletions {
    /// Has accounts that are marked as deleted dealt with.
    pub(crate) fn ask(&self) {
        self.asked.send_modify(|asked| *asked += 1);
    }

    /// Waits until everything that was asked for is done. Only tests use this.
    pub(crate) async fn finished(&self) {
        let asked = *self.asked.borrow();
        drop(self.done.subscribe().wait_for(|done| *done >= asked).await);
    }

    /// Lets no step begin. Only tests use this.
    pub(crate) fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }
}
