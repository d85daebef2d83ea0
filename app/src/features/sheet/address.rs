use leptos::prelude::window;

/// Returns the address at which the sheet is used.
pub(super) fn recovery_address() -> String {
    let origin = window().location().origin().unwrap_or_default();
    format!("{origin}/recover")
}
