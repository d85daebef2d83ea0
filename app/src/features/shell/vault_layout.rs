use leptos::{ev, prelude::*};

use crate::{
    browser::router::{NavigateOptions, Outlet, use_location, use_navigate},
    features::keys::search::Search,
    features::shell::{
        banner::Banner,
        help_dialog::HelpDialog,
        nav_bar::NavBar,
        renew_dialog::RenewDialog,
        shortcuts::{self, Shortcut},
    },
    state::{
        drafts::Drafts, hints::follow_hints, lock, navigation::Navigation, preferences::Preferences,
        sync::Synchronisation, vault::VaultState,
    },
};

/// The layout around every page of an open vault.
#[component]
pub(crate) fn VaultLayout() -> impl IntoView {
    let (vault, navigation, navigate) =
        (VaultState::from_context(), Navigation::from_context(), use_navigate());
    let (drafts, sync) = (Drafts::from_context(), Synchronisation::from_context());
    drafts.look_for_draft();
    follow_hints(vault, sync);
    Effect::new(move || {
        sync.changes.track();
        drafts.look_for_key();
    });
    let path = use_location().pathname;
    let section = Memo::new(move |_| path.with(|path| VaultSection::parse(path)));
    let help = RwSignal::new(false);
    let search = Search { query: RwSignal::new(String::new()), field: NodeRef::new() };
    provide_context(search);

    let preferences = Preferences::from_context();
    let shortcut_listener = window_event_listener(ev::keydown, move |event| {
        let Some(shortcut) = shortcuts::from_event(&event, preferences.shortcuts.get_untracked()) else {
            return;
        };
        // While a form is open, only its own buttons leave it.
        let has_draft = navigation.open_forms.get_untracked() > 0;
        let section = section.get_untracked();
        match shortcut {
            Shortcut::Add if !has_draft => navigate(section.add_path(), NavigateOptions::default()),
            Shortcut::Close if !has_draft && !section.is_list => {
                navigate(section.list_path(), NavigateOptions::default());
            }
            Shortcut::Add | Shortcut::Close => return,
            Shortcut::Help => help.set(true),
            Shortcut::Lock => lock::lock_by_hand(vault),
            Shortcut::Search => {
                let is_search_visible =
                    search.field.get_untracked().is_some_and(|field| field.offset_parent().is_some());
                if !is_search_visible && has_draft {
                    return;
                }
                if !is_search_visible {
                    navigate("/vault", NavigateOptions::default());
                }
                request_animation_frame(move || {
                    if let Some(field) = search.field.get_untracked() {
                        drop(field.focus());
                        field.select();
                    }
                });
            }
        }
        event.prevent_default();
    });
    on_cleanup(move || shortcut_listener.remove());

    view! {
        <div class="vault" class:vault--inside=move || !section.get().is_list>
            <NavBar help=help/>
            <main id="main" class="vault__main" tabindex="-1">
                <Banner/>
                <Outlet/>
            </main>
            <HelpDialog open=help/>
            <RenewDialog/>
        </div>
    }
}

/// The section of the vault that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct VaultSection {
    is_wallets: bool,
    is_list: bool,
}

impl VaultSection {
    fn parse(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        Self { is_wallets: path.starts_with("/wallets"), is_list: matches!(path, "/vault" | "/wallets") }
    }

    fn list_path(self) -> &'static str {
        if self.is_wallets { "/wallets" } else { "/vault" }
    }

    fn add_path(self) -> &'static str {
        if self.is_wallets { "/wallets/add" } else { "/vault/add" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_section_has_its_list_and_its_form() {
        let list = VaultSection::parse("/wallets/");
        assert!(list.is_list && list.is_wallets);
        assert_eq!((list.list_path(), list.add_path()), ("/wallets", "/wallets/add"));
        assert!(!VaultSection::parse("/vault/add").is_list);
        assert_eq!(VaultSection::parse("/trash").list_path(), "/vault");
    }
}
