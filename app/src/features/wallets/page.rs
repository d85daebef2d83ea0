use crystallum_messages::{Failure, RecordId, WalletRow};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::router::{Outlet, use_location},
    engine::Engine,
    features::{trash::words as trash, wallets::words},
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{
        empty_list::EmptyList,
        failure_note::FailureNote,
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        time_ago::TimeAgo,
        wallet_tile::WalletTile,
    },
};

/// The list of wallets, and the pane beside it.
#[component]
pub(crate) fn Wallets() -> impl IntoView {
    let (engine, sync, alarms) =
        (Engine::from_context(), Synchronisation::from_context(), Alarms::from_context());
    let path = use_location().pathname;
    let at_list = Memo::new(move |_| path.with(|path| path.trim_end_matches('/') == "/wallets"));
    let open = Memo::new(move |_| path.with(|path| path.split('/').nth(2)?.parse::<RecordId>().ok()));
    let list = RwSignal::new(None::<Vec<WalletRow>>);
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            match engine.list_wallets().await {
                Ok(found) => {
                    failure.try_set(None);
                    list.try_set(Some(found));
                }
                Err(problem) => alarms.report(problem, failure),
            }
        });
    });
    let row = move |row: WalletRow| {
        let id = row.id;
        let is_open = move || open.get() == Some(id);
        view! {
            <li class="key-row wallets__row" class:key-row--open=move || is_open()>
                <WalletTile/>
                <a
                    class="key-row__label"
                    translate="no"
                    href=format!("/wallets/{id}")
                    aria-current=move || is_open().then_some("page")
                >
                    {row.label}
                </a>
                <span class="key-row__sub">{words::words(row.words)} " · " {words::of(row.k, row.n)}</span>
                <span class="key-row__time"><TimeAgo time=row.updated/></span>
            </li>
        }
    };
    let rows = move || {
        match list.get() {
            None => ().into_any(),
            Some(found) if found.is_empty() => view! { <Empty/> }.into_any(),
            Some(found) => view! {
                <div class="key-list__count"><p role="status">{words::count(found.len())}</p></div>
                <ul class="wallets__rows" role="list" aria-label=words::LIST>{found.into_iter().map(row).collect_view()}</ul>
            }
            .into_any(),
        }
    };
    view! {
        <div class="vault__panes">
            <section class="vault__list" aria-label=words::LIST>
                <header class="vault__head">
                    {move || if at_list.get() {
                        view! { <PageHeading title=words::SECTION_NAME>{words::SECTION_NAME}</PageHeading> }.into_any()
                    } else {
                        view! { <h2 class="page-heading">{words::SECTION_NAME}</h2> }.into_any()
                    }}
                    <a class="button button--primary" href="/wallets/add"><Icon glyph=Glyph::Add/>{words::ADD}</a>
                </header>
                <div>{move || at_list.get().then(|| view! { <FlashMessage/> })}</div>
                <div class="wallets__list">
                    <FailureNote failure=failure/>
                    {move || rows()}
                </div>
                <a class="vault__trash" href="/trash"><Icon glyph=Glyph::Delete/>{trash::LINK}</a>
            </section>
            <div class="vault__pane"><Outlet/></div>
        </div>
    }
}

/// Explains how wallets work while there are none.
#[component]
fn Empty() -> impl IntoView {
    view! {
        <EmptyList heading=words::EMPTY_HEADING>
            {words::EMPTY_TEXT.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
        </EmptyList>
    }
}

/// The placeholder beside the list while no wallet is selected. Only wide windows show it.
#[component]
pub(crate) fn NothingOpen() -> impl IntoView {
    view! { <div class="nothing-open"><Icon glyph=Glyph::Wallet/><p>{words::NOTHING_OPEN}</p></div> }
}
