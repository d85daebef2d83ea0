use leptos::prelude::*;

use crate::{
    features::entry::{create::stage::Stage, words::create},
    ui::{
        icon::{Glyph, Icon},
        page_heading::PageHeading,
    },
};

/// Shown when the authenticator created a passkey without PRF, which cannot open a vault.
#[component]
pub(super) fn PrfMissing(stage: RwSignal<Stage>) -> impl IntoView {
    let works = create::PRF_LIST.into_iter().map(|name| view! { <li>{name}</li> }).collect_view();
    view! {
        <PageHeading title=create::PRF_HEADING>{create::PRF_HEADING}</PageHeading>
        <p>{create::PRF_MISSING}</p>
        <p>{create::PRF_WORKS}</p>
        <ul class="list">{works}</ul>
        <div class="note">
            <Icon glyph=Glyph::Shield/>
            <div>
                <p class="note__what">{create::PRF_NOTHING}</p>
                <p>{create::PRF_DELETE}</p>
            </div>
        </div>
        <div class="plain-page__actions">
            <button type="button" class="button button--primary button--large" on:click=move |_| stage.set(Stage::Naming)>
                {create::PRF_AGAIN}
            </button>
        </div>
    }
}
