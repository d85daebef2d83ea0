//! Locks the vault on a panic: terminates the engine, clears the screen and replaces the page.

use crystallum_messages::LockReason;

use crate::{engine, features::entry::words::unlock, state::lock};

/// Installs a panic hook that locks the vault. The panic message is never shown, since it could
/// contain what was on screen.
pub(crate) fn lock_on_panic() {
    std::panic::set_hook(Box::new(|_| {
        engine::terminate_now();
        let Some(window) = web_sys::window() else { return };
        if let Some(body) = window.document().and_then(|document| document.body()) {
            body.set_text_content(Some(unlock::ENDED));
        }
        let (location, ended) = (window.location(), lock::unlock_address(LockReason::Ended));
        // Avoids an endless loop when the page panics while it starts.
        let here = location.pathname().and_then(|path| Ok(path + &location.search()?));
        if here.as_deref() != Ok(ended) {
            drop(location.replace(ended));
        }
    }));
}
