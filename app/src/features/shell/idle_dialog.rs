use leptos::{html, prelude::*};

use crate::{
    features::shell::words::idle as words,
    state::{idle::IdleLock, lock, vault::VaultState},
    ui::dialog::Dialog,
};

/// Warns before an unused vault locks. It covers every page, inside a vault and on the way into it.
#[component]
pub(crate) fn IdleDialog() -> impl IntoView {
    let (vault, idle) = (VaultState::from_context(), IdleLock::from_context());
    let stay = NodeRef::<html::Button>::new();
    Effect::new(move || {
        let Some(button) = stay.get() else { return };
        // The dialog opens in the same frame as its content appears.
        request_animation_frame(move || drop(button.focus()));
    });
    // Whoever answers is there, so the deadline moves on while a question is open.
    let lock_now = move |_| {
        idle.stay();
        lock::lock_by_hand(vault);
    };
    view! {
        <Dialog
            open=idle.warning
            id="idle-heading"
            heading=words::HEADING
            described_by="idle-text"
            closed=move |()| idle.stay()
        >
            <p id="idle-text">{move || words::text(idle.seconds_left.get())}</p>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=lock_now>{words::LOCK}</button>
                <button type="button" class="button button--primary" node_ref=stay on:click=move |_| idle.stay()>
                    {words::STAY}
                </button>
            </div>
        </Dialog>
    }
}
