use crystallum_messages::{Command, Failure, RecordId, Saved};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation, unsaved_changes::UnsavedChanges},
    ui::{failure_note::FailureNote, words::general},
};

/// What the form's fields contain.
pub(crate) enum FormInput {
    /// A field is invalid and shows its error.
    Invalid,
    /// Nothing was changed.
    Unchanged(RecordId),
    /// The command to send.
    Submit(Command),
}

/// A form that writes one record and then shows it. The page supplies the fields.
#[component]
pub(crate) fn RecordForm(
    /// The path of the list: `/vault` or `/wallets`.
    list_path: &'static str,
    /// The address that Cancel leads to.
    #[prop(into)]
    cancel: String,
    save: &'static str,
    saving: &'static str,
    read: Callback<(), FormInput>,
    /// Shows a failure beside the field that caused it, and returns whether there is one.
    refused: Callback<Failure, bool>,
    /// Returns the message that the record's page shows afterwards.
    flash_message: Callback<Saved, Option<String>>,
    /// Whether the fields are loaded, for forms that load them first.
    #[prop(optional, into)]
    ready: Option<Signal<bool>>,
    children: Children,
) -> impl IntoView {
    let (engine, sync, alarms, navigation, navigate, unsaved) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        Navigation::from_context(),
        use_navigate(),
        UnsavedChanges::track_form(),
    );
    let failure = RwSignal::new(None::<Failure>);
    let pending = RwSignal::new(false);
    let send = Callback::new(move |()| {
        if pending.get_untracked() {
            return;
        }
        failure.set(None);
        sync.shares.set(Vec::new());
        let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
        let command = match read.run(()) {
            FormInput::Invalid => return,
            FormInput::Unchanged(id) => return navigate(&format!("{list_path}/{id}"), options),
            FormInput::Submit(command) => command,
        };
        pending.set(true);
        spawn_local(async move {
            let result = engine.save_record(command).await;
            // A page that has been removed shows nothing.
            if pending.try_set(false).is_some() {
                return;
            }
            match result {
                Ok(saved) => {
                    unsaved.mark_clean();
                    sync.status.set(saved.sync);
                    navigation.flash_message.set(flash_message.run(saved.clone()));
                    navigate(&format!("{list_path}/{}", saved.id), options);
                }
                Err(problem) => {
                    if !refused.run(problem.clone()) && !alarms.handle_failure(&problem) {
                        failure.set(Some(problem));
                    }
                }
            }
        });
    });
    Effect::new(move || {
        if failure.get() == Some(Failure::SessionExpired) {
            sync.renew_then(move || {
                // The form, and its callback, may have been removed by then.
                send.try_run(());
            });
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        send.run(());
    };
    view! {
        <form
            class="form"
            novalidate
            autocomplete="off"
            on:submit=submit
            on:input=move |_| unsaved.mark_dirty()
        >
            {children()}
            <FailureNote failure=failure/>
            <div class="form__actions">
                <button
                    type="submit"
                    class="button button--primary button--large"
                    disabled=move || ready.is_some_and(|ready| !ready.get())
                    aria-disabled=move || pending.get().then_some("true")
                >
                    {save}
                </button>
                <a class="button button--large" href=cancel data-discard="">{general::CANCEL}</a>
                <span class="muted" role="status">{move || pending.get().then_some(saving)}</span>
            </div>
        </form>
    }
}
