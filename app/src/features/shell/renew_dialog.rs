use crystallum_messages::{Failure, Purpose, session::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    state::{challenge_prefetch::ChallengePrefetch, sync::Synchronisation},
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::{AsyncAction, no_own_place},
        dialog::Dialog,
        words::state,
    },
};

/// Shown when the session expires while the vault is open. The page stays as it is, and a ceremony
/// starts a new session.
#[component]
pub(crate) fn RenewDialog() -> impl IntoView {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let failure = RwSignal::new(None::<Failure>);
    let prefetch = ChallengePrefetch::reporting(Purpose::Unlock, move |result| {
        if let Err(problem) = result {
            failure.set(Some(problem));
        }
    });
    let action = AsyncAction::outliving_page(Some(prefetch)).with_failure(failure);
    Effect::new(move || {
        if sync.renewing.get() {
            failure.set(None);
            prefetch.refetch();
        }
    });
    let renew = move |()| {
        action.run(engine.execute(Command::Renew), no_own_place, move |()| sync.finish_renewal());
    };
    // Closing with Escape or the backdrop means "not now".
    let closed = move |()| sync.cancel_renewal();
    view! {
        <Dialog open=sync.renewing id="renew-heading" heading=state::ENDED_HEADING closed=closed>
            <p>{state::ENDED_TEXT}</p>
            <CeremonyStatus action=action/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| sync.cancel_renewal()>{state::NOT_NOW}</button>
                <ActionButton action=action class="button button--primary" click=renew>{state::ENDED_BUTTON}</ActionButton>
            </div>
        </Dialog>
    }
}
