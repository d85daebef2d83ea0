//! Locks this tab when another one locks.

use crystallum_messages::LockReason;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::state::{
    alarms::{Alarms, Blocked},
    lock,
    vault::VaultState,
};

/// Locks this tab when another tab locks, and reloads a tab that waited for the other one.
pub(crate) fn listen_to_other_tabs(vault: VaultState, alarms: Alarms) {
    let Ok(channel) = BroadcastChannel::new(lock::CHANNEL) else { return };
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if message.data().as_string().as_deref() != Some(lock::LOCK_MESSAGE) {
            return;
        }
        if alarms.blocked.get_untracked() == Some(Blocked::AnotherTab) {
            lock::reload_page();
        } else {
            lock::lock(vault, LockReason::OtherTab);
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The channel must live as long as the page.
    on_message.forget();
    std::mem::forget(channel);
}
