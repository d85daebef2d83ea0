//! Locks the vault: the engine stores pending work, the worker is terminated, other tabs are
//! notified, and the page is replaced.

use crystallum_messages::{Command, LockReason, VaultId, entry, session};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};
use std::pin::pin;
use web_sys::BroadcastChannel;

use crate::state::{unsaved_changes::Departure, vault::VaultState, waiting_notes};

/// The channel on which tabs tell each other that they lock.
pub(super) const CHANNEL: &str = "crystallum";
/// The message that a tab locks.
pub(super) const LOCK_MESSAGE: &str = "lock";
/// How long a command may take before the worker is terminated. The engine stores each change
/// before it sends it, so nothing is lost by terminating it.
const COMMAND_TIMEOUT_MS: u32 = 3_000;
/// How long the browser may take to clear the clipboard after the commands.
const CLIPBOARD_TIMEOUT_MS: u32 = 500;

/// What goes with an unused vault when it locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// A draft that was kept before another one.
    Draft,
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

    const ALL: [Self; 4] = [Self::Draft, Self::Form, Self::Phrase, Self::Sheet];

    /// Returns the value of `lost` in the address of the unlock page.
    fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Form => "form",
            Self::Phrase => "phrase",
            Self::Sheet => "sheet",
        }
    }

    /// Parses the value of `lost` in the address of the unlock page.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lost| lost.as_str() == word)
    }
}

/// Locks a vault that nobody uses. The unlock page says what was lost.
pub(super) fn lock_unused(vault: VaultState, lost: Option<Lost>) {
    lock_losing(vault, LockReason::Idle, lost);
}

/// Locks the vault because the user wants it, after a question if that loses something.
pub(crate) fn lock_by_hand(vault: VaultState) {
    let go = move || lock(vault, LockReason::Asked);
    let is_offered = vault.drafts.offered.with_untracked(Option::is_some);
    if !vault.drafts.has_form() {
        vault.unsaved.leave_by(Departure::Lock, go);
    } else if is_offered && vault.unsaved.is_dirty() {
        vault.unsaved.leave_by(Departure::LockOverDraft, move || {
            // The answer discards no input here: it is kept, in place of the draft.
            vault.unsaved.mark_dirty();
            go();
        });
    } else {
        go();
    }
}

/// Locks the vault and goes to the unlock page.
pub(crate) fn lock(vault: VaultState, reason: LockReason) {
    lock_losing(vault, reason, None);
}

/// Locks the vault. What is typed into the form of an exchange key is kept on this device.
fn lock_losing(vault: VaultState, reason: LockReason, lost: Option<Lost>) {
    let engine_runs = reason != LockReason::Ended;
    let draft = if engine_runs { vault.drafts.read_form() } else { None };
    let address = unlock_address(reason);
    let to = if draft.is_some() {
        let replaced = vault.drafts.offered.with_untracked(Option::is_some).then_some(Lost::Draft);
        [add_outcome(address, true, replaced), add_outcome(address, false, Some(Lost::Form))]
    } else {
        [add_outcome(address, false, lost), add_outcome(address, false, lost)]
    };
    let save = draft.map(|draft| session::Command::SaveDraft { draft: Some(draft) }.into());
    let commands = save.into_iter().chain(engine_runs.then(|| session::Command::Lock.into())).collect();
    finish(vault, commands, reason != LockReason::OtherTab, to);
}

/// Adds to the address of the unlock page what was kept and what was lost.
fn add_outcome(address: &str, is_kept: bool, lost: Option<Lost>) -> String {
    let address = if is_kept { add_parameter(address, "kept=form") } else { address.to_owned() };
    match lost {
        Some(lost) => add_parameter(&address, &format!("lost={}", lost.as_str())),
        None => address,
    }
}

/// Adds to the address of the unlock page that a secret may be left on the clipboard.
fn add_clipboard(address: &str, is_left: bool) -> String {
    if is_left { add_parameter(address, "clipboard=left") } else { address.to_owned() }
}

fn add_parameter(address: &str, parameter: &str) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{parameter}")
}

/// Locks the vault and ends the session at the server, after a question if that loses something.
pub(crate) fn log_out(vault: VaultState) {
    let to = ["/unlock?told=logged-out", "/unlock?told=session-stays"].map(Into::into);
    vault.unsaved.leave_by(Departure::Lock, move || {
        finish(vault, vec![session::Command::LogOut.into()], true, to);
    });
}

/// Locks the vault and removes this device's copy.
pub(crate) fn forget_vault(vault: VaultState, id: VaultId) {
    waiting_notes::remove(id);
    let commands = vec![session::Command::Lock.into(), entry::Command::Forget { vault: id }.into()];
    finish(vault, commands, true, ["/unlock?told=forgotten", "/unlock?told=not-forgotten"].map(Into::into));
}

/// Goes to the unlock page after a vault that was not open was removed from this device.
pub(crate) fn show_forgotten() {
    drop(window().location().replace("/unlock?told=forgotten"));
}

/// Leaves a vault that was just deleted.
pub(crate) fn leave_deleted_vault(vault: VaultState) {
    if let Some(id) = vault.open_id() {
        waiting_notes::remove(id);
    }
    finish(
        vault,
        vec![session::Command::Lock.into()],
        true,
        ["/unlock?told=deleted", "/unlock?told=deleted"].map(Into::into),
    );
}

/// Executes the commands, terminates the worker, and replaces the page with the first address, or
/// with the second if a command failed.
fn finish(
    vault: VaultState,
    commands: Vec<Command>,
    notify_tabs: bool,
    [success_address, failure_address]: [String; 2],
) {
    let Some(clearing) = vault.begin_locking() else { return };
    // The browser clears the clipboard while the commands are executed.
    let (sender, is_left) = oneshot::channel();
    spawn_local(async move {
        // Nobody waits after the timeout.
        let _sent = sender.send(clearing.await);
    });
    spawn_local(async move {
        let mut to = success_address;
        for command in commands {
            let reply = pin!(vault.engine.send(command));
            match select(reply, TimeoutFuture::new(COMMAND_TIMEOUT_MS)).await {
                Either::Left((Ok(_), _)) => {}
                _ => to.clone_from(&failure_address),
            }
        }
        vault.engine.terminate();
        if notify_tabs {
            notify_other_tabs();
        }
        let clipboard = select(is_left, TimeoutFuture::new(CLIPBOARD_TIMEOUT_MS)).await;
        let is_cleared = matches!(clipboard, Either::Left((Ok(false), _)));
        drop(window().location().replace(&add_clipboard(&to, !is_cleared)));
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
    fn a_secret_on_the_clipboard_is_in_the_address() {
        assert_eq!(add_clipboard("/unlock", false), "/unlock");
        assert_eq!(add_clipboard("/unlock", true), "/unlock?clipboard=left");
        assert_eq!(add_clipboard("/unlock?locked=idle", true), "/unlock?locked=idle&clipboard=left");
    }

    #[test]
    fn an_address_says_what_was_kept_and_lost() {
        for lost in Lost::ALL {
            let address = add_outcome("/unlock?locked=idle", false, Some(lost));
            assert_eq!(address.strip_prefix("/unlock?locked=idle&lost=").and_then(Lost::parse), Some(lost));
        }
        assert_eq!(add_outcome("/unlock", true, Some(Lost::Draft)), "/unlock?kept=form&lost=draft");
        assert_eq!(add_outcome("/unlock", false, None), "/unlock");
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
