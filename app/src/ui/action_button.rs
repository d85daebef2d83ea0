use leptos::prelude::*;

use crate::ui::{async_action::AsyncAction, ceremony_prompt::CeremonyPrompt, failure_note::FailureNote};

/// A button that starts an action, or submits the form that starts it. While the action runs, the
/// button keeps the focus and reports that it is disabled. Until the challenge of the action's
/// ceremony has been fetched, it cannot be clicked.
#[component]
pub(crate) fn ActionButton(
    action: AsyncAction,
    class: &'static str,
    /// What a click does. Without it, the button submits its form.
    #[prop(optional, into)]
    click: Option<Callback<()>>,
    /// Whether the button may be clicked, if that depends on more than the challenge.
    #[prop(optional, into)]
    ready: Option<Signal<bool>>,
    /// The id of the element that describes the button.
    #[prop(optional)]
    described_by: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let is_ready = move || {
        action.prefetch.is_none_or(|prefetch| prefetch.is_ready()) && ready.is_none_or(|ready| ready.get())
    };
    let click_or_submit = move |_| {
        if let Some(click) = click {
            click.run(());
        }
    };
    view! {
        <button
            type=if click.is_some() { "button" } else { "submit" }
            class=class
            disabled=move || !is_ready()
            aria-disabled=move || action.aria_disabled()
            aria-describedby=described_by
            on:click=click_or_submit
        >
            {children()}
        </button>
    }
}

/// Shows the text above the button of an action that begins with a ceremony: what the device is
/// about to ask, and why the action failed.
#[component]
pub(crate) fn CeremonyStatus(action: AsyncAction) -> impl IntoView {
    view! {
        <CeremonyPrompt/>
        <FailureNote failure=action.failure/>
    }
}
