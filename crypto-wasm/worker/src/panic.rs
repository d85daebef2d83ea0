//! Handling of panics: a bug in the engine locks the vault. The page only learns that the engine
//! ended, since a panic message could contain a secret.

use crystallum_messages::{Event, FromEngine, LockReason};

use crate::{js, outbox};

/// Makes every panic end the worker.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|_| {
        outbox::post(&FromEngine::Event(Event::Locked(LockReason::Ended)));
        js::scope().close();
    }));
}
