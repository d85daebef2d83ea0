use leptos::prelude::*;

use crate::{
    browser::router::use_location,
    features::security::words,
    state::{sync::Synchronisation, vault::VaultState},
    ui::icon::{Glyph, Icon},
};

/// Warns that the vault has only one sign-in method, and links to the next step. Hidden on the
/// pages where that step is taken.
#[component]
pub(super) fn SingleMethodWarning() -> impl IntoView {
    let (vault, sync) = (VaultState::from_context(), Synchronisation::from_context());
    let path = use_location().pathname;
    let alone = Memo::new(move |_| {
        vault.opened.with(|opened| opened.as_ref().is_some_and(|opened| opened.sign_in_methods < 2))
    });
    let elsewhere = Memo::new(move |_| path.with(|path| !path.starts_with("/security/")));
    // Another device may have added a method.
    Effect::new(move |first: Option<()>| {
        sync.changes.track();
        if first.is_some() && alone.get_untracked() {
            vault.refresh_method_count();
        }
    });
    view! {
        {move || {
            (alone.get() && elsewhere.get()).then(|| view! {
                <div class="banner">
                    <Icon glyph=Glyph::Key/>
                    <p>{words::ONE_METHOD}</p>
                    <a class="button button--small" href="/security/sheet">{words::ONE_METHOD_STEP}</a>
                </div>
            })
        }}
    }
}
