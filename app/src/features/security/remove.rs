use crystallum_messages::{Device, SignInMethod, SignInMethodKind, access::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::{
        devices::{occasion::Occasion, remove::RemoveDevicesQuestion, words as devices_words},
        security::words,
    },
    state::{challenge_prefetch::ChallengePrefetch, navigation::Navigation, vault::VaultState},
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::{AsyncAction, no_own_place},
        dialog::Dialog,
    },
};

/// Asks for confirmation before a sign-in method is removed, and says what removing it does and
/// does not do.
#[component]
pub(super) fn RemoveDialog(
    open: RwSignal<bool>,
    method: RwSignal<Option<SignInMethod>>,
    devices: StoredValue<Vec<Device>>,
    /// Asks about the devices that the method has brought in.
    question: RemoveDevicesQuestion,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <Dialog open=open id="remove-heading" heading=words::REMOVE_HEADING>
            {move || method.get_untracked().map(|method| {
                let brought_in = devices.with_value(|devices| brought_in(&method, devices));
                view! {
                    <Question open=open method=method brought_in=brought_in question=question changed=changed/>
                }
            })}
        </Dialog>
    }
}

/// Returns the devices that came in with a sign-in method, except this one, which cannot remove
/// itself.
fn brought_in(method: &SignInMethod, devices: &[Device]) -> Vec<Device> {
    devices.iter().filter(|device| !device.this && device.added_by == method.id).cloned().collect()
}

#[component]
fn Question(
    open: RwSignal<bool>,
    method: SignInMethod,
    brought_in: Vec<Device>,
    question: RemoveDevicesQuestion,
    changed: Callback<()>,
) -> impl IntoView {
    let (engine, vault, navigation) =
        (Engine::from_context(), VaultState::from_context(), Navigation::from_context());
    let action = AsyncAction::outliving_page(Some(ChallengePrefetch::start()));
    let id = method.id;
    let count = brought_in.len();
    let brought_in = StoredValue::new(brought_in);
    let remove = move |()| {
        let send = move || engine.execute(Command::Remove { id });
        action.run_renewing(send, no_own_place, move |()| {
            open.set(false);
            navigation.announcement.set(words::REMOVED.into());
            // The page may have been left meanwhile.
            question.ask(Occasion::MethodRemoved, brought_in.try_get_value().unwrap_or_default());
            if changed.try_run(()).is_none() {
                vault.refresh_method_count();
            }
        });
    };
    view! {
        <p translate="no">{words::remove(&words::name(&method))}</p>
        <p>{words::REMOVE_MEANS}</p>
        <p class="muted">{words::REMOVE_OLD}</p>
        {(method.kind == SignInMethodKind::Passkey).then(|| view! { <p class="muted">{words::REMOVE_PASSKEY}</p> })}
        {(count > 0).then(|| view! { <p class="muted">{devices_words::came_in(count)}</p> })}
        <p class="muted">{words::REMOVE_TOUCH}</p>
        <CeremonyStatus action=action/>
        <div class="dialog__actions">
            <button type="button" class="button" on:click=move |_| open.set(false)>{words::KEEP}</button>
            <ActionButton action=action class="button button--danger" click=remove>{words::REMOVE_BUTTON}</ActionButton>
        </div>
    }
}
