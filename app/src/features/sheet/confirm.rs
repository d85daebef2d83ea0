use crystallum_messages::{Failure, SecretText, access::Command};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    engine::Engine,
    features::sheet::words,
    state::vault::VaultState,
    ui::{
        action_button::ActionButton,
        async_action::{AsyncAction, no_own_place},
        failure_note::FailureNote,
        field::{Field, Input, Shape},
        page_heading::PageHeading,
    },
};

/// Asks for two groups of the code. Once they are right, the sheet counts as a sign-in method.
#[component]
pub(super) fn Confirm(
    numbers: [u8; 2],
    show_again: Callback<()>,
    done: Callback<bool>,
    skip: Callback<()>,
) -> impl IntoView {
    let (engine, vault) = (Engine::from_context(), VaultState::from_context());
    let action = AsyncAction::new(None);
    let inputs = [Input::new(), Input::new()];
    let confirm = move || {
        for input in inputs {
            input.error.set(input.read().is_empty().then_some(words::GROUP_EMPTY));
        }
        if let Some(wrong) = inputs.into_iter().find(|input| input.error.with_untracked(Option::is_some)) {
            wrong.focus();
            return;
        }
        let groups = inputs.map(|input| SecretText::new(String::clone(&input.read())));
        action.run(engine.execute(Command::ConfirmSheet { groups }), no_own_place, move |()| {
            for input in inputs {
                input.write("");
            }
            vault.refresh_method_count();
            done.run(true);
        });
    };
    // The engine does not reveal which of the two groups is wrong.
    Effect::new(move || {
        if action.failure.get() == Some(Failure::GroupsRejected) {
            inputs[0].focus();
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        confirm();
    };
    let fields = inputs.into_iter().zip(numbers).zip(["sheet-group-a", "sheet-group-b"]);
    view! {
        <PageHeading title=words::TITLE>{words::CONFIRM_HEADING}</PageHeading>
        <p>{words::CONFIRM_TEXT}</p>
        <form class="form" novalidate autocomplete="off" on:submit=submit>
            <div class="form__pair">
                {fields
                    .map(|((input, number), id)| view! {
                        <Field input=input id=id label=words::group(number) shape=Shape::Key/>
                    })
                    .collect_view()}
            </div>
            <FailureNote failure=action.failure/>
            <div class="form__actions">
                <ActionButton action=action class="button button--primary button--large">{words::CONFIRM}</ActionButton>
                <button type="button" class="button button--large" on:click=move |_| show_again.run(())>
                    {words::SHOW_AGAIN}
                </button>
                <button type="button" class="button button--large" on:click=move |_| skip.run(())>{words::SKIP}</button>
            </div>
            <p class="muted">{words::SKIP_HINT}</p>
        </form>
    }
}
