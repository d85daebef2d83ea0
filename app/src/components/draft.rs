use leptos::prelude::*;

use crate::session::Session;

/// Counts a form as a draft while it is on screen.
pub(crate) fn keep_draft() {
    let session = Session::here();
    session.drafts.update(|drafts| *drafts += 1);
    on_cleanup(move || session.drafts.update(|drafts| *drafts = drafts.saturating_sub(1)));
}
