use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    features::shell::words::draft as words,
    state::{
        drafts::{Drafts, Offer},
        unsaved_changes::{Departure, UnsavedChanges},
    },
    ui::icon::{Glyph, Icon},
};

/// Offers the draft that was kept when the vault locked.
#[component]
pub(super) fn DraftOffer() -> impl IntoView {
    let (drafts, unsaved, navigate) =
        (Drafts::from_context(), expect_context::<UnsavedChanges>(), use_navigate());
    // A form that is on screen is left first, after a question if something was typed into it.
    let resume = Callback::new(move |offer: Offer| {
        unsaved.leave_by(Departure::Leave, move || {
            drafts.resume();
            navigate(&offer.address(), NavigateOptions::default());
        });
    });
    view! {
        {move || drafts.offered.get().map(|offer| view! {
            <div class="banner">
                <Icon glyph=Glyph::Key/>
                <p>{words::KEPT} {offer.is_key_gone.then(|| format!(" {}", words::KEY_GONE))}</p>
                <div class="banner__actions">
                    <button type="button" class="button button--small" on:click=move |_| resume.run(offer)>
                        {words::CONTINUE}
                    </button>
                    <button type="button" class="button button--small" on:click=move |_| drafts.discard()>
                        {words::DISCARD}
                    </button>
                </div>
            </div>
        })}
    }
}
