//! The C compiler, which SQLite and parts of our build tools are compiled with.

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
};

use crate::Outcome;

/// The arguments that check the syntax of one line, which needs the C library's headers, and write
/// nothing.
const PROGRAM: &[u8] = b"#include <stdlib.h>\nint main(void) { return EXIT_SUCCESS; }\n";

/// Fails without a working C compiler. On Windows it comes with the linker that Rust needs there.
pub(crate) fn check() -> Outcome {
    if cfg!(windows) {
        return Ok(());
    }
    let name = env::var("CC").ok().filter(|name| !name.is_empty()).unwrap_or_else(|| "cc".to_owned());
    if works(&name) {
        return Ok(());
    }
    Err(format!(
        "a C compiler is needed, and `{name}` does not work. Install one (Debian and Ubuntu: sudo apt-get install \
         build-essential; macOS: xcode-select --install), then repeat"
    ))
}

/// `CC` may carry arguments, as in `ccache gcc`.
fn works(name: &str) -> bool {
    // A path may have a space in it.
    compiles(Command::new(name)) || with_arguments(name).map_or(false, compiles)
}

fn with_arguments(name: &str) -> Option<Command> {
    let mut words = name.split_whitespace();
    let mut command = Command::new(words.next()?);
    command.args(words);
    Some(command)
}

fn compiles(mut command: Command) -> bool {
    command.args(["-fsyntax-only", "-x", "c", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(_) => return false,
    };
    let written = child.stdin.take().map_or(false, |mut stdin| stdin.write_all(PROGRAM).is_ok());
    child.wait().map_or(false, |status| status.success()) && written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_compiler_is_tried_not_just_found() {
        assert!(works("cc"), "this program was linked with it");
        assert!(works("env cc"));
        assert!(!works("false"));
        assert!(!works("no-such-compiler-here"));
        assert!(!works(""));
    }
}
