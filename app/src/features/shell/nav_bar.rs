use leptos::prelude::*;

use crate::{
    browser::router::A,
    features::{
        keys::words::vault, security::words as sign_in_methods, settings::words as settings,
        wallets::words as wallet,
    },
    state::{lock, vault::VaultState},
    ui::{
        icon::{Glyph, Icon},
        mark::Mark,
        words::general,
    },
};

/// The path, icon and name of each section.
const ENTRIES: [(&str, Glyph, &str); 4] = [
    ("/vault", Glyph::Vault, vault::SECTION_NAME),
    ("/wallets", Glyph::Wallet, wallet::SECTION_NAME),
    ("/security", Glyph::Shield, sign_in_methods::SECTION_NAME),
    ("/settings", Glyph::Settings, settings::SECTION_NAME),
];

/// The navigation of an open vault: a rail at the side, or a bar at the bottom on a phone.
#[component]
pub(crate) fn NavBar(help: RwSignal<bool>) -> impl IntoView {
    let vault = VaultState::from_context();
    view! {
        <nav class="places" aria-label=general::NAV_NAME>
            <span class="places__mark"><Mark/></span>
            {ENTRIES.map(|(href, glyph, name)| view! {
                <A href=href class="places__place">
                    <Icon glyph=glyph/>
                    <span>{name}</span>
                </A>
            }).into_iter().collect_view()}
            <span class="places__gap"></span>
            <button
                type="button"
                class="places__place places__place--desktop"
                aria-label=vault::HELP
                title=vault::HELP
                on:click=move |_| help.set(true)
            >
                <Icon glyph=Glyph::Help/>
            </button>
            <button
                type="button"
                class="places__place"
                on:click=move |_| lock::lock_by_hand(vault)
            >
                <Icon glyph=Glyph::Lock/>
                <span>{vault::LOCK}</span>
            </button>
        </nav>
    }
}
