//! Node and npm, which run wasm-opt, compress the app and drive the browser tests. They are never
//! installed for you.

use std::process::Command;

use crate::{process, Outcome};

/// The oldest major version that the packages of the tests support.
const OLDEST: u32 = 20;

/// Fails when Node or npm is missing or too old.
pub(crate) fn check() -> Outcome {
    let found = process::answer(Command::new("node").arg("--version"));
    let is_new_enough = found.as_ref().map_or(false, |text| process::version(text) >= Some((OLDEST, 0)));
    if is_new_enough && process::on_path("npm").is_some() {
        return Ok(());
    }
    let this = match found {
        Ok(version) if is_new_enough => format!("Node {} is there, npm is not", version.trim()),
        Ok(version) => format!("this is {}", version.trim()),
        Err(_) => "there is none on PATH".to_owned(),
    };
    Err(format!(
        "Node {OLDEST} or later with npm is needed; {this}. Install it (https://nodejs.org), then repeat"
    ))
}
