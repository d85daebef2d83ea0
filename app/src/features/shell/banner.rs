use crystallum_messages::{Failure, SyncState};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::shell::{
        sign_in_methods_changed::SignInMethodsChanged, single_method_warning::SingleMethodWarning,
    },
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{
        icon::{Glyph, Icon},
        words::{failure::explain_failure, state},
    },
};

/// Shows the synchronisation state, unless this device is in sync with the server, and warnings
/// about the sign-in methods.
#[component]
pub(crate) fn Banner() -> impl IntoView {
    let (engine, sync, alarms) =
        (Engine::from_context(), Synchronisation::from_context(), Alarms::from_context());
    let failure = RwSignal::new(None::<Failure>);
    let pending = RwSignal::new(false);
    let try_now = move |_| {
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        failure.set(None);
        spawn_local(async move {
            let result = engine.execute(crystallum_messages::Command::Sync).await;
            pending.set(false);
            match result {
                Ok(()) => {}
                Err(Failure::SessionExpired) => sync.status.set(SyncState::SignedOut),
                Err(problem) if alarms.handle_failure(&problem) => {}
                Err(problem) => failure.set(Some(problem)),
            }
        });
    };
    let action = move |status| match status {
        SyncState::SignedOut => view! {
            <button type="button" class="button button--small" on:click=move |_| sync.renewing.set(true)>
                {state::RENEW}
            </button>
        }
        .into_any(),
        _ => view! {
            <button
                type="button"
                class="button button--small"
                aria-disabled=move || pending.get().then_some("true")
                on:click=try_now
            >
                {state::TRY_NOW}
            </button>
        }
        .into_any(),
    };
    view! {
        <div class="banner-place" role="status">
            {move || {
                let status = sync.status.get();
                state::sync(status).map(|text| view! {
                    <div class="banner">
                        <Icon glyph=if status == SyncState::Offline { Glyph::Offline } else { Glyph::Sync }/>
                        <p>
                            {text}
                            {move || failure.get().map(|failure| {
                                let explanation = explain_failure(&failure);
                                view! { <span class="banner__failure">" " {explanation.what_happened} " " {explanation.what_to_do}</span> }
                            })}
                        </p>
                        {action(status)}
                    </div>
                })
            }}
            <SignInMethodsChanged/>
            <SingleMethodWarning/>
        </div>
    }
}
