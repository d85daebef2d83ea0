use crystallum_messages::RecordId;
use leptos::prelude::*;

use crate::{
    browser::router::{Outlet, use_location},
    features::{
        keys::{key_list::KeyList, search::Search, words::vault},
        trash::{unreadable::UnreadableLink, words as trash},
    },
    state::vault::VaultState,
    ui::{
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
    },
};

/// The list of exchange keys, and the pane beside it.
#[component]
pub(crate) fn Vault() -> impl IntoView {
    let (vault, search) = (VaultState::from_context(), expect_context::<Search>());
    let path = use_location().pathname;
    let at_list = Memo::new(move |_| path.with(|path| path.trim_end_matches('/') == "/vault"));
    let open = Memo::new(move |_| path.with(|path| path.split('/').nth(2)?.parse::<RecordId>().ok()));
    let name = StoredValue::new(vault.name());
    view! {
        <div class="vault__panes">
            <section class="vault__list" aria-label=vault::KEYS>
                <header class="vault__head">
                    {move || if at_list.get() {
                        view! { <PageHeading title=vault::SECTION_NAME sealed=true>{name.get_value()}</PageHeading> }.into_any()
                    } else {
                        view! { <h2 class="page-heading" translate="no">{name.get_value()}</h2> }.into_any()
                    }}
                    <a class="button button--primary" href="/vault/add">
                        <Icon glyph=Glyph::Add/>
                        {vault::ADD}
                    </a>
                </header>
                <div>{move || at_list.get().then(|| view! { <FlashMessage/> })}</div>
                <KeyList query=search.query search=search.field open=open/>
                <UnreadableLink/>
                <a class="vault__trash" href="/trash"><Icon glyph=Glyph::Delete/>{trash::LINK}</a>
            </section>
            <div class="vault__pane"><Outlet/></div>
        </div>
    }
}
