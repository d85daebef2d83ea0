use leptos::prelude::*;

use crate::state::vault_part::VaultPart;

/// The recovery sheet of a vault that was just made or recovered. Whoever shows it has made sure
/// that its part of the app is loaded.
#[component]
pub(super) fn NewSheet(
    /// Whether the sheet replaces a code that was just used.
    #[prop(optional)]
    replaced: bool,
    /// Called with `true` when the sheet was confirmed.
    done: Callback<bool>,
) -> impl IntoView {
    let part = VaultPart::from_context();
    move || part.screens.get().map(|screens| (screens.sheet_step)(replaced, done))
}
