//! The requirements of each command.

use std::ffi::OsString;

/// What must be installed before a command starts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Rust's target for the browser, a C compiler and the packages in `Cargo.lock`.
    pub(crate) wasm: bool,
    /// The same, and the formatter and the linter.
    pub(crate) components: bool,
    /// Node and npm.
    pub(crate) node: bool,
}

impl Needs {
    const NOTHING: Self = Self { wasm: false, components: false, node: false };
    const BUILD: Self = Self { wasm: true, components: false, node: true };
    const CHECK: Self = Self { wasm: true, components: true, node: false };
    const ALL: Self = Self { wasm: true, components: true, node: true };

    /// Returns whether the command has no requirements.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::NOTHING
    }

    /// Reads the command. Help needs nothing, and neither does the step that Trunk calls within a
    /// build.
    pub(crate) fn of(arguments: &[OsString]) -> Self {
        let command = arguments.first().and_then(|command| command.to_str());
        let explains = arguments.iter().any(|argument| argument == "--help" || argument == "-h");
        match command {
            _ if explains => Self::NOTHING,
            Some("serve" | "build") => Self::BUILD,
            Some("check") => Self::CHECK,
            Some("test" | "setup" | "bench") => Self::ALL,
            _ => Self::NOTHING,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arguments: &[&str]) -> Needs {
        Needs::of(&arguments.iter().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn a_build_needs_no_linter_and_a_check_no_node() {
        assert_eq!(of(&["serve", "--port", "9000"]), Needs::BUILD);
        assert_eq!(of(&["check"]), Needs::CHECK);
        assert_eq!(of(&["test", "--deep"]), Needs::ALL);
    }

    #[test]
    fn explanations_need_nothing() {
        for arguments in [&[][..], &["help", "serve"], &["serve", "--help"], &["finish"], &["serv"]] {
            assert_eq!(of(arguments), Needs::NOTHING, "{arguments:?}");
        }
    }
}
