use crystallum_messages::{ShareState, ShareView};
use leptos::prelude::*;

use crate::{
    features::wallets::words::shares as words,
    state::sync::Synchronisation,
    ui::icon::{Glyph, Icon},
};

/// Lists the stores of a wallet with the state of each share, as an icon and as text.
#[component]
pub(crate) fn ShareList(#[prop(into)] shares: Signal<Vec<ShareView>>) -> impl IntoView {
    let row = |share: ShareView| {
        let (glyph, class) = match share.state {
            ShareState::Good | ShareState::Held => (Glyph::Check, "share-list__row share-list__row--good"),
            ShareState::Missing | ShareState::Wrong => (Glyph::Cross, "share-list__row share-list__row--bad"),
            ShareState::Unreachable => (Glyph::Offline, "share-list__row share-list__row--silent"),
            ShareState::Unknown => (Glyph::Unknown, "share-list__row"),
        };
        view! {
            <li class=class>
                <Icon glyph=glyph/>
                <span class="share-list__store">{words::store_of(&share)}</span>
                <span class="share-list__state">{words::state(share.state)}</span>
            </li>
        }
    };
    view! {
        <ul class="share-list" role="list" aria-label=words::LIST>
            {move || shares.get().into_iter().map(row).collect_view()}
        </ul>
    }
}

/// Lists the shares that the engine reports while it distributes or collects them.
#[component]
pub(crate) fn ShareProgress() -> impl IntoView {
    let sync = Synchronisation::from_context();
    // Discards what an earlier action reported.
    sync.shares.set(Vec::new());
    view! {
        <div class="share-progress" role="status">
            {move || sync.shares.with(|shares| {
                shares.iter().map(|share| view! { <p>{words::share_progress(share)}</p> }).collect_view()
            })}
        </div>
    }
}
