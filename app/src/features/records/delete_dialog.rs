use crystallum_messages::{Command, Failure, RecordId, SyncState};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    features::{records::words as detail, trash::words as trash},
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation},
    ui::{dialog::Dialog, failure_note::FailureNote},
};

/// Asks for confirmation before a record is moved to the trash, and says exactly what will happen.
#[component]
pub(crate) fn DeleteDialog(
    open: RwSignal<bool>,
    id: RecordId,
    /// The path of the list that the record is in.
    list: &'static str,
    heading: &'static str,
    #[prop(into)] sentence: String,
    #[prop(into)] aside: String,
    label: String,
) -> impl IntoView {
    let (engine, sync, alarms, navigation, navigate) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        Navigation::from_context(),
        use_navigate(),
    );
    let failure = RwSignal::new(None::<Failure>);
    let pending = RwSignal::new(false);
    let label = StoredValue::new(label);
    let delete = Callback::new(move |()| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = engine.save_record(Command::Delete { id }).await;
            if pending.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(saved) => {
                    let synced = saved.sync == SyncState::Synced;
                    sync.status.set(saved.sync);
                    navigation
                        .flash_message
                        .set(synced.then(|| label.with_value(|label| trash::moved(label))));
                    navigation.undo_delete.set(synced.then_some(id));
                    open.set(false);
                    navigate(list, NavigateOptions { replace: true, ..Default::default() });
                }
                Err(Failure::SessionExpired) => {
                    open.set(false);
                    sync.renew_then(move || {
                        open.try_set(true);
                    });
                }
                Err(other) if alarms.handle_failure(&other) => {}
                Err(other) => failure.set(Some(other)),
            }
        });
    });
    view! {
        <Dialog open=open id="delete-heading" heading=heading>
            <p>{sentence.clone()}</p>
            <p class="muted">{aside.clone()}</p>
            <FailureNote failure=failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{detail::KEEP}</button>
                <button
                    type="button"
                    class="button button--danger"
                    aria-disabled=move || pending.get().then_some("true")
                    on:click=move |_| delete.run(())
                >
                    {detail::TO_TRASH}
                </button>
            </div>
        </Dialog>
    }
}
