//! Locking: the engine stores what is in flight, the worker ends, other tabs are told, and the page itself is replaced.

use crystallum_messages::{Command, LockReason};
use futures_util::future::select;
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::pin::pin;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use crate::{
    engine::Engine,
    session::{Blocked, Session},
};

const CHANNEL: &str = "crystallum";
const LOCK: &str = "lock";
/// How long the engine may take to store what is in flight, in milliseconds. It has stored it before sending, so nothing is lost beyond this.
const PATIENCE: u32 = 3_000;

/// Locks and leaves for the unlock page.
pub(crate) fn lock(engine: Engine, session: Session, reason: LockReason) {
    if !session.leave() {
        return;
    }
    spawn_local(async move {
        if reason != LockReason::Ended {
            let stored = pin!(engine.send(Command::Lock));
            drop(select(stored, TimeoutFuture::new(PATIENCE)).await);
        }
        engine.terminate();
        if reason != LockReason::OtherTab {
            tell_other_tabs();
        }
        leave(reason);
    });
}

/// Locks this tab when another one says so, and lets a tab try again that waited for the other.
pub(crate) fn listen(engine: Engine, session: Session) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return };
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if message.data().as_string().as_deref() != Some(LOCK) {
            return;
        }
        if session.blocked.get_untracked() == Some(Blocked::AnotherTab) {
            reload();
        } else {
            lock(engine, session, LockReason::OtherTab);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // The channel hears as long as the page lives.
    heard.forget();
    std::mem::forget(channel);
}

/// Loads the page anew.
pub(crate) fn reload() {
    drop(window().location().reload());
}

/// The address of the unlock page, with the reason unless the person knows it.
pub(crate) fn address(reason: LockReason) -> &'static str {
    match reason {
        LockReason::Asked => "/unlock",
        LockReason::Ended => "/unlock?locked=ended",
        LockReason::Idle => "/unlock?locked=idle",
        LockReason::OtherTab => "/unlock?locked=other-tab",
    }
}

/// The reason that an address carries.
pub(crate) fn reason(word: &str) -> Option<LockReason> {
    match word {
        "ended" => Some(LockReason::Ended),
        "idle" => Some(LockReason::Idle),
        "other-tab" => Some(LockReason::OtherTab),
        _ => None,
    }
}

fn leave(reason: LockReason) {
    drop(window().location().replace(address(reason)));
}

fn tell_other_tabs() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        drop(channel.post_message(&LOCK.into()));
        channel.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_gives_its_reason_back() {
        for told in [LockReason::Ended, LockReason::Idle, LockReason::OtherTab] {
            let word = address(told).strip_prefix("/unlock?locked=");
            assert_eq!(word.and_then(reason), Some(told));
        }
        assert_eq!(address(LockReason::Asked), "/unlock");
        assert_eq!(reason("asked"), None);
    }
}
