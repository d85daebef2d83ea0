//! Notes that a change waits for the server, kept apart from the database that holds the change:
//! a browser that clears the database does not always clear both, and the loss can then be told. A
//! note says which vault and since when, and nothing of the change.

use crystallum_messages::{KnownVault, SyncState, VaultId};
use leptos::prelude::*;

use crate::{
    browser::{local_items, time},
    state::vault::VaultState,
};

const KEY: &str = "crystallum.waiting";

/// A change of a vault that waits, or waited, on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Note {
    vault: VaultId,
    /// Milliseconds since 1970. Whole numbers keep the tables for decimal fractions out of the
    /// Wasm.
    since: u64,
}

/// Keeps the note of the open vault up to date.
pub(crate) fn keep_notes(vault: VaultState, status: RwSignal<SyncState>) {
    Effect::new(move || {
        let status = status.get();
        let Some(vault) = vault.opened.with(|opened| opened.as_ref().map(|opened| opened.id)) else { return };
        match status {
            SyncState::Refused { .. } | SyncState::Waiting if !waits(vault) => {
                let note = Note { vault, since: time::from_js_time(time::now()) };
                write(read().into_iter().chain([note]));
            }
            SyncState::Synced | SyncState::Offline => remove(vault),
            // An ended session says nothing about what waits.
            SyncState::Refused { .. }
            | SyncState::SignedOut
            | SyncState::PasskeyLost
            | SyncState::Waiting => {}
        }
    });
}

/// Returns whether a change of this vault waits on this device.
pub(crate) fn waits(vault: VaultId) -> bool {
    read().iter().any(|note| note.vault == vault)
}

/// Removes the note of a vault, because the change was sent or given up.
pub(crate) fn remove(vault: VaultId) {
    if waits(vault) {
        write(read().into_iter().filter(|note| note.vault != vault));
    }
}

/// Returns since when a change waited that is gone: this device no longer knows its vault.
pub(crate) fn find_lost(known: &[KnownVault]) -> Option<f64> {
    read().into_iter().find(|note| is_lost(*note, known)).map(|note| time::to_js_time(note.since))
}

/// Removes the notes of what is gone.
pub(crate) fn dismiss_lost(known: &[KnownVault]) {
    write(read().into_iter().filter(|note| !is_lost(*note, known)));
}

fn is_lost(note: Note, known: &[KnownVault]) -> bool {
    known.iter().all(|vault| vault.id != note.vault)
}

fn read() -> Vec<Note> {
    local_items::read(KEY).as_deref().map(parse).unwrap_or_default()
}

fn write(notes: impl Iterator<Item = Note>) {
    let words: Vec<String> = notes.map(|Note { vault, since }| format!("{vault}@{since}")).collect();
    local_items::write(KEY, &words.join(" "));
}

/// Parses the notes. Anything else in the storage is skipped.
fn parse(text: &str) -> Vec<Note> {
    let parse_note = |word: &str| {
        let (vault, since) = word.split_once('@')?;
        Some(Note { vault: vault.parse().ok()?, since: since.parse().ok()? })
    };
    text.split(' ').filter_map(parse_note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_read_and_anything_else_is_skipped() {
        let (vault, time) = (VaultId([7; 16]), 1_700_000_000_123);
        let text = format!("{vault}@{time} x @1 {vault}@ {vault}@-1 {vault}@1.5");
        assert_eq!(parse(&text), [Note { vault, since: time }]);
        assert_eq!(parse(""), []);
    }

    #[test]
    fn a_change_is_lost_with_its_vault_only() {
        let note = Note { vault: VaultId([7; 16]), since: 1 };
        let known = |byte| KnownVault { id: VaultId([byte; 16]), name: String::new(), last_used: 0 };
        assert!(is_lost(note, &[]) && is_lost(note, &[known(8)]));
        assert!(!is_lost(note, &[known(8), known(7)]));
    }
}
