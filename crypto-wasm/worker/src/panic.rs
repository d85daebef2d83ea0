//! A bug in the engine is a lock: the page is told that the engine ended, and nothing else, since a message could hold a secret.

use crystallum_messages::{Event, FromEngine, LockReason};

use crate::{js, page};

/// Makes every panic end the worker.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|_| {
        page::post(&FromEngine::Event(Event::Locked(LockReason::Ended)));
        js::scope().close();
    }));
}
