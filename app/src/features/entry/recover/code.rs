use crystallum_messages::{Failure, SecretText, entry::Command};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};

use crate::{
    browser::{
        keys::pressed_key,
        router::{NavigateOptions, Redirect, use_navigate},
    },
    engine::{Engine, calls::entry::Entry},
    features::entry::{steps::Steps, words::recover},
    state::vault::VaultState,
    ui::{
        action_button::ActionButton,
        async_action::AsyncAction,
        failure_note::FailureNote,
        field::{Field, Input, Shape},
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        plain_page::PlainPage,
        words::failure::explain_code_problem,
    },
};

/// The number of characters in a code. The text of a QR code is longer.
const CODE_LENGTH: usize = 32;

/// Opens a vault with the code from its recovery sheet.
#[component]
pub(crate) fn Recover() -> impl IntoView {
    if VaultState::from_context().is_open() {
        return view! { <Redirect path="/vault"/> }.into_any();
    }
    view! { <PlainPage><Steps names=&recover::STEPS current=0/><Form/></PlainPage> }.into_any()
}

#[component]
fn Form() -> impl IntoView {
    let (engine, vault, navigate) = (Engine::from_context(), VaultState::from_context(), use_navigate());
    let (code, change) = (Input::new(), Input::new());
    // The result of checking the code on this device.
    let checked = RwSignal::new(None::<Result<(), Failure>>);
    let action = AsyncAction::new(None);
    let failed = move |problem: &Failure| match problem {
        Failure::CodeRejected(_) => {
            checked.set(Some(Err(problem.clone())));
            code.focus();
            true
        }
        _ => false,
    };

    Effect::new(move || {
        let typed = code.edits.get();
        // A code that was typed before the engine started is checked once it has.
        let started = vault.welcome.with(Option::is_some);
        checked.set(None);
        if !started || code_length(&code.read()) < CODE_LENGTH {
            return;
        }
        let text = SecretText::new(String::clone(&code.read()));
        spawn_local(async move {
            let result = engine.execute(Command::CheckCode { code: text }).await;
            // A result is used only if the code has not been edited since.
            if code.edits.try_get_untracked() == Some(typed) {
                checked.set(match result {
                    Err(problem) if !matches!(problem, Failure::CodeRejected(_)) => None,
                    result => Some(result),
                });
            }
        });
    });
    let submit_code = move || {
        let number = parse_change(&change.read());
        code.error.set(code.read().is_empty().then_some(recover::CODE_EMPTY));
        change.error.set(number.is_err().then_some(recover::CHANGE_WRONG));
        let inputs = [code, change];
        if let Some(wrong) = inputs.into_iter().find(|input| input.error.with_untracked(Option::is_some)) {
            wrong.focus();
            return;
        }
        let number = number.ok().flatten();
        let text = SecretText::new(String::clone(&code.read()));
        let reply = engine.enter_vault(Command::Recover { code: text, change: number });
        action.run(reply, failed, move |entry| match entry {
            Entry::Notice(notice) => {
                code.write("");
                vault.recovering.set(true);
                vault.notice.set(Some(notice));
                navigate("/notice", NavigateOptions::REPLACE);
            }
            Entry::Opened(_) => action.failure.set(Some(Failure::UNEXPECTED_REPLY)),
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        submit_code();
    };
    // A code has no line breaks, so Enter submits the form as in other fields.
    let enter = move |event: KeyboardEvent| {
        if pressed_key(&event).as_deref() == Some("Enter") {
            event.prevent_default();
            submit_code();
        }
    };
    view! {
        <PageHeading title=recover::TITLE>{recover::HEADING}</PageHeading>
        <p>{recover::TEXT}</p>
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <div on:keydown=enter><Field input=code id="recovery-code" label=recover::CODE shape=Shape::KeyLines hint=recover::CODE_HINT/></div>
            <CheckResult checked=checked/>
            <Field
                input=change
                id="recovery-change"
                label=recover::CHANGE
                shape=Shape::Key
                hint=recover::CHANGE_HINT
                optional=true
            />
            <FailureNote failure=action.failure/>
            <div class="form__actions">
                <ActionButton action=action class="button button--primary button--large">{recover::BUTTON}</ActionButton>
                <a class="link" href="/unlock">{recover::TO_PASSKEY}</a>
                <span class="muted" role="status">{move || action.pending.get().then_some(recover::OPENING)}</span>
            </div>
        </form>
    }
}

/// The result of checking the code on this device, once it is complete.
#[component]
fn CheckResult(checked: RwSignal<Option<Result<(), Failure>>>) -> impl IntoView {
    view! {
        <div role="status" class="recover__checked">
            {move || match checked.get() {
                Some(Ok(())) => view! {
                    <p class="told-line"><Icon glyph=Glyph::Check/>{recover::CODE_GOOD}</p>
                }.into_any(),
                Some(Err(Failure::CodeRejected(problem))) => view! {
                    <p class="recover__wrong"><Icon glyph=Glyph::Warn/>{explain_code_problem(problem)}</p>
                }.into_any(),
                _ => ().into_any(),
            }}
        </div>
    }
}

/// Counts the characters of a code without hyphens and white space. The parser in the core skips
/// only hyphens and spaces.
fn code_length(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').count()
}

/// Parses an optional change number.
fn parse_change(text: &str) -> Result<Option<u64>, std::num::ParseIntError> {
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace() && *letter != ',').collect();
    if digits.is_empty() { Ok(None) } else { digits.parse().map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_do_not_count() {
        assert_eq!(code_length("R1AB-CDEF 2345\u{a0}"), 12);
        assert_eq!(code_length(""), 0);
    }

    #[test]
    fn a_change_number_is_digits_or_nothing() {
        assert_eq!(parse_change(" "), Ok(None));
        assert_eq!(parse_change("1,024"), Ok(Some(1_024)));
        assert!(parse_change("12a").is_err() && parse_change("-1").is_err());
    }
}
