use leptos::prelude::*;

use crate::{
    features::shell::words::draft as words,
    state::drafts::Drafts,
    ui::icon::{Glyph, Icon},
};

/// Offers the draft that was kept when the vault locked.
#[component]
pub(super) fn DraftOffer() -> impl IntoView {
    let drafts = Drafts::from_context();
    view! {
        {move || drafts.offered.get().map(|address| view! {
            <div class="banner">
                <Icon glyph=Glyph::Key/>
                <p>{words::KEPT}</p>
                <div class="banner__actions">
                    <a class="button button--small" href=address on:click=move |_| drafts.resume()>{words::CONTINUE}</a>
                    <button type="button" class="button button--small" on:click=move |_| drafts.discard()>
                        {words::DISCARD}
                    </button>
                </div>
            </div>
        })}
    }
}
