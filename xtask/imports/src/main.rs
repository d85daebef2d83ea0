//! Finds import circles: production source files of one crate whose imports form a loop.
//!
//! `cargo xtask check` runs this program with the root of the workspace and the entry file
//! (`lib.rs` or `main.rs`) of every crate in the workspace. It fails if it finds a circle:
//!
//! ```text
//! crystallum-imports ROOT ENTRY...
//! ```
//!
//! # What counts as an arrow
//!
//! The nodes of the graph are files. Modules map to files by following the `mod` declarations from
//! the entry file; an inline module belongs to the file that it is written in. Items, files and
//! imports under `#[cfg(test)]` are left out.
//!
//! - A `mod` line is not an arrow. Neither is a module that a path merely passes through:
//!   `crate::a::b::f` is an arrow to the file of `b`, not to the file of `a`.
//! - A `use` is an arrow to the file that defines the name. A path in the code counts in the same
//!   way (`crate::a::f()`, `super::T`, and `child::f()` for a child module or an imported module),
//!   also inside macro calls, macro definitions and attributes.
//! - When the path reaches a name that a module itself imports or re-exports (`use b::f;` or
//!   `pub use b::f;` in `a`, reached as `a::f`), there is an arrow to the file of that module and
//!   also one to every file on the way to the definition.
//! - A path that ends in a module (`use crate::a;`, `use super::*;`) is an arrow to that module's
//!   file. When the last name is both a module and another item, it is an arrow to both, unless
//!   the code below the import uses it as a module (`use crate::a;` and then `a::f()`).
//! - A name that nothing in a module defines visibly, because a macro generates it, counts as
//!   defined in that module. Paths into other crates are not arrows. Visibility is ignored.
//!
//! So a child may use its parent's types as long as the parent has nothing but the `mod` line; a
//! parent that imports a function of its child, while the child imports a type of the parent, is a
//! circle.

mod circles;
mod line;
mod modules;
mod paths;
mod resolve;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use circles::Circle;
use modules::Crate;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [root, entries @ ..] = arguments.as_slice() else {
        eprintln!("error: usage: crystallum-imports ROOT ENTRY...");
        return ExitCode::FAILURE;
    };
    match find_circles(root, entries) {
        Ok(circles) if circles.is_empty() => ExitCode::SUCCESS,
        Ok(circles) => {
            for circle in circles {
                eprintln!("import circle:\n{circle}");
            }
            ExitCode::FAILURE
        }
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the circles of these crates.
fn find_circles(root: &Path, entries: &[PathBuf]) -> Result<Vec<Circle>, String> {
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.strip_prefix(root).unwrap_or(entry);
        let parsed = Crate::load(entry, |path| fs::read_to_string(root.join(path)).ok())?;
        found.extend(circles::find(&parsed));
    }
    Ok(found)
}
