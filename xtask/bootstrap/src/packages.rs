//! The Rust packages that `Cargo.lock` names.

use std::{path::Path, process::Command};

use crate::{process, Outcome};

/// Makes sure that all packages are on this machine. If they are, the network is not used.
pub(crate) fn fetch(root: &Path) -> Outcome {
    if process::answer(fetching(root).arg("--offline")).is_ok() {
        return Ok(());
    }
    eprintln!("fetching Rust packages from crates.io");
    // By default cargo retries a missing network for longer than a user would wait.
    process::answer(fetching(root).env("CARGO_NET_RETRY", "1")).map(drop).map_err(|cause| explain(&cause))
}

/// Says what to do about cargo's last line.
fn explain(cause: &str) -> String {
    if cause.contains("lock file") {
        return "Cargo.lock does not fit the manifests. If you changed a dependency, run `cargo metadata` once to \
                update it, then repeat"
            .to_owned();
    }
    format!(
        "the Rust packages in Cargo.lock could not be fetched ({cause}). The first run needs a connection to crates.io: \
         connect this machine, then repeat"
    )
}

fn fetching(root: &Path) -> Command {
    let mut cargo = process::cargo(root);
    cargo.args(["fetch", "--locked", "--quiet"]);
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_lock_file_is_not_taken_for_a_missing_network() {
        let stale = explain(
            "help: to generate the lock file without accessing the network, remove the --locked flag",
        );
        assert!(stale.starts_with("Cargo.lock does not fit"), "{stale}");
        let offline = explain("[6] Could not resolve hostname");
        assert!(offline.contains("Could not resolve hostname") && offline.contains("crates.io"), "{offline}");
    }
}
