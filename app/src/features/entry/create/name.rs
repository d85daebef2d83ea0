use crystallum_messages::{Failure, MAX_NAME, Purpose, SignUp, entry::Command};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use crate::{
    browser::{
        router::{NavigateOptions, use_navigate},
        storage, time,
    },
    engine::{Engine, calls::entry::Entry},
    features::entry::{
        create::stage::Stage,
        words::{create, welcome},
    },
    state::{
        challenge_prefetch::ChallengePrefetch,
        navigation::Navigation,
        sync::Synchronisation,
        vault::{SignUpState, VaultState},
        vault_part::VaultPart,
    },
    ui::{
        action_button::{ActionButton, CeremonyStatus},
        async_action::AsyncAction,
        field::{Field, Input, Shape},
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::general,
    },
};

/// Renders the first step. The form appears once the server has said what it must contain, so that
/// nothing moves while the user fills it in.
#[component]
pub(super) fn Name(stage: RwSignal<Stage>) -> impl IntoView {
    let vault = VaultState::from_context();
    vault.load_sign_up();
    let started = Memo::new(move |_| {
        vault.welcome.with(Option::is_some) && vault.sign_up.get() != SignUpState::Loading
    });
    view! {
        <PageHeading title=create::TITLE>{create::NAME_HEADING}</PageHeading>
        {move || if started.get() {
            view! { <Form stage=stage/> }.into_any()
        } else {
            view! { <p class="muted" role="status">{general::PREPARING}</p> }.into_any()
        }}
    }
}

/// Asks for the name and creates the passkey.
#[component]
fn Form(stage: RwSignal<Stage>) -> impl IntoView {
    let (engine, vault, sync, navigate) =
        (Engine::from_context(), VaultState::from_context(), Synchronisation::from_context(), use_navigate());
    let (name, invite) = (Input::new(), Input::new());
    let part = VaultPart::from_context();
    let typed = Navigation::from_context().new_vault;
    let [name_before, invite_before] = typed.get_value().map(|text| text.map(|text| String::clone(&text)));
    // Whoever goes back and comes again finds what was typed.
    Effect::new(move || {
        for (at, input) in [name, invite].into_iter().enumerate() {
            if input.edits.get() > 0 {
                typed.update_value(|typed| typed[at] = Some(input.read()));
            }
        }
    });
    let sign_up = vault.sign_up;
    let failure = RwSignal::new(None::<Failure>);
    let prefetch = ChallengePrefetch::reporting(Purpose::Create, move |result| {
        if let Err(problem) = result {
            failure.set(Some(problem));
        }
        spawn_local(async {
            // The recovery sheet, which is next, shows a date.
            TimeoutFuture::new(0).await;
            time::warm_up();
        });
    });
    prefetch.refetch();
    let action = AsyncAction::outliving_page(Some(prefetch)).with_failure(failure);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if action.is_running_or_removed() || !prefetch.is_ready_untracked() {
            return;
        }
        let (chosen, code) = (name.read(), invite.read());
        let wants_code = sign_up.get_untracked() == SignUpState::Known(SignUp::Invite);
        name.error.set(name_error(&chosen));
        invite.error.set((wants_code && code.is_empty()).then_some(create::INVITE_EMPTY));
        if let Some(wrong) =
            [name, invite].into_iter().find(|input| input.error.with_untracked(Option::is_some))
        {
            wrong.focus();
            return;
        }
        storage::request_persistence();
        let invite = wants_code.then(|| String::clone(&code));
        let command = Command::Create { name: String::clone(&chosen), invite };
        let show_failure = move |problem: &Failure| {
            match problem {
                Failure::PrfMissing => stage.set(Stage::PrfMissing),
                Failure::NameRejected => name.error.set(Some(create::NAME_LONG)),
                _ => return false,
            }
            true
        };
        let reply = async move {
            // The recovery sheet, which is next, is in this part.
            part.require().await?;
            engine.enter_vault(command).await
        };
        action.run(reply, show_failure, move |entry| match entry {
            Entry::Opened(opened) => {
                typed.set_value([None, None]);
                sync.set_open_vault(opened.clone());
                if stage.try_set(Stage::Sheet(opened)).is_some() {
                    // The page was left meanwhile. The sheet must still be shown.
                    navigate("/security/sheet", NavigateOptions::REPLACE);
                }
            }
            Entry::Notice(_) => failure.set(Some(Failure::UNEXPECTED_REPLY)),
        });
    };
    view! {
        <KnownVault/>
        <form class="form" novalidate on:submit=submit>
            <Field
                input=name
                id="vault-name"
                label=create::NAME_LABEL
                shape=Shape::Line
                value=name_before.unwrap_or_else(|| create::NAME_DEFAULT.into())
                hint=create::NAME_WHY
            />
            {move || (sign_up.get() == SignUpState::Known(SignUp::Invite)).then(|| view! {
                <Field
                    input=invite
                    id="invitation"
                    label=create::INVITE_LABEL
                    shape=Shape::Line
                    value=invite_before.clone().unwrap_or_default()
                    hint=create::INVITE_HINT
                />
            })}
            {move || (sign_up.get() == SignUpState::Known(SignUp::Closed)).then(|| view! {
                <p class="note note--warn">{welcome::SIGN_UP_CLOSED}</p>
            })}
            <CeremonyStatus action=action/>
            <div class="form__actions">
                <ActionButton
                    action=action
                    class="button button--primary button--large"
                    ready=Signal::derive(move || sign_up.get() != SignUpState::Known(SignUp::Closed))
                    described_by="passkey-why"
                >
                    {create::CREATE_PASSKEY}
                </ActionButton>
                <a class="link" href="/unlock">{general::HAVE_ONE}</a>
            </div>
            <p class="muted" id="passkey-why">{create::PASSKEY_WHY}</p>
        </form>
    }
}

/// Mentions the vault that this device already knows, if there is one.
#[component]
fn KnownVault() -> impl IntoView {
    let vault = VaultState::from_context();
    let known = Memo::new(move |_| {
        vault.welcome.with(|welcome| Some(welcome.as_ref()?.as_ref().ok()?.vaults.first()?.name.clone()))
    });

    view! {
        {move || known.get().map(|name| view! {
            <div class="note">
                <Icon glyph=Glyph::Vault/>
                <p><span translate="no">{create::known(&name)}</span> " " <a class="link" href="/unlock">{create::UNLOCK_KNOWN}</a></p>
            </div>
        })}
    }
}

fn name_error(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some(create::NAME_EMPTY)
    } else if name.chars().count() > MAX_NAME {
        Some(create::NAME_LONG)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_64_characters() {
        assert_eq!(name_error(""), Some(create::NAME_EMPTY));
        assert_eq!(name_error(create::NAME_DEFAULT), None);
        assert_eq!(name_error(&"é".repeat(64)), None);
        assert_eq!(name_error(&"e".repeat(65)), Some(create::NAME_LONG));
    }
}
