//! Everything these commands print.
#![expect(clippy::print_stdout, reason = "a command speaks on standard output")]

use std::{fmt::Display, io::Write};

use crate::run;

/// Prints a line.
pub(crate) fn line(words: impl Display) {
    run::above(|| {
        println!("{words}");
        // Children write to the same terminal: what was said before they start comes first.
        let _ = std::io::stdout().flush();
    });
}

/// Prints a line with an empty one above it.
pub(crate) fn heading(words: impl Display) {
    line(format_args!("\n{words}"));
}
