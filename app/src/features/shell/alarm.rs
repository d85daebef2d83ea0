use crystallum_messages::{Alarm, Failure, LockReason, session::Command};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    browser::{
        download,
        router::{NavigateOptions, use_navigate},
        time,
    },
    engine::Engine,
    features::keys::words::vault,
    state::{alarms::Alarms, lock, vault::VaultState, vault_part::VaultPart},
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        mark::Mark,
        page_heading::PageHeading,
        words::{alarm as words, general},
    },
};

/// The full-screen report of data that was refused. Nothing else is shown beside it.
#[component]
pub(crate) fn AlarmScreen(alarm: Alarm) -> impl IntoView {
    let (vault, alarms, navigate) = (VaultState::from_context(), Alarms::from_context(), use_navigate());
    let explanation = words::explain(&alarm);
    let heading = words::heading(&alarm);
    let has_heads = matches!(alarm, Alarm::Rollback { .. } | Alarm::Fork { .. } | Alarm::Disowned { .. });
    let can_put_back = matches!(alarm, Alarm::Rollback { .. });
    let is_fork = matches!(alarm, Alarm::Fork { .. } | Alarm::Disowned { .. });
    let can_end =
        can_put_back || has_heads || matches!(alarm, Alarm::SecretsTampered { .. } | Alarm::Tampered { .. });
    let seen = time::format_iso(time::now());
    let save = move |_| {
        let origin = window().location().origin().unwrap_or_default();
        let browser = window().navigator().user_agent().unwrap_or_default();
        let text = words::evidence(&alarm, &seen, &origin, &browser, env!("CARGO_PKG_VERSION"));
        drop(download::text_file(words::FILE, &text));
    };
    // A vault may be open behind the alarm: when data is refused during unlocking, this device's
    // copy still opens.
    let is_open = Memo::new(move |_| vault.opened.with(Option::is_some));
    let (engine, action) = (Engine::from_context(), AsyncAction::outliving_page(None));
    // What cannot be put back is another history, too.
    let not_put_back = move || action.failure.with(|failure| matches!(failure, Some(Failure::NotPutBack(_))));
    let part_of_vault = VaultPart::from_context();
    let going_over = move || {
        let screens = part_of_vault.screens.get().filter(|_| is_open.get() && (is_fork || not_put_back()));
        screens.map(|screens| (screens.going_over)())
    };
    let run = move |command: Command| action.run(engine.execute(command), no_own_place, |()| ());
    let save_heads = move |_| {
        spawn_local(async move {
            if let Ok(Some(file)) = engine.load_evidence().await {
                drop(download::text_file(words::HEADS_FILE, &file));
            }
        });
    };
    let back = move |_| {
        if !is_open.get_untracked() && vault.has_keys() {
            lock::lock(vault, LockReason::Asked);
            return;
        }
        if !is_open.get_untracked() {
            // It concerned a vault that did not open.
            alarms.has_stopped.set(false);
            navigate("/unlock", NavigateOptions::REPLACE);
        }
        alarms.alarm.set(None);
    };
    let to_new_vault = move |_| {
        navigate("/security/new-vault", NavigateOptions::default());
        alarms.alarm.set(None);
    };
    on_cleanup(|| {
        request_animation_frame(focus_page);
    });
    let part = |heading: &'static str, text: std::borrow::Cow<'static, str>| {
        view! {
            <h2 class="alarm__part">{heading}</h2>
            <p>{text}</p>
        }
    };
    view! {
        <div class="alarm">
            <header class="alarm__head"><Mark/>{general::NAME}</header>
            // The page behind the alarm keeps the `main` element and its id.
            <div class="alarm__main" role="main" tabindex="-1">
                <span class="alarm__sign"><Icon glyph=Glyph::Stop/></span>
                <PageHeading title=words::TITLE>{heading}</PageHeading>
                {part(words::SEEN, explanation.what_happened)}
                {part(words::KEPT, explanation.what_is_safe)}
                {part(words::NEXT, explanation.what_to_do)}
                {move || (is_open.get() && can_put_back).then(|| view! { <p>{words::PUT_BACK_HINT}</p> })}
                {move || (is_open.get() && can_end).then(|| view! {
                    <div class="alarm__actions">
                        {can_put_back.then(|| view! {
                            <ActionButton
                                action=action
                                class="button button--primary button--large"
                                click=move |()| run(Command::PutBack)
                            >
                                {words::PUT_BACK}
                            </ActionButton>
                        })}
                        <ActionButton action=action class="button button--large" click=move |()| run(Command::Sync)>
                            {words::ASK_AGAIN}
                        </ActionButton>
                    </div>
                })}
                <FailureNote failure=action.failure/>
                {going_over}
                <div class="alarm__actions">
                    <button type="button" class="button button--large" on:click=save>
                        <Icon glyph=Glyph::Download/>
                        {words::SAVE}
                    </button>
                    {move || (is_open.get() && has_heads).then(|| view! {
                        <button type="button" class="button button--large" on:click=save_heads>
                            <Icon glyph=Glyph::Download/>
                            {words::SAVE_HEADS}
                        </button>
                    })}
                    <button type="button" class="button button--large" on:click=back>
                        {move || if is_open.get() { words::GO_ON } else { words::TO_UNLOCK }}
                    </button>
                    {move || (is_open.get() && can_end).then(|| view! {
                        <button type="button" class="button button--large" on:click=to_new_vault>
                            {words::NEW_VAULT}
                        </button>
                    })}
                    {move || is_open.get().then(|| view! {
                        <button
                            type="button"
                            class="button button--large"
                            on:click=move |_| lock::lock_by_hand(vault)
                        >
                            {vault::LOCK}
                        </button>
                    })}
                </div>
                <p class="muted">
                    {words::SAVE_HINT}
                    {move || (is_open.get() && has_heads).then(|| format!(" {}", words::SAVE_HEADS_HINT))}
                </p>
            </div>
        </div>
    }
}

/// Returns the focus to the page behind the alarm.
fn focus_page() {
    let heading = document().query_selector(".pages h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        drop(heading.focus());
    }
}
