use crystallum_messages::{Failure, RecordId, ShareState, ShareView, wallets::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::{
        records::words as detail,
        wallets::{
            phrase_words::{PhraseWords, Words},
            share_list::ShareProgress,
            words::{phrase as words, shares},
        },
    },
    state::{
        idle::{IdleLock, OnScreen},
        sync::Synchronisation,
    },
    ui::{
        async_action::AsyncAction,
        ceremony_prompt::CeremonyPrompt,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        reveal_timer::RevealTimer,
    },
};

/// How long a phrase stays on screen, in seconds.
const REVEAL_SECONDS: u32 = 60;

/// The result of rebuilding, without the phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
enum RebuildResult {
    /// The phrase is on screen. These shares could not be used.
    Rebuilt(Vec<String>),
    /// Too few shares were good: the explanation, and the shares that could not be used.
    Missing(String, Vec<String>),
}

/// Rebuilds a phrase from its shares and shows it for a minute.
#[component]
pub(crate) fn PhraseCard(
    id: RecordId,
    k: u8,
    /// What is known about the shares. Updated as they arrive.
    share_views: RwSignal<Vec<ShareView>>,
) -> impl IntoView {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let list = Words::new();
    let timer = RevealTimer::new(move || list.wipe());
    IdleLock::from_context().wait_while(OnScreen::StoredPhrase, move || timer.is_revealed());
    let action = AsyncAction::new(None);
    let found = RwSignal::new(None::<RebuildResult>);

    let update_shares = move |seen: &[ShareView]| {
        share_views.try_update(|share_views| {
            for share in seen {
                if let Some(known) = share_views.iter_mut().find(|known| known.index == share.index) {
                    *known = share.clone();
                }
            }
        });
    };
    Effect::new(move || {
        let arrived = sync.shares.get();
        if action.pending.get_untracked() {
            update_shares(&arrived);
        }
    });
    let rebuild = Callback::new(move |()| {
        if action.is_running_or_removed() {
            return;
        }
        found.set(None);
        sync.shares.set(Vec::new());
        let show_missing = move |problem: &Failure| {
            let Failure::SharesMissing { have, need, shares: seen } = problem else { return false };
            update_shares(seen);
            let result = RebuildResult::Missing(shares::missing(*have, *need), describe_bad_shares(seen));
            found.set(Some(result));
            true
        };
        let reply = engine.rebuild_phrase(Command::Rebuild { id });
        action.run(reply, show_missing, move |rebuilt| {
            // The phrase is not shown in a page that is not visible.
            if !document().hidden() {
                update_shares(&rebuilt.shares);
                found.set(Some(RebuildResult::Rebuilt(describe_bad_shares(&rebuilt.shares))));
                list.show(&rebuilt.phrase);
                timer.start(REVEAL_SECONDS);
            }
        });
    });
    sync.renew_on_expiry(action.failure, move || {
        rebuild.try_run(());
    });
    let toggle = move |_| if timer.is_revealed_untracked() { timer.hide() } else { rebuild.run(()) };
    view! {
        <section class="card" aria-labelledby="phrase-heading">
            <header class="card__head">
                <h2 class="card__heading" id="phrase-heading">{words::HEADING}</h2>
                <span class="credentials-card__countdown">
                    {move || timer.is_revealed().then(|| detail::countdown(timer.seconds_left()))}
                </span>
            </header>
            <div class="form">
                <p hidden=move || timer.is_revealed()>{words::text(k)} " " {words::WATCH}</p>
                <div class="form__actions">
                    <button
                        type="button"
                        class="button button--large"
                        class:button--primary=move || !timer.is_revealed()
                        aria-disabled=move || action.aria_disabled()
                        on:click=toggle
                    >
                        {move || if timer.is_revealed() {
                            view! { <Icon glyph=Glyph::Hide/> }
                        } else {
                            view! { <Icon glyph=Glyph::Reveal/> }
                        }}
                        {move || if timer.is_revealed() { words::HIDE } else { words::SHOW }}
                    </button>
                    <span class="muted" role="status">
                        {move || if action.pending.get() {
                            words::COLLECTING.to_owned()
                        } else if timer.is_revealed() {
                            words::rebuilt(k)
                        } else {
                            String::new()
                        }}
                    </span>
                </div>
                <CeremonyPrompt/>
                <Show when=move || action.pending.get()><ShareProgress/></Show>
                // The words are below the button, so that it does not move.
                <PhraseWords list=list revealed=Signal::derive(move || timer.is_revealed())/>
                <div role="alert">{move || found.get().map(|result| view! { <RebuildNote id=id result=result/> })}</div>
                <FailureNote failure=action.failure/>
            </div>
        </section>
    }
}

/// Says why the phrase could not be rebuilt, or which shares could not be used.
#[component]
fn RebuildNote(id: RecordId, result: RebuildResult) -> impl IntoView {
    match result {
        RebuildResult::Missing(what, which) => view! {
            <div class="note note--bad">
                <Icon glyph=Glyph::Warn/>
                <div>
                    <p class="note__what">{what}</p>
                    <Lines lines=which/>
                    <p>{shares::MISSING_NEXT}</p>
                </div>
            </div>
        }
        .into_any(),
        RebuildResult::Rebuilt(which) if !which.is_empty() => view! {
            <div class="note note--warn">
                <Icon glyph=Glyph::Warn/>
                <div>
                    <p class="note__what">{shares::BAD_SHARES}</p>
                    <Lines lines=which/>
                    <div class="note__actions">
                        <a class="button button--small" href=format!("/wallets/{id}/shares")>{shares::REFRESH}</a>
                    </div>
                </div>
            </div>
        }
        .into_any(),
        RebuildResult::Rebuilt(_) => ().into_any(),
    }
}

#[component]
fn Lines(lines: Vec<String>) -> impl IntoView {
    view! { <ul class="list">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
}

/// Returns one sentence for each share that could not be used.
fn describe_bad_shares(seen: &[ShareView]) -> Vec<String> {
    let useless = |share: &&ShareView| {
        matches!(share.state, ShareState::Missing | ShareState::Unreachable | ShareState::Wrong)
    };
    seen.iter().filter(useless).map(shares::describe_bad_share).collect()
}
