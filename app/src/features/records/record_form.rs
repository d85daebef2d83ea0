use crystallum_messages::{Command, Failure, RecordId, Saved};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    engine::Engine,
    state::{navigation::Navigation, sync::Synchronisation, unsaved_changes::UnsavedChanges},
    ui::{action_button::ActionButton, async_action::AsyncAction, failure_note::FailureNote, words::general},
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
    let (engine, sync, navigation, navigate, unsaved) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Navigation::from_context(),
        use_navigate(),
        UnsavedChanges::track_form(),
    );
    let action = AsyncAction::new(None);
    let send = Callback::new(move |()| {
        if action.is_running_or_removed() {
            return;
        }
        action.failure.set(None);
        sync.shares.set(Vec::new());
        let command = match read.run(()) {
            FormInput::Invalid => return,
            FormInput::Unchanged(id) => {
                return navigate(&format!("{list_path}/{id}"), NavigateOptions::REPLACE);
            }
            FormInput::Submit(command) => command,
        };
        let show_failure = move |problem: &Failure| refused.run(problem.clone());
        action.run(engine.save_record(command), show_failure, move |saved| {
            unsaved.mark_clean();
            sync.status.set(saved.sync);
            navigation.flash_message.set(flash_message.run(saved.clone()));
            navigate(&format!("{list_path}/{}", saved.id), NavigateOptions::REPLACE);
        });
    });
    sync.renew_on_expiry(action.failure, move || {
        send.try_run(());
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
            <FailureNote failure=action.failure/>
            <div class="form__actions">
                <ActionButton action=action class="button button--primary button--large" ready=ready.unwrap_or(true.into())>
                    {save}
                </ActionButton>
                <a class="button button--large" href=cancel data-discard="">{general::CANCEL}</a>
                <span class="muted" role="status">{move || action.pending.get().then_some(saving)}</span>
            </div>
        </form>
    }
}
