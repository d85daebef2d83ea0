//! Reads `rust-toolchain.toml`, which alone decides with which Rust this project is built.

use std::path::Path;

use crate::Outcome;

/// What the file asks for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The version of Rust, such as `1.95.0`.
    pub(crate) channel: String,
    /// Components in addition to the compiler, such as `clippy`.
    pub(crate) components: Vec<String>,
    /// Targets in addition to this machine's own.
    pub(crate) targets: Vec<String>,
}

/// Reads the file in this folder.
pub(crate) fn read(root: &Path) -> Outcome<Wanted> {
    let path = root.join("rust-toolchain.toml");
    let text =
        std::fs::read_to_string(&path).map_err(|cause| format!("cannot read {}: {cause}", path.display()))?;
    parse(&text).ok_or_else(|| format!("{} names no channel, components and targets", path.display()))
}

/// Reads the three keys that are used, each on one line with strings in double quotes.
fn parse(text: &str) -> Option<Wanted> {
    let value = |key: &str| {
        text.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == key).then(|| texts(value))
        })
    };
    let channel = value("channel")?.into_iter().next()?;
    Some(Wanted { channel, components: value("components")?, targets: value("targets")? })
}

fn texts(value: &str) -> Vec<String> {
    value.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_file_is_read() {
        let wanted = read(&crate::root()).unwrap();
        assert!(crate::process::version(&wanted.channel).is_some(), "{wanted:?}");
        assert_eq!(wanted.components, ["rustfmt", "clippy"]);
        assert_eq!(wanted.targets, ["wasm32-unknown-unknown"]);
    }

    #[test]
    fn a_file_without_the_keys_is_refused() {
        assert_eq!(parse("[toolchain]\nchannel = \"1.95.0\"\n"), None);
        assert_eq!(parse(""), None);
    }
}
