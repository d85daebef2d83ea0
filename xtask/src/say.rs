//! Prints everything that these commands print themselves.
#![expect(clippy::print_stdout, reason = "a command prints to standard output")]

use std::{fmt::Display, io::Write};

use crate::run;

/// Prints a line.
pub(crate) fn line(text: impl Display) {
    run::print_above_status(|| {
        println!("{text}");
        // Child processes write to the same terminal; this must come before their output.
        let _ = std::io::stdout().flush();
    });
}

/// Prints a line with an empty one above it.
pub(crate) fn heading(text: impl Display) {
    line(format_args!("\n{text}"));
}
