use crystallum_messages::{Failure, SyncState, session::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::{
        devices::remove::{RemoveDevicesDialog, RemoveDevicesQuestion},
        shell::{
            awaited_secrets::AwaitedSecrets, draft_offer::DraftOffer, notices::Notices,
            sign_in_methods_changed::SignInMethodsChanged, single_method_warning::SingleMethodWarning,
        },
    },
    state::{alarms::Alarms, navigation::Navigation, sync::Synchronisation},
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        copy_status::CopyElsewhere,
        icon::{Glyph, Icon},
        page_heading::focus_heading,
        words::{failure::explain_failure, state},
    },
};

/// Shows the synchronisation state, unless this device is in sync with the server, the draft that
/// was kept when the vault locked, devices that entered, changes that were set aside, warnings
/// about the sign-in methods, and what was copied.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let has_stopped = Alarms::from_context().has_stopped;
    let action = AsyncAction::outliving_page(None);
    let try_now = move |()| {
        let sign_out = move |problem: &Failure| {
            let is_expired = *problem == Failure::SessionExpired;
            if is_expired {
                sync.status.set(SyncState::SignedOut);
            }
            is_expired
        };
        action.run(engine.execute(Command::Sync), sign_out, |()| ());
    };
    let (navigation, question) = (Navigation::from_context(), RemoveDevicesQuestion::new());
    let device_removed = Callback::new(move |message: String| {
        navigation.announcement.set(message);
        request_animation_frame(focus_heading);
    });
    let set_aside = move |()| action.run(engine.execute(Command::SetAside), no_own_place, |()| ());
    let button = move |status| {
        if has_stopped.get() {
            ().into_any()
        } else if status == SyncState::SignedOut {
            view! {
                <button type="button" class="button button--small" on:click=move |_| sync.renewing.set(true)>
                    {state::RENEW}
                </button>
            }
            .into_any()
        } else if status == SyncState::PasskeyLost {
            view! { <a class="button button--small" href="/security">{state::MAKE_AGAIN}</a> }.into_any()
        } else {
            let is_refused = matches!(status, SyncState::Refused { .. });
            view! {
                <div class="banner__actions">
                    <ActionButton action=action class="button button--small" click=try_now>{state::TRY_NOW}</ActionButton>
                    {is_refused.then(|| view! {
                        <ActionButton action=action class="button button--small" click=set_aside>{state::SET_ASIDE}</ActionButton>
                    })}
                </div>
            }
            .into_any()
        }
    };
    view! {
        <div>
            <div role="status">
                {move || {
                    let status = sync.status.get();
                    let text = if has_stopped.get() { Some(state::stopped(status)) } else { state::sync(status) };
                    text.map(|text| view! {
                        <div class="banner">
                            <Icon glyph=if status == SyncState::Offline { Glyph::Offline } else { Glyph::Sync }/>
                            <p>
                                {text}
                                {move || action.failure.get().map(|failure| {
                                    let explanation = explain_failure(&failure);
                                    view! { <span class="banner__failure">" " {explanation.what_happened} " " {explanation.what_to_do}</span> }
                                })}
                            </p>
                            {button(status)}
                        </div>
                    })
                }}
                <DraftOffer/>
                <Notices question=question/>
                <SignInMethodsChanged/>
                <SingleMethodWarning/>
            </div>
            <AwaitedSecrets/>
            <RemoveDevicesDialog question=question id="remove-entered-heading" done=device_removed/>
            <CopyElsewhere/>
        </div>
    }
}
