//! A panic locks: the engine ends, the screen is emptied and the page is replaced.

use crystallum_messages::LockReason;

use crate::{engine, lock, words::unlock};

/// Makes every panic lock. Its message is never shown: it could hold what was on screen.
pub(crate) fn lock_on_panic() {
    std::panic::set_hook(Box::new(|_| {
        engine::terminate_now();
        let Some(window) = web_sys::window() else { return };
        if let Some(body) = window.document().and_then(|document| document.body()) {
            body.set_text_content(Some(unlock::ENDED));
        }
        let (location, ended) = (window.location(), lock::unlock_address(LockReason::Ended));
        // A page that panics as it starts must not be loaded for ever.
        let here = location.pathname().and_then(|path| Ok(path + &location.search()?));
        if here.as_deref() != Ok(ended) {
            drop(location.replace(ended));
        }
    }));
}
