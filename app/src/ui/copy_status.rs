use leptos::prelude::*;

use crate::{
    browser::time,
    state::clipboard::{Clipboard, CopyState},
    ui::{
        icon::{Glyph, Icon},
        words::clipboard as words,
    },
};

/// Reports what happened to the last copy, with a button that clears the clipboard.
#[component]
pub(crate) fn CopyStatus(
    clipboard: Clipboard,
    /// Whether one line must do.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let text = if brief { brief_text } else { text };
    let can_be_cleared = Memo::new(move |_| clipboard.copy_state().is_some_and(CopyState::can_be_cleared));
    view! {
        <div class="copy-status">
            <p class="muted" role="status">{move || clipboard.copy_state().map(text)}</p>
            {move || can_be_cleared.get().then(|| view! {
                <button type="button" class="button button--small" on:click=move |_| clipboard.clear_now()>
                    {words::CLEAR_NOW}
                </button>
            })}
        </div>
    }
}

/// Reports a copy that was made on a page that has been left, wherever the user goes meanwhile.
#[component]
pub(crate) fn CopyElsewhere() -> impl IntoView {
    let clipboard = Clipboard::from_context();
    let is_reported = Memo::new(move |_| clipboard.copy_state().is_some());
    view! {
        {move || is_reported.get().then(|| view! {
            <div class="banner banner--quiet">
                <Icon glyph=Glyph::Copy/>
                <CopyStatus clipboard=clipboard brief=true/>
            </div>
        })}
    }
}

/// Says on the unlock page that a secret may be left on the clipboard.
#[component]
pub(crate) fn CopyLeft() -> impl IntoView {
    let clipboard = Clipboard::for_component();
    view! {
        <div class="note note--warn copy-status">
            <p role="status">{move || clipboard.copy_state().map_or_else(|| words::CLIPBOARD_LEFT.into(), text)}</p>
            {move || clipboard.copy_state().is_none_or(CopyState::can_be_cleared).then(|| view! {
                <button type="button" class="button button--small" on:click=move |_| clipboard.clear_now()>
                    {words::CLEAR_NOW}
                </button>
            })}
        </div>
    }
}

fn brief_text(state: CopyState) -> String {
    match state {
        CopyState::Due(item) | CopyState::OnClipboard { item, .. } | CopyState::Unknown { item, .. } => {
            words::may_be_left(item)
        }
        CopyState::Cleared | CopyState::Failed | CopyState::NotCleared | CopyState::Replaced => text(state),
    }
}

fn text(state: CopyState) -> String {
    match state {
        CopyState::Cleared => words::CLIPBOARD_CLEARED.into(),
        CopyState::Due(item) => words::due(item),
        CopyState::Failed => words::CLIPBOARD_FAILED.into(),
        CopyState::NotCleared => words::CLIPBOARD_REFUSED.into(),
        CopyState::OnClipboard { item, until, access } => {
            words::copied(item, &time::format_time(until), access)
        }
        CopyState::Replaced => words::CLIPBOARD_REPLACED.into(),
        CopyState::Unknown { item, access } => words::unknown(item, access),
    }
}
