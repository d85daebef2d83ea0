//! The part of the Wasm that only an open vault needs: which page each of its addresses shows.
//!
//! The build moves everything that is reached through [`screens`] alone into a file of its own
//! (`xtask/bindgen`), which `boot.js` fetches once the page works. So nothing else may name a page
//! of an open vault.

use leptos::{prelude::*, wasm_split::wasm_split};

use crate::{
    browser::router::OutletContent,
    engine::boot::{self, StartError},
    features::{
        devices::page::Devices,
        keys::{add::Add, detail::Detail, edit::Edit, nothing_open::NothingOpen, page::Vault},
        new_from_copy::page::NewFromCopy,
        security::{add::AddPasskey, page::Security, sheet::NewSheet},
        settings::page::Settings,
        sheet::step::SheetStep,
        shell::{going_over::GoingOver, vault_layout::VaultLayout},
        trash::page::Trash,
        wallets,
    },
    routes::{Pane, Route, VaultRoute},
    state::vault_part::VaultScreens,
};

/// Fetches and starts the part.
pub(crate) async fn load() -> Result<VaultScreens, StartError> {
    boot::load_vault_part().await?;
    Ok(screens().await)
}

/// Where the Wasm is split.
#[wasm_split(vault, wasm_split_path = leptos::wasm_split)]
fn screens() -> VaultScreens {
    VaultScreens { open_vault, going_over, sheet_step }
}

fn open_vault() -> AnyView {
    provide_context(OutletContent(vault_pages));
    view! { <VaultLayout/> }.into_any()
}

fn going_over() -> AnyView {
    view! { <GoingOver/> }.into_any()
}

fn sheet_step(replaced: bool, done: Callback<bool>) -> AnyView {
    view! { <SheetStep replaced=replaced done=done/> }.into_any()
}

/// Returns the vault route that the address names, or the last one while the user navigates away
/// from the vault.
fn vault_route() -> Memo<VaultRoute> {
    let route = expect_context::<Memo<Route>>();
    Memo::new(move |previous: Option<&VaultRoute>| match (route.get(), previous) {
        (Route::Vault(route), _) | (_, Some(&route)) => route,
        (_, None) => VaultRoute::Keys(Pane::Empty),
    })
}

fn vault_pages() -> AnyView {
    let route = vault_route();
    let layout = Memo::new(move |_| route.get().layout_key());
    view! {
        {move || match layout.get() {
            VaultRoute::AddPasskey => view! { <AddPasskey/> }.into_any(),
            VaultRoute::Devices => view! { <Devices/> }.into_any(),
            VaultRoute::NewFromCopy => view! { <NewFromCopy/> }.into_any(),
            VaultRoute::NewSheet => view! { <NewSheet/> }.into_any(),
            VaultRoute::Security => view! { <Security/> }.into_any(),
            VaultRoute::Settings => view! { <Settings/> }.into_any(),
            VaultRoute::Trash => view! { <Trash/> }.into_any(),
            VaultRoute::Keys(_) => {
                provide_context(OutletContent(key_panes));
                view! { <Vault/> }.into_any()
            }
            VaultRoute::Wallets(_) => {
                provide_context(OutletContent(wallet_panes));
                view! { <wallets::page::Wallets/> }.into_any()
            }
        }}
    }
    .into_any()
}

fn key_panes() -> AnyView {
    let route = vault_route();
    let pane = Memo::new(move |_| route.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <Add/> }.into_any(),
            Pane::Detail => view! { <Detail/> }.into_any(),
            Pane::Edit => view! { <Edit/> }.into_any(),
            Pane::Empty | Pane::Shares => view! { <NothingOpen/> }.into_any(),
        }}
    }
    .into_any()
}

fn wallet_panes() -> AnyView {
    let route = vault_route();
    let pane = Memo::new(move |_| route.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <wallets::add::Add/> }.into_any(),
            Pane::Detail => view! { <wallets::detail::Detail/> }.into_any(),
            Pane::Edit => view! { <wallets::edit::Edit/> }.into_any(),
            Pane::Empty => view! { <wallets::page::NothingOpen/> }.into_any(),
            Pane::Shares => view! { <wallets::shares::Shares/> }.into_any(),
        }}
    }
    .into_any()
}
