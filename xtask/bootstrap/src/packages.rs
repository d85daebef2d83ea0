//! The Rust packages that `Cargo.lock` names.

use std::{path::Path, process::Command};

use crate::{process, Outcome};

/// Makes sure that all packages are on this machine. If they are, the network is not used.
pub(crate) fn fetch(root: &Path) -> Outcome {
    if process::answer(fetching(root).arg("--offline")).is_ok() {
        return Ok(());
    }
    eprintln!("fetching Rust packages from crates.io");
    // By default cargo retries a missing network for longer than a person would wait.
    process::answer(fetching(root).env("CARGO_NET_RETRY", "1")).map(drop).map_err(|cause| {
        format!(
            "the Rust packages in Cargo.lock could not be fetched ({cause}). The first run needs a connection to crates.io: \
             connect this machine, then repeat"
        )
    })
}

fn fetching(root: &Path) -> Command {
    let mut cargo = process::cargo(root);
    cargo.args(["fetch", "--locked", "--quiet"]);
    cargo
}
