use leptos::prelude::*;

use crate::{
    features::shell::words as help,
    state::preferences::Preferences,
    ui::{dialog::Dialog, words::general},
};

/// Lists the keyboard shortcuts.
#[component]
pub(crate) fn HelpDialog(open: RwSignal<bool>) -> impl IntoView {
    let shortcuts = Preferences::from_context().shortcuts;
    let line = |(keys, text): (&'static str, &'static str)| {
        view! {
            <div class="help-dialog__line">
                <dt>{keys.split(' ').map(|key| view! { <kbd>{key}</kbd> }).collect_view()}</dt>
                <dd>{text}</dd>
            </div>
        }
    };
    view! {
        <Dialog open=open id="help-heading" heading=help::HEADING>
            {move || (!shortcuts.get()).then(|| view! { <p class="muted">{help::CHARACTERS_OFF}</p> })}
            <dl class="help-dialog">
                {move || shortcuts.get().then(|| help::CHARACTERS.into_iter().map(line).collect_view())}
                {help::LIST.into_iter().map(line).collect_view()}
            </dl>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{general::CLOSE}</button>
            </div>
        </Dialog>
    }
}
