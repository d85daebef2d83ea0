use leptos::prelude::*;

use crate::{
    state::sync::Synchronisation,
    ui::{
        icon::{Glyph, Icon},
        words::state,
    },
};

/// Says how many secrets have not arrived on this device yet. The number changes several times a
/// second, so it is not read aloud.
#[component]
pub(super) fn AwaitedSecrets() -> impl IntoView {
    let sync = Synchronisation::from_context();
    view! {
        {move || {
            state::awaited(sync.awaited.get()).map(|text| view! {
                <div class="banner banner--quiet">
                    <Icon glyph=Glyph::Sync/>
                    <p>{text}</p>
                </div>
            })
        }}
    }
}
