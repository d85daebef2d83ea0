use crystallum_messages::{KnownVault, VaultId};
use leptos::prelude::*;

use crate::{
    browser::time,
    features::entry::words::unlock,
    ui::{mark::Mark, words::general},
};

/// Lists the vaults that this device knows, the last used first, and the option to open another
/// one.
#[component]
pub(super) fn Chooser(vaults: Vec<KnownVault>, chosen: RwSignal<Option<VaultId>>) -> impl IntoView {
    let known = |vault: KnownVault| {
        let used = time::to_js_time(vault.last_used);
        let ago = general::format_elapsed(time::elapsed(used, time::now()), || time::format_date(used));
        (Some(vault.id), vault.name, unlock::last_used(&ago), time::format_exact(used))
    };
    let another = (None, unlock::ANOTHER.to_owned(), unlock::ANOTHER_HINT.to_owned(), String::new());
    let card = move |(id, name, hint, title): (Option<VaultId>, String, String, String)| {
        view! {
            <label class="chooser__card" class:chooser__card--quiet=id.is_none()>
                <input
                    type="radio"
                    name="vault"
                    class="chooser__radio"
                    prop:checked=move || chosen.get() == id
                    on:change=move |_| chosen.set(id)
                />
                {id.map(|_| view! { <Mark/> })}
                <span class="chooser__name" translate=id.map(|_| "no")>{name}</span>
                <span class="chooser__hint" title=title>{hint}</span>
            </label>
        }
    };
    view! {
        <fieldset class="chooser">
            <legend class="unseen">{unlock::WHICH}</legend>
            {vaults.into_iter().map(known).chain([another]).map(card).collect_view()}
        </fieldset>
    }
}
