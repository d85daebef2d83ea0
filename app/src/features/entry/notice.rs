use crystallum_messages::{Failure, LockReason, Notice, entry::Command};
use leptos::prelude::*;

use crate::{
    browser::{
        router::{NavigateOptions, Redirect, use_navigate},
        storage, time,
    },
    engine::{Engine, calls::entry::Entry},
    features::entry::{
        steps::Steps,
        words::{notice as words, recover},
    },
    state::{lock, navigation::Navigation, sync::Synchronisation, vault::VaultState},
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        digits,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        plain_page::PlainPage,
        time_ago::TimeAgo,
    },
};

/// What a device that does not know the vault must show before it opens the vault.
#[component]
pub(crate) fn NoticePage() -> impl IntoView {
    let vault = VaultState::from_context();
    match vault.notice.get_untracked() {
        Some(notice) => view! { <Facts notice=notice/> }.into_any(),
        None => view! { <Redirect path="/unlock"/> }.into_any(),
    }
}

#[component]
fn Facts(notice: Notice) -> impl IntoView {
    let (engine, vault, sync, navigation, navigate) = (
        Engine::from_context(),
        VaultState::from_context(),
        Synchronisation::from_context(),
        Navigation::from_context(),
        use_navigate(),
    );
    let recovering = vault.recovering.get_untracked();
    let action = AsyncAction::outliving_page(None);
    let accept = move |()| {
        if action.is_running_or_removed() {
            return;
        }
        storage::request_persistence();
        if recovering {
            navigate("/recover/passkey", NavigateOptions::REPLACE);
            return;
        }
        action.run(engine.enter_vault(Command::AcceptNotice), no_own_place, move |entry| match entry {
            Entry::Opened(opened) => {
                sync.set_open_vault(opened);
                navigate(&navigation.take_return_path(), NavigateOptions::REPLACE);
            }
            Entry::Notice(_) => action.failure.set(Some(Failure::UNEXPECTED_REPLY)),
        });
    };
    let (heading, text, advice) = if recovering {
        (recover::NOTICE_HEADING, recover::NOTICE_TEXT, recover::NOTICE_ADVICE)
    } else {
        (words::HEADING, words::TEXT, words::ADVICE)
    };
    view! {
        <PlainPage>
            {recovering.then(|| view! { <Steps names=&recover::STEPS current=1/> })}
            <span class="plain-page__sign"><Icon glyph=Glyph::Shield/></span>
            <PageHeading title=words::TITLE>{heading}</PageHeading>
            <p>{text}</p>
            <section class="card" aria-labelledby="notice-facts">
                <h2 class="card__heading" id="notice-facts">{words::FACTS}</h2>
                <dl class="facts">
                    <div><dt>{words::CHANGE}</dt><dd class="number" translate="no">{notice.change}</dd></div>
                    <div>
                        <dt>{words::DATE}</dt>
                        <dd>
                            {time::format_exact(time::to_js_time(notice.time))} " (" <TimeAgo time=notice.time/> ")"
                            <span class="facts__hint">{words::DATE_HINT}</span>
                        </dd>
                    </div>
                    <div><dt>{words::DEVICE}</dt><dd><code translate="no">{digits::group_digits(&notice.device.to_string())}</code></dd></div>
                    <div>
                        <dt>{words::FINGERPRINT}</dt>
                        <dd>
                            <code translate="no">{digits::group_digits(&notice.fingerprint)}</code>
                            {recovering.then(|| view! { <span class="facts__hint">{recover::FINGERPRINT_HINT}</span> })}
                        </dd>
                    </div>
                </dl>
            </section>
            <p>{advice}</p>
            <FailureNote failure=action.failure/>
            <div class="plain-page__actions">
                <ActionButton action=action class="button button--primary button--large" click=accept>
                    {words::CONTINUE}
                </ActionButton>
                <button
                    type="button"
                    class="button button--large"
                    on:click=move |_| lock::lock(vault, LockReason::Asked)
                >
                    {words::REFUSE}
                </button>
            </div>
        </PlainPage>
    }
}
