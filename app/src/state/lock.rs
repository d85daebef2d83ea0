//! Locks the vault: the engine stores pending work, the worker is terminated, other tabs are
//! notified, and the page is replaced.

use crystallum_messages::{Command, LockReason, VaultId, entry, session};
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::pin::pin;
use web_sys::BroadcastChannel;

use crate::state::vault::VaultState;

/// The channel on which tabs tell each other that they lock.
pub(super) const CHANNEL: &str = "crystallum";
/// The message that a tab locks.
pub(super) const LOCK_MESSAGE: &str = "lock";
/// How long a command may take before the worker is terminated. The engine stores each change
/// before it sends it, so nothing is lost by terminating it.
const COMMAND_TIMEOUT_MS: u32 = 3_000;

/// What goes with an unused vault when it locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// What was typed into a form.
    Form,
    /// A phrase that was not stored yet.
    Phrase,
    /// A recovery sheet on screen.
    Sheet,
}

impl Lost {
    /// Returns whether the lock waited for it.
    pub(crate) fn was_on_screen(self) -> bool {
        matches!(self, Self::Phrase | Self::Sheet)
    }

    /// Parses the value of `lost` in the address of the unlock page.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "form" => Some(Self::Form),
            "phrase" => Some(Self::Phrase),
            "sheet" => Some(Self::Sheet),
            _ => None,
        }
    }
}

/// Locks a vault that nobody uses. The unlock page says what was lost.
pub(super) fn lock_unused(vault: VaultState, lost: Option<Lost>) {
    let to = unused_address(lost);
    finish(vault, vec![session::Command::Lock.into()], true, [to, to]);
}

fn unused_address(lost: Option<Lost>) -> &'static str {
    match lost {
        None => unlock_address(LockReason::Idle),
        Some(Lost::Form) => "/unlock?locked=idle&lost=form",
        Some(Lost::Phrase) => "/unlock?locked=idle&lost=phrase",
        Some(Lost::Sheet) => "/unlock?locked=idle&lost=sheet",
    }
}

/// Locks the vault and goes to the unlock page.
pub(crate) fn lock(vault: VaultState, reason: LockReason) {
    let commands = if reason == LockReason::Ended { Vec::new() } else { vec![session::Command::Lock.into()] };
    let to = unlock_address(reason);
    finish(vault, commands, reason != LockReason::OtherTab, [to, to]);
}

/// Locks the vault and ends the session at the server.
pub(crate) fn log_out(vault: VaultState) {
    finish(
        vault,
        vec![session::Command::LogOut.into()],
        true,
        ["/unlock?told=logged-out", "/unlock?told=session-stays"],
    );
}

/// Locks the vault and removes this device's copy.
pub(crate) fn forget_vault(vault: VaultState, id: VaultId) {
    let commands = vec![session::Command::Lock.into(), entry::Command::Forget { vault: id }.into()];
    finish(vault, commands, true, ["/unlock?told=forgotten", "/unlock?told=not-forgotten"]);
}

/// Goes to the unlock page after a vault that was not open was removed from this device.
pub(crate) fn show_forgotten() {
    drop(window().location().replace("/unlock?told=forgotten"));
}

/// Leaves a vault that was just deleted.
pub(crate) fn leave_deleted_vault(vault: VaultState) {
    finish(
        vault,
        vec![session::Command::Lock.into()],
        true,
        ["/unlock?told=deleted", "/unlock?told=deleted"],
    );
}

/// Executes the commands, terminates the worker, and replaces the page with the first address, or
/// with the second if a command failed.
fn finish(
    vault: VaultState,
    commands: Vec<Command>,
    notify_tabs: bool,
    [success_address, failure_address]: [&'static str; 2],
) {
    if !vault.begin_locking() {
        return;
    }
    spawn_local(async move {
        let mut to = success_address;
        for command in commands {
            let reply = pin!(vault.engine.send(command));
            match select(reply, TimeoutFuture::new(COMMAND_TIMEOUT_MS)).await {
                Either::Left((Ok(_), _)) => {}
                _ => to = failure_address,
            }
        }
        vault.engine.terminate();
        if notify_tabs {
            notify_other_tabs();
        }
        drop(window().location().replace(to));
    });
}

/// Reloads the page.
pub(crate) fn reload_page() {
    drop(window().location().reload());
}

/// Returns the address of the unlock page, with the reason unless the user asked to lock.
pub(crate) fn unlock_address(reason: LockReason) -> &'static str {
    match reason {
        LockReason::Asked => "/unlock",
        LockReason::Ended => "/unlock?locked=ended",
        LockReason::Idle => "/unlock?locked=idle",
        LockReason::OtherTab => "/unlock?locked=other-tab",
    }
}

/// Parses the reason from the address of the unlock page.
pub(crate) fn parse_reason(word: &str) -> Option<LockReason> {
    match word {
        "ended" => Some(LockReason::Ended),
        "idle" => Some(LockReason::Idle),
        "other-tab" => Some(LockReason::OtherTab),
        _ => None,
    }
}

fn notify_other_tabs() {
    if let Ok(channel) = BroadcastChannel::new(CHANNEL) {
        drop(channel.post_message(&LOCK_MESSAGE.into()));
        channel.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_was_lost() {
        for lost in [Lost::Form, Lost::Phrase, Lost::Sheet] {
            let word = unused_address(Some(lost)).strip_prefix("/unlock?locked=idle&lost=");
            assert_eq!(word.and_then(Lost::parse), Some(lost));
        }
        assert_eq!(unused_address(None), "/unlock?locked=idle");
        assert_eq!(Lost::parse("anything"), None);
    }

    #[test]
    fn an_address_gives_its_reason_back() {
        for reason in [LockReason::Ended, LockReason::Idle, LockReason::OtherTab] {
            let word = unlock_address(reason).strip_prefix("/unlock?locked=");
            assert_eq!(word.and_then(parse_reason), Some(reason));
        }
        assert_eq!(unlock_address(LockReason::Asked), "/unlock");
        assert_eq!(parse_reason("asked"), None);
    }
}
