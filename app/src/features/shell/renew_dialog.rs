use crystallum_messages::{Command, Failure, Purpose};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{ceremony_prompt::CeremonyPrompt, dialog::Dialog, failure_note::FailureNote, words::state},
};

/// Shown when the session expires while the vault is open. The page stays as it is, and a ceremony
/// starts a new session.
#[component]
pub(crate) fn RenewDialog() -> impl IntoView {
    let (engine, sync, alarms) =
        (Engine::from_context(), Synchronisation::from_context(), Alarms::from_context());
    let failure = RwSignal::new(None::<Failure>);
    let ready = RwSignal::new(false);
    let pending = RwSignal::new(false);
    let prepare = move || {
        ready.set(false);
        spawn_local(async move {
            if let Err(problem) = engine.execute(Command::Prepare(Purpose::Unlock)).await
                && !alarms.handle_failure(&problem)
            {
                failure.set(Some(problem));
            }
            ready.set(true);
        });
    };
    Effect::new(move || {
        if sync.renewing.get() {
            failure.set(None);
            prepare();
        }
    });
    let renew = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = engine.execute(Command::Renew).await;
            pending.set(false);
            match result {
                Ok(()) => sync.finish_renewal(),
                Err(problem) if alarms.handle_failure(&problem) => {}
                Err(problem) => {
                    failure.set(Some(problem));
                    prepare();
                }
            }
        });
    };
    // Closing with Escape or the backdrop means "not now".
    let closed = move |()| sync.cancel_renewal();
    view! {
        <Dialog open=sync.renewing id="renew-heading" heading=state::ENDED_HEADING closed=closed>
            <p>{state::ENDED_TEXT}</p>
            <CeremonyPrompt/>
            <FailureNote failure=failure/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| sync.cancel_renewal()>{state::NOT_NOW}</button>
                <button
                    type="button"
                    class="button button--primary"
                    disabled=move || !ready.get()
                    aria-disabled=move || pending.get().then_some("true")
                    on:click=renew
                >
                    {state::ENDED_BUTTON}
                </button>
            </div>
        </Dialog>
    }
}
