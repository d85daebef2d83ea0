use leptos::prelude::*;

use crate::{
    browser::time,
    features::entry::words::lost,
    state::{vault::VaultState, waiting_notes},
    ui::icon::{Glyph, Icon},
};

/// Says that a change which waited on this device is gone, with everything else that the browser
/// had stored of its vault, until the user has read it.
#[component]
pub(super) fn LostChange() -> impl IntoView {
    let vault = VaultState::from_context();
    let is_read = RwSignal::new(false);
    let known = move || vault.welcome.with(|welcome| Some(welcome.as_ref()?.as_ref().ok()?.vaults.clone()));
    let since = move || known().and_then(|known| waiting_notes::find_lost(&known)).filter(|_| !is_read.get());
    let dismiss = move |_| {
        if let Some(known) = untrack(known) {
            waiting_notes::dismiss_lost(&known);
        }
        is_read.set(true);
    };
    view! {
        <div role="status">
            {move || since().map(|since| view! {
                <div class="note note--warn">
                    <Icon glyph=Glyph::Warn/>
                    <div>
                        <p class="note__what">{lost::HEADING}</p>
                        <p>{lost::text(&time::format_exact(since))}</p>
                        <div class="note__actions">
                            <button type="button" class="button button--small" on:click=dismiss>{lost::READ}</button>
                        </div>
                    </div>
                </div>
            })}
        </div>
    }
}
