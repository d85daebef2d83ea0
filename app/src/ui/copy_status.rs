use crate::{
    browser::{clipboard::CopyState, time},
    ui::words::clipboard as words,
};

/// Returns the text that reports what happened to the last copy.
pub(crate) fn copy_status(state: CopyState) -> String {
    match state {
        CopyState::Cleared => words::CLIPBOARD_CLEARED.into(),
        CopyState::Failed => words::CLIPBOARD_FAILED.into(),
        CopyState::NotCleared => words::CLIPBOARD_LEFT.into(),
        CopyState::OnClipboard(item, until) => words::copied(item, &time::format_time(until)),
    }
}
