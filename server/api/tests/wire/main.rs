//! The JSON of every type and variant on the wire, as it was recorded. Clients and servers of
//! different versions speak to each other, so a changed name breaks them.

mod account;
mod binary;
mod condition;
mod failure;
mod health;
mod recovery;
mod shares;
mod sign_in_methods;
mod state;
mod vault;
mod vault_login;

use std::path::Path;

use crystallum_api::{Bytes, Id};
use crystallum_snapshots::assert_complete;

/// Returns an id that consists of one byte.
fn id(byte: u8) -> Id {
    Id([byte; 16])
}

fn bytes(bytes: &[u8]) -> Bytes {
    bytes.into()
}

#[test]
fn every_type_is_recorded() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let modules = [
        ("account", account::samples()),
        ("binary", binary::samples()),
        ("condition", condition::samples()),
        ("failure", failure::samples()),
        ("health", health::samples()),
        ("recovery", recovery::samples()),
        ("shares", shares::samples()),
        ("sign_in_methods", sign_in_methods::samples()),
        ("state", state::samples()),
        ("vault", vault::samples()),
        ("vault_login", vault_login::samples()),
    ];
    assert_complete(&sources, &modules);
}
