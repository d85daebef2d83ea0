use leptos::prelude::*;

use crate::{
    browser::router::{Redirect, use_location},
    state::{navigation::Navigation, vault::VaultState, vault_part::VaultPart},
    ui::{loading::Loading, words::general},
};

/// Shows the open vault, once its part of the app is loaded. Redirects to the unlock page if no
/// vault is open.
#[component]
pub(crate) fn VaultDoor() -> impl IntoView {
    let (vault, navigation, part) =
        (VaultState::from_context(), Navigation::from_context(), VaultPart::from_context());
    let is_open = Memo::new(move |_| vault.opened.with(Option::is_some));
    let path = use_location().pathname;
    view! {
        {move || {
            if !is_open.get() {
                navigation.return_path.set(Some(path.get_untracked()));
                return view! { <Redirect path="/unlock"/> }.into_any();
            }
            match part.screens.get() {
                Some(screens) => (screens.open_vault)(),
                None => {
                    part.load_now();
                    view! { <Loading text=general::LOADING/> }.into_any()
                }
            }
        }}
    }
}
