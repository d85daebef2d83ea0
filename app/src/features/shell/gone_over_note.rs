use crystallum_messages::{GoneOver, session::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::{download, time},
    engine::Engine,
    features::shell::words::going_over as words,
    ui::{
        async_action::{AsyncAction, no_own_place},
        icon::{Glyph, Icon},
        words::alarm,
    },
};

/// Says what going over to the server's history has done, until the user has read it.
#[component]
pub(super) fn GoneOverNote(gone: RwSignal<Option<GoneOver>>, action: AsyncAction) -> impl IntoView {
    let engine = Engine::from_context();
    let seen = move |_| {
        action.run(engine.execute(Command::AcknowledgeAlarms), no_own_place, move |()| gone.set(None));
    };
    let save = move |_| {
        spawn_local(async move {
            if let Ok(Some(file)) = engine.load_evidence().await {
                drop(download::text_file(alarm::HEADS_FILE, &file));
            }
        });
    };
    let note = move |gone: GoneOver| {
        let text = words::gone_over(&gone, &time::format_exact(time::to_js_time(gone.ended)));
        view! {
            <div class="banner">
                <Icon glyph=Glyph::Shield/>
                <div id="gone-over">
                    {text.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                </div>
                <div class="banner__actions" role="group" aria-labelledby="gone-over">
                    {gone.has_evidence.then(|| view! {
                        <button type="button" class="button button--small" on:click=save>{alarm::SAVE_HEADS}</button>
                    })}
                    {gone.is_finished.then(|| view! {
                        <button type="button" class="button button--small" on:click=seen>{words::SEEN}</button>
                    })}
                </div>
            </div>
        }
    };
    move || gone.get().map(note)
}
