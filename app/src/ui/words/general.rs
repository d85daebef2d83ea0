use crate::browser::time::Elapsed;

pub(crate) const NAME: &str = "Crystallum";
pub(crate) const SKIP: &str = "Skip to content";
pub(crate) const NAV_NAME: &str = "Places";
pub(crate) const BACK: &str = "Back";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CREATE_VAULT: &str = "Create a vault";
pub(crate) const HAVE_ONE: &str = "I already have one";
pub(crate) const LOADING: &str = "Opening";
pub(crate) const PREPARING: &str = "Preparing";
pub(crate) const LOCKING: &str = "Locking";
pub(crate) const RELOAD: &str = "Load again";
pub(crate) const NOT_FOUND: &str = "There is no such page";
pub(crate) const NOT_FOUND_TEXT: &str = "The address may be mistyped. Nothing is wrong with your vault.";
pub(crate) const PRINT_NOTE: &str = "Only a recovery sheet can be printed, while it is on screen.";
pub(crate) const TO_START: &str = "Go to the start";

/// Offered by the message that a record was moved to the trash.
pub(crate) const UNDO: &str = "Undo";
/// Shown after [`UNDO`].
pub(crate) const PUT_BACK: &str = "It is back as it was.";

/// Adds time to what is revealed.
pub(crate) const SHOW_LONGER: &str = "Show longer";

/// "Hides in 27 s"
pub(crate) fn countdown(seconds: u32) -> String {
    format!("Hides in {seconds} s")
}

/// Returns the document's title.
pub(crate) fn title(page: &str) -> String {
    format!("{page} · {NAME}")
}

/// Says how long ago something was. `date` formats times that are long ago.
pub(crate) fn format_elapsed(elapsed: Elapsed, date: impl FnOnce() -> String) -> String {
    match elapsed {
        Elapsed::Now => "just now".into(),
        Elapsed::Minutes(minutes) => format!("{minutes} min ago"),
        Elapsed::Hours(hours) => format!("{hours} h ago"),
        Elapsed::Days(1) => "yesterday".into(),
        Elapsed::Days(days) => format!("{days} days ago"),
        Elapsed::Long => date(),
    }
}
