//! What `tests/ATTACKS.md` says about tests with a defence switched off: which one, and what was
//! seen. The run with defences off writes what it saw into the cell.

/// The word for a test that fails without the defence, as it must.
const FAILS: &str = "fails";

/// A cell such as `signed-tree`, in backticks, and `: fails` behind it once that was seen. A dash
/// names no defence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Without<'a>(pub(super) &'a str);

impl<'a> Without<'a> {
    /// Returns the names of the defences, which are switched off together.
    pub(crate) fn defences(self) -> Vec<&'a str> {
        self.0.split('`').skip(1).step_by(2).collect()
    }

    /// Returns whether a run has seen the test fail without them.
    pub(crate) fn is_seen(self) -> bool {
        self.0.split_once(": ").is_some_and(|(_, seen)| seen == FAILS)
    }

    /// Returns the cell with what was seen.
    pub(super) fn with(self, fails: bool) -> String {
        let names = self.0.split(": ").next().unwrap_or_default();
        if fails { format!("{names}: {FAILS}") } else { names.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_names_defences_and_says_what_was_seen() {
        for (cell, defences, is_seen) in [
            ("—", &[][..], false),
            ("`signed-tree`", &["signed-tree"], false),
            ("`signed-tree`: fails", &["signed-tree"], true),
            ("`head-parent` and `head-history`: fails", &["head-parent", "head-history"], true),
        ] {
            let without = Without(cell);
            assert_eq!((without.defences().as_slice(), without.is_seen()), (defences, is_seen), "{cell}");
        }
    }
}
