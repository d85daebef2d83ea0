//! The JSON of every message between page and engine, as it was recorded. Both sides are always of
//! one version, so a name may change; the recorded files show that it did, and that nothing secret
//! moved into a message that had none.

mod access;
mod alarm;
mod boundary;
mod ceremony;
mod domains;
mod entry;
mod event;
mod failure;
mod going_over;
mod keys;
mod kinds;
mod records;
mod secret;
mod session;
mod shares;
mod sync;
mod trash;
mod typed_text;
mod wallets;

use std::path::Path;

use crystallum_messages::SecretText;
use crystallum_snapshots::assert_complete;

fn secret(text: &str) -> SecretText {
    SecretText::new(text.to_owned())
}

#[test]
fn every_type_is_recorded() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules = [
        ("access", access::samples()),
        ("alarm", alarm::samples()),
        ("ceremony", ceremony::samples()),
        ("domains", domains::samples()),
        ("entry", entry::samples()),
        ("event", event::samples()),
        ("failure", failure::samples()),
        ("going_over", going_over::samples()),
        ("impossible", failure::impossible_states()),
        ("keys", keys::samples()),
        ("kinds", kinds::samples()),
        ("records", records::samples()),
        ("secret", secret::samples()),
        ("session", session::samples()),
        ("shares", shares::samples()),
        ("sync", sync::samples()),
        ("trash", trash::samples()),
        ("typed_text", typed_text::samples()),
        ("wallets", wallets::samples()),
        ("boundary", boundary::samples()),
    ];
    assert_complete(&sources, &modules);
}
