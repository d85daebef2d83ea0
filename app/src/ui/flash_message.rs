use crystallum_messages::{Failure, RecordId, trash::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation},
    ui::{
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        words::general,
    },
};

/// Shows one message about the last action. It is removed when it is shown, so the next page does
/// not show it again.
#[component]
pub(crate) fn FlashMessage() -> impl IntoView {
    let (engine, sync, alarms, navigation) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        Navigation::from_context(),
    );
    let message = RwSignal::new(navigation.flash_message.try_update(Option::take).flatten());
    let undo_delete = RwSignal::new(navigation.undo_delete.try_update(Option::take).flatten());
    let failure = RwSignal::new(None::<Failure>);
    if let Some(text) = message.get_untracked() {
        // Announced after the page's heading.
        request_animation_frame(move || navigation.announcement.set(text));
    }
    let put_back = move |id: RecordId| {
        undo_delete.set(None);
        failure.set(None);
        spawn_local(async move {
            match engine.save_record(Command::Restore { id }).await {
                Ok(saved) => {
                    sync.status.set(saved.sync);
                    message.try_set(Some(general::PUT_BACK.into()));
                }
                Err(problem) if alarms.handle_failure(&problem) => {}
                Err(problem) => {
                    undo_delete.try_set(Some(id));
                    failure.try_set(Some(problem));
                }
            }
        });
    };
    view! {
        <div class="told">
            <div role="status">
            {move || message.get().map(|text| view! {
                <p class="told-line">
                    <Icon glyph=Glyph::Check/>
                    <span>{text}</span>
                    {move || undo_delete.get().map(|id| view! {
                        <button type="button" class="button button--small" on:click=move |_| put_back(id)>
                            {general::UNDO}
                        </button>
                    })}
                </p>
            })}
            </div>
            <FailureNote failure=failure/>
        </div>
    }
}
