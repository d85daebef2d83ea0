use std::borrow::Cow;

use crystallum_messages::{Failure, KnownVault, Purpose, VaultId, entry::Command};
use leptos::prelude::*;

use crate::{
    browser::{
        clipboard_mark,
        router::{NavigateOptions, Query, Redirect, use_navigate, use_query_map},
    },
    engine::{Engine, calls::entry::Entry},
    features::{
        about::words as about,
        entry::{
            lost_change::LostChange,
            unlock::{chooser::Chooser, forget::Forget},
            words::unlock,
        },
    },
    state::{
        ceremony::CeremonyController,
        challenge_prefetch::ChallengePrefetch,
        idle,
        lock::{self, Lost},
        navigation::Navigation,
        preferences::Preferences,
        sync::Synchronisation,
        vault::VaultState,
    },
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::{AsyncAction, no_own_place},
        copy_status::CopyLeft,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        plain_page::PlainPage,
        words::general,
    },
};

/// Opens a vault with a passkey.
#[component]
pub(crate) fn Unlock() -> impl IntoView {
    let vault = VaultState::from_context();
    let known = Memo::new(move |_| {
        vault.welcome.with(|welcome| {
            Some(welcome.as_ref()?.as_ref().map(|welcome| welcome.vaults.clone()).unwrap_or_default())
        })
    });
    if vault.is_open() {
        return view! { <Redirect path="/vault"/> }.into_any();
    }
    let heading = move || match known.get() {
        Some(vaults) if vaults.is_empty() => unlock::HEADING_UNKNOWN,
        _ => unlock::HEADING,
    };
    let minutes = Preferences::from_context().idle.get_untracked();
    let (told, is_clipboard_left) = use_query_map()
        .with_untracked(|query| (what_happened(query, minutes), query.get_str("clipboard") == Some("left")));
    // A page that was reloaded or left could not clear it.
    let is_clipboard_left = is_clipboard_left || clipboard_mark::is_set();
    view! {
        <PlainPage>
            <PageHeading title=unlock::TITLE>{move || heading()}</PageHeading>
            {(!told.is_empty()).then(|| view! {
                <div class="note" role="status"><Icon glyph=Glyph::Lock/><p>{told}</p></div>
            })}
            <LostChange/>
            {is_clipboard_left.then(|| view! { <CopyLeft/> })}
            <UnlockForm known=known/>
        </PlainPage>
    }
    .into_any()
}

/// Says why the vault is locked, what was kept and what was lost, as far as the address tells.
/// `minutes` is the idle time after which it locks.
fn what_happened(query: &Query, minutes: u32) -> String {
    let lost = query.get_str("lost").and_then(Lost::parse);
    let minutes = idle::limit_minutes(minutes, lost.is_some_and(Lost::was_on_screen));
    let reason = query.get_str("locked").and_then(lock::parse_reason);
    let arrival = query.get_str("told").and_then(unlock::arrival_message);
    let why = reason.map(|reason| unlock::locked(reason, minutes)).or(arrival.map(Into::into));
    let kept = (query.get_str("kept") == Some("form")).then(|| unlock::KEPT.into());
    let lost = lost.map(|lost| unlock::lost(lost).into());
    let sentences: Vec<Cow<'static, str>> = why.into_iter().chain(kept).chain(lost).collect();
    sentences.join(" ")
}

/// Chooses the vault, starts the ceremony, and shows the result.
#[component]
fn UnlockForm(#[prop(into)] known: Signal<Option<Vec<KnownVault>>>) -> impl IntoView {
    let (engine, vault, sync, navigation, navigate) = (
        Engine::from_context(),
        VaultState::from_context(),
        Synchronisation::from_context(),
        Navigation::from_context(),
        use_navigate(),
    );
    let failure = RwSignal::new(None::<Failure>);
    let ceremonies = CeremonyController::from_context();
    let offline = RwSignal::new(false);
    let chosen = RwSignal::new(None::<VaultId>);
    let started = Memo::new(move |_| known.with(Option::is_some));
    let is_known =
        Memo::new(move |_| known.with(|known| known.as_ref().is_some_and(|vaults| !vaults.is_empty())));

    let prefetch = ChallengePrefetch::reporting(Purpose::Unlock, move |result| {
        offline.set(result == Err(Failure::Unreachable));
        match result {
            Ok(()) | Err(Failure::Unreachable) => {}
            Err(problem) => failure.set(Some(problem)),
        }
    });
    let action = AsyncAction::outliving_page(Some(prefetch)).with_failure(failure);
    Effect::new(move || {
        if let Some(vaults) = known.get() {
            chosen.set(vaults.first().map(|vault| vault.id));
            failure.set(vault.welcome.with_untracked(|welcome| welcome.as_ref()?.as_ref().err().cloned()));
            prefetch.refetch();
        }
    });
    let open = move |()| {
        if action.is_running_or_removed() {
            return;
        }
        // The success of an earlier ceremony must not be taken for this one.
        ceremonies.succeeded.set(false);
        let reply = engine.enter_vault(Command::Unlock { vault: chosen.get_untracked() });
        action.run(reply, no_own_place, move |entry| match entry {
            Entry::Opened(opened) => {
                let return_path = navigation.take_return_path();
                sync.set_open_vault(opened);
                navigate(&return_path, NavigateOptions::REPLACE);
            }
            Entry::Notice(notice) => {
                vault.notice.set(Some(notice));
                navigate("/notice", NavigateOptions::REPLACE);
            }
        });
    };
    view! {
        {move || match known.get() {
            Some(vaults) if vaults.is_empty() => view! { <p>{unlock::UNKNOWN_TEXT}</p> }.into_any(),
            Some(vaults) => view! { <Chooser vaults=vaults chosen=chosen/> }.into_any(),
            None => view! { <div class="chooser__card skeleton"></div> }.into_any(),
        }}
        <div class="unlock__door">
            <ActionButton
                action=action
                class="button button--primary button--large button--wide"
                click=open
                described_by="unlock-announce"
            >
                <Icon glyph=Glyph::Passkey/>
                {unlock::BUTTON}
            </ActionButton>
            <p class="muted" id="unlock-announce" role="status">
                {move || match (prefetch.is_ready(), offline.get() && is_known.get()) {
                    (false, _) => general::PREPARING,
                    (true, false) => unlock::ANNOUNCE,
                    (true, true) => unlock::OFFLINE,
                }}
            </p>
        </div>
        <CeremonyStatus action=action/>
        <UnlockStatus pending=action.pending is_known=is_known/>
        // Shown only once the content above is loaded: links that move are hard to click.
        {move || started.get().then(|| view! { <OtherLinks chosen=chosen/> })}
    }
}

/// Links to other pages.
#[component]
fn OtherLinks(chosen: RwSignal<Option<VaultId>>) -> impl IntoView {
    view! {
        <div class="unlock__other">
            <p><a class="link" href="/recover">{unlock::SHEET}</a></p>
            <p>{unlock::NEW_HERE} " " <a class="link" href="/create">{general::CREATE_VAULT}</a></p>
            <p><a class="link" href="/about">{about::LINK}</a></p>
            <Forget chosen=chosen/>
        </div>
    }
}

/// Shows that the vault is being opened, and whether this browser keeps its copy.
#[component]
fn UnlockStatus(pending: RwSignal<bool>, is_known: Memo<bool>) -> impl IntoView {
    let (vault, ceremonies) = (VaultState::from_context(), CeremonyController::from_context());
    let opening = move || pending.get() && ceremonies.succeeded.get();
    let persistent = move || vault.welcome.with(|welcome| welcome.as_ref()?.as_ref().ok()?.persistent);
    view! {
        <div role="status">
            // This takes seconds when other devices have made many changes.
            {move || opening().then(|| view! { <p class="muted">{unlock::OPENING}</p> })}
            {move || (persistent() == Some(false) && is_known.get()).then(|| view! {
                <p class="muted">{unlock::NOT_PERSISTENT}</p>
            })}
        </div>
    }
}
