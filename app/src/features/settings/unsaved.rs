use crystallum_messages::{Unsaved, VaultId};
use leptos::{prelude::*, task::spawn_local};

use crate::{engine::Engine, features::settings::words, state::waiting_notes};

/// Opens the question whether to forget a vault, once it is known what would be lost with it.
pub(crate) fn ask_to_forget(
    engine: Engine,
    vault: VaultId,
    unsaved: RwSignal<Option<Unsaved>>,
    open: RwSignal<bool>,
) {
    spawn_local(async move {
        // Without the engine's answer, the note that something waits still counts.
        let noted = || Unsaved { changes: waiting_notes::waits(vault).into(), labels: Vec::new() };
        unsaved.try_set(Some(engine.load_unsaved(vault).await.unwrap_or_else(|_| noted())));
        open.try_set(true);
    });
}

/// Says which changes are not on the server and would be lost.
#[component]
pub(crate) fn UnsavedNote(unsaved: RwSignal<Option<Unsaved>>) -> impl IntoView {
    view! {
        {move || unsaved.with(|unsaved| unsaved.as_ref().and_then(words::unsaved)).map(|text| view! {
            <p class="note note--warn">{text}</p>
        })}
    }
}
