use crystallum_messages::LockReason;
use leptos::{ev, html, prelude::*};

use crate::{
    components::{
        banner::Banner, help_dialog::HelpDialog, places::Places, renew_dialog::RenewDialog,
        unsaved_changes_dialog::UnsavedChangesDialog,
    },
    engine::Engine,
    lock,
    router::{NavigateOptions, Outlet, Redirect, use_location, use_navigate},
    session::Session,
    shortcuts::{self, Shortcut},
};

/// The search of the list of keys: its words stay while other places are shown.
#[derive(Clone, Copy)]
pub(crate) struct Search {
    /// What is searched for.
    pub(crate) query: RwSignal<String>,
    /// The box.
    pub(crate) field: NodeRef<html::Input>,
}

/// What surrounds every page of an open vault. Without one, the way to unlocking.
#[component]
pub(crate) fn Inside() -> impl IntoView {
    let session = Session::here();
    let is_open = Memo::new(move |_| session.vault.with(Option::is_some));
    let path = use_location().pathname;
    view! {
        {move || {
            if is_open.get() {
                view! { <Frame/> }.into_any()
            } else {
                session.wanted.set(Some(path.get_untracked()));
                let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                view! { <Redirect path="/unlock" options=options/> }.into_any()
            }
        }}
    }
}

#[component]
fn Frame() -> impl IntoView {
    let (engine, session, navigate) = (Engine::here(), Session::here(), use_navigate());
    let path = use_location().pathname;
    let place = Memo::new(move |_| path.with(|path| Place::of(path)));
    let help = RwSignal::new(false);
    let search = Search { query: RwSignal::new(String::new()), field: NodeRef::new() };
    provide_context(search);

    let keys = window_event_listener(ev::keydown, move |event| {
        let Some(shortcut) = shortcuts::of(&event) else { return };
        // A form that is being filled is left by its own buttons only.
        let drafting = session.drafts.get_untracked() > 0;
        let place = place.get_untracked();
        match shortcut {
            Shortcut::Add if !drafting => navigate(place.add(), NavigateOptions::default()),
            Shortcut::Close if !drafting && !place.is_list => {
                navigate(place.list(), NavigateOptions::default());
            }
            Shortcut::Add | Shortcut::Close => return,
            Shortcut::Help => help.set(true),
            Shortcut::Lock => lock::lock(engine, session, LockReason::Asked),
            Shortcut::Search => {
                let seen = search.field.get_untracked().is_some_and(|field| field.offset_parent().is_some());
                if !seen && drafting {
                    return;
                }
                if !seen {
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
    on_cleanup(move || keys.remove());

    view! {
        <div class="vault" class:vault--inside=move || !place.get().is_list>
            <Places help=help/>
            <main id="main" class="vault__main" tabindex="-1">
                <Banner/>
                <Outlet/>
            </main>
            <HelpDialog open=help/>
            <RenewDialog/>
            <UnsavedChangesDialog/>
        </div>
    }
}

/// Where in the vault the person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    wallets: bool,
    is_list: bool,
}

impl Place {
    fn of(path: &str) -> Self {
        let path = path.trim_end_matches('/');
        Self { wallets: path.starts_with("/wallets"), is_list: matches!(path, "/vault" | "/wallets") }
    }

    fn list(self) -> &'static str {
        if self.wallets { "/wallets" } else { "/vault" }
    }

    fn add(self) -> &'static str {
        if self.wallets { "/wallets/add" } else { "/vault/add" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_has_its_list_and_its_form() {
        let list = Place::of("/wallets/");
        assert!(list.is_list && list.wallets);
        assert_eq!((list.list(), list.add()), ("/wallets", "/wallets/add"));
        assert!(!Place::of("/vault/add").is_list);
        assert_eq!(Place::of("/trash").list(), "/vault");
    }
}
