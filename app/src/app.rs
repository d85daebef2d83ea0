//! What every page stands in: the shared handles, the router, and the screens that replace everything.

use leptos::prelude::*;

use crate::{
    ceremony::CeremonyController,
    clipboard::Clipboard,
    components::{announcer::Announcer, loading::Loading, page_heading::Arrived, skip_link::SkipLink},
    engine::Engine,
    idle, lock,
    pages::{
        about::About,
        add::Add,
        address::{Page, Pane, Room},
        alarm::AlarmScreen,
        blocked::BlockedScreen,
        create::Create,
        detail::Detail,
        edit::Edit,
        inside::Inside,
        not_found::NotFound,
        nothing_open::NothingOpen,
        notice::NoticePage,
        recover::{self, Recover},
        security::{AddPasskey, NewSheet, Security},
        settings::Settings,
        trash::Trash,
        unlock::Unlock,
        vault::Vault,
        wallets,
        welcome::WelcomePage,
    },
    preferences::Preferences,
    router::{self, Inner},
    session::Session,
    unsaved_changes::UnsavedChanges,
    words::common,
};

/// The whole app.
#[component]
pub(crate) fn App() -> impl IntoView {
    let engine = Engine::provide();
    let ceremonies = CeremonyController::provide(engine);
    let session = Session::provide(engine, Clipboard::provide());
    provide_context(Arrived(StoredValue::new(0)));
    lock::listen(engine, session);
    idle::watch(engine, session, Preferences::provide());
    UnsavedChanges::provide(session);
    session.start(ceremonies);

    // Pages stay as they are behind an alarm, so that no draft is lost.
    let covered =
        Memo::new(move |_| session.alarm.with(Option::is_some) || session.blocked.with(Option::is_some));
    let cover = move || match (session.blocked.get(), session.alarm.get()) {
        (Some(blocked), _) => view! { <BlockedScreen blocked=blocked/> }.into_any(),
        (None, Some(alarm)) => view! { <AlarmScreen alarm=alarm/> }.into_any(),
        (None, None) => ().into_any(),
    };
    view! {
        <SkipLink/>
        <Announcer/>
        <p class="print-note">{common::PRINT_NOTE}</p>
        {move || if session.locking.get() {
            view! { <Loading text=common::LOCKING/> }.into_any()
        } else {
            view! {
                {cover}
                <div class="pages" hidden=move || covered.get()>
                    <Pages/>
                </div>
            }.into_any()
        }}
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = router::provide().pathname;
    let page = Memo::new(move |_| path.with(|path| Page::of(path)));
    provide_context(page);
    let outermost = Memo::new(move |_| page.get().outermost());
    view! {
        {move || match outermost.get() {
            Page::About => view! { <About/> }.into_any(),
            Page::Create => view! { <Create/> }.into_any(),
            Page::Inside(_) => {
                provide_context(Inner(rooms));
                view! { <Inside/> }.into_any()
            }
            Page::NotFound => view! { <NotFound/> }.into_any(),
            Page::Notice => view! { <NoticePage/> }.into_any(),
            Page::Recover => view! { <Recover/> }.into_any(),
            Page::RecoverPasskey => view! { <recover::NewPasskey/> }.into_any(),
            Page::Unlock => view! { <Unlock/> }.into_any(),
            Page::Welcome => view! { <WelcomePage/> }.into_any(),
        }}
    }
}

/// The room that the address names; the last one while it is being left.
fn room() -> Memo<Room> {
    let page = expect_context::<Memo<Page>>();
    Memo::new(move |before: Option<&Room>| match (page.get(), before) {
        (Page::Inside(room), _) | (_, Some(&room)) => room,
        (_, None) => Room::Vault(Pane::Nothing),
    })
}

fn rooms() -> AnyView {
    let room = room();
    let outermost = Memo::new(move |_| room.get().outermost());
    view! {
        {move || match outermost.get() {
            Room::AddPasskey => view! { <AddPasskey/> }.into_any(),
            Room::NewSheet => view! { <NewSheet/> }.into_any(),
            Room::Security => view! { <Security/> }.into_any(),
            Room::Settings => view! { <Settings/> }.into_any(),
            Room::Trash => view! { <Trash/> }.into_any(),
            Room::Vault(_) => {
                provide_context(Inner(vault_panes));
                view! { <Vault/> }.into_any()
            }
            Room::Wallets(_) => {
                provide_context(Inner(wallet_panes));
                view! { <wallets::Wallets/> }.into_any()
            }
        }}
    }
    .into_any()
}

fn vault_panes() -> AnyView {
    let room = room();
    let pane = Memo::new(move |_| room.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <Add/> }.into_any(),
            Pane::Detail => view! { <Detail/> }.into_any(),
            Pane::Edit => view! { <Edit/> }.into_any(),
            Pane::Nothing | Pane::Shares => view! { <NothingOpen/> }.into_any(),
        }}
    }
    .into_any()
}

fn wallet_panes() -> AnyView {
    let room = room();
    let pane = Memo::new(move |_| room.get().pane());
    view! {
        {move || match pane.get() {
            Pane::Add => view! { <wallets::Add/> }.into_any(),
            Pane::Detail => view! { <wallets::Detail/> }.into_any(),
            Pane::Edit => view! { <wallets::Edit/> }.into_any(),
            Pane::Nothing => view! { <wallets::NothingOpen/> }.into_any(),
            Pane::Shares => view! { <wallets::Shares/> }.into_any(),
        }}
    }
    .into_any()
}
