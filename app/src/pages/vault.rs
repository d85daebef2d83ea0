use crystallum_messages::{LockReason, RecordId};
use leptos::{ev, html, prelude::*};
use leptos_router::{
    NavigateOptions,
    components::{Outlet, Redirect},
    hooks::{use_location, use_navigate},
};

use crate::{
    components::{
        banner::Banner,
        help_dialog::HelpDialog,
        icon::{Glyph, Icon},
        key_list::KeyList,
        page_heading::PageHeading,
        places::Places,
        renew_dialog::RenewDialog,
        told_line::ToldLine,
    },
    engine::Engine,
    lock,
    session::Session,
    shortcuts::{self, Shortcut},
    words::vault,
};

/// An open vault: places, list and whatever is open beside it. Without one, the way to unlocking.
#[component]
pub(crate) fn Vault() -> impl IntoView {
    let session = Session::here();
    let is_open = Memo::new(move |_| session.vault.with(Option::is_some));
    let path = use_location().pathname;
    move || {
        if is_open.get() {
            view! { <OpenVault/> }.into_any()
        } else {
            session.wanted.set(Some(path.get_untracked()));
            let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
            view! { <Redirect path="/unlock" options=options/> }.into_any()
        }
    }
}

#[component]
fn OpenVault() -> impl IntoView {
    let (engine, session, navigate) = (Engine::here(), Session::here(), use_navigate());
    let path = use_location().pathname;
    let at_list = Memo::new(move |_| path.with(|path| path.trim_end_matches('/') == "/vault"));
    let open = Memo::new(move |_| path.with(|path| path.split('/').nth(2)?.parse::<RecordId>().ok()));
    let help = RwSignal::new(false);
    let query = RwSignal::new(String::new());
    let search = NodeRef::<html::Input>::new();

    let keys = window_event_listener(ev::keydown, move |event| {
        let Some(shortcut) = shortcuts::of(&event) else { return };
        // A form that is being filled is left by its own buttons only.
        let drafting = session.drafts.get_untracked() > 0;
        match shortcut {
            Shortcut::Add if !drafting => navigate("/vault/add", NavigateOptions::default()),
            Shortcut::Close if !drafting && !at_list.get_untracked() => {
                navigate("/vault", NavigateOptions::default())
            }
            Shortcut::Add | Shortcut::Close => return,
            Shortcut::Help => help.set(true),
            Shortcut::Lock => lock::lock(engine, session, LockReason::Asked),
            Shortcut::Search => {
                if search.get_untracked().is_some_and(|search| search.offset_parent().is_none()) {
                    navigate("/vault", NavigateOptions::default());
                }
                request_animation_frame(move || {
                    if let Some(search) = search.get_untracked() {
                        drop(search.focus());
                        search.select();
                    }
                });
            }
        }
        event.prevent_default();
    });
    on_cleanup(move || keys.remove());

    let name = session
        .vault
        .with_untracked(|vault| vault.as_ref().map(|vault| vault.name.clone()).unwrap_or_default());
    let name = StoredValue::new(name);
    view! {
        <div class="vault" class:vault--inside=move || !at_list.get()>
            <Places help=help/>
            <main id="main" class="vault__main" tabindex="-1">
                <Banner/>
                <div class="vault__panes">
                    <section class="vault__list" aria-label=vault::KEYS>
                        <header class="vault__head">
                            {move || if at_list.get() {
                                view! { <PageHeading title=vault::PLACE>{name.get_value()}</PageHeading> }.into_any()
                            } else {
                                view! { <h2 class="page-heading">{name.get_value()}</h2> }.into_any()
                            }}
                            <a class="button button--primary" href="/vault/add">
                                <Icon glyph=Glyph::Add/>
                                {vault::ADD}
                            </a>
                        </header>
                        {move || at_list.get().then(|| view! { <ToldLine/> })}
                        <KeyList query=query search=search open=open/>
                    </section>
                    <div class="vault__pane"><Outlet/></div>
                </div>
            </main>
            <HelpDialog open=help/>
            <RenewDialog/>
        </div>
    }
}
