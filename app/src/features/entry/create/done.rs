use crystallum_messages::{Opened, SyncState};
use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    features::entry::words::{create, unlock},
    state::vault::VaultState,
    ui::{
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::state,
    },
};

/// Confirms that the vault was created, explains what that means, and says how many sign-in methods
/// it has.
#[component]
pub(super) fn Done(opened: Opened, confirmed: bool) -> impl IntoView {
    let (vault, navigate) = (VaultState::from_context(), use_navigate());
    let stored =
        state::sync(opened.sync).filter(|_| opened.sync != SyncState::Synced).unwrap_or(create::DONE_TEXT);
    let persistent = vault.welcome.with_untracked(|welcome| welcome.as_ref()?.as_ref().ok()?.persistent);
    let note = if confirmed {
        view! { <div class="note"><Icon glyph=Glyph::Check/><p>{create::TWO_METHODS}</p></div> }.into_any()
    } else {
        view! {
            <div class="note note--warn">
                <Icon glyph=Glyph::Key/>
                <div>
                    <p class="note__what">{create::ONE_METHOD}</p>
                    <p>{create::ONE_METHOD_TEXT}</p>
                </div>
            </div>
        }
        .into_any()
    };
    view! {
        <PageHeading title=create::DONE_HEADING>{create::DONE_HEADING}</PageHeading>
        <p>{stored}</p>
        {note}
        {(persistent == Some(false)).then(|| view! {
            <div class="note"><Icon glyph=Glyph::Vault/><p>{unlock::NOT_PERSISTENT}</p></div>
        })}
        <div class="plain-page__actions">
            <button
                type="button"
                class="button button--primary button--large"
                on:click=move |_| navigate("/vault", NavigateOptions::REPLACE)
            >
                {create::OPEN}
            </button>
        </div>
    }
}
