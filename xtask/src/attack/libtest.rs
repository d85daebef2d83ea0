//! Reads what a test program of Rust's standard harness prints. Only the plain lines are stable.

use std::collections::HashMap;

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// It was ignored or filtered out, is not there, or nobody knows.
    NotRun,
}

/// What a test program printed of each test.
pub(super) struct Results {
    by_path: HashMap<String, Outcome>,
    /// Whether the program came to its end and counted as many as it named.
    complete: bool,
}

impl Results {
    /// Reads the standard output of a test program.
    ///
    /// The names come between `running ... tests` and `failures:` or `test result:`. What a failed
    /// test printed comes later, so it is taken for nothing else, whatever it says.
    pub(super) fn read(output: &str) -> Self {
        let mut by_path: HashMap<String, Outcome> = HashMap::new();
        let mut counted = [0; 3];
        let begin = |line: &&str| !(line.starts_with("running ") && line.contains(" test"));
        let mut lines = output.lines().skip_while(begin).peekable();
        while let Some(line) = lines.next_if(|line| *line != "failures:" && summary(line).is_none()) {
            if let Some((path, outcome)) = result(line) {
                counted[place(outcome)] += 1;
                // Whatever is named twice is not known.
                let twice = by_path.insert(path.to_owned(), outcome).is_some();
                if twice {
                    by_path.insert(path.to_owned(), Outcome::NotRun);
                }
            }
        }
        let complete = lines.filter_map(summary).last() == Some(counted);
        Self { by_path, complete }
    }

    /// Returns what became of the test of this name in a module or in one inside it.
    pub(super) fn of(&self, module: &str, name: &str) -> Outcome {
        let is_it = |path: &str| {
            let (inside, last) = path.rsplit_once("::").unwrap_or(("", path));
            let rest = inside.strip_prefix(module);
            last == name
                && rest.is_some_and(|rest| module.is_empty() || rest.is_empty() || rest.starts_with("::"))
        };
        let mut found = self.by_path.iter().filter(|(path, _)| is_it(path)).map(|(_, outcome)| *outcome);
        match (found.next(), found.next()) {
            (Some(Outcome::Failed), None) => Outcome::Failed,
            (Some(outcome), None) if self.complete => outcome,
            _ => Outcome::NotRun,
        }
    }
}

/// Reads a line `test path ... ok`.
fn result(line: &str) -> Option<(&str, Outcome)> {
    let (path, word) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let path = path.strip_suffix(" - should panic").unwrap_or(path);
    match word {
        "ok" => Some((path, Outcome::Passed)),
        "FAILED" => Some((path, Outcome::Failed)),
        ignored if ignored == "ignored" || ignored.starts_with("ignored, ") => Some((path, Outcome::NotRun)),
        _ => None,
    }
}

/// Reads the numbers of passed, failed and ignored tests from the last line.
fn summary(line: &str) -> Option<[usize; 3]> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts
        .split("; ")
        .zip(["passed", "failed", "ignored"])
        .map(|(count, word)| count.strip_suffix(word)?.trim().parse().ok());
    Some([counts.next()??, counts.next()??, counts.next()??])
}

/// Returns the place of an outcome among the numbers of the last line.
const fn place(outcome: Outcome) -> usize {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Failed => 1,
        Outcome::NotRun => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSED: &str = "
running 4 tests
test seal::tests::one_blob_has_one_key ... ok
test seal::tests::deep ... ignored
test seal::tests::slow ... ignored, only in the longer run
test seal::tests::refuses - should panic ... ok

test result: ok. 2 passed; 0 failed; 2 ignored; 0 measured; 70 filtered out; finished in 0.02s

";

    const FAILED: &str = "
running 3 tests
test an_older_state_is_a_rollback ... FAILED
test two_histories_of_one_vault_are_a_fork ... ok
test withheld ... ok

failures:

---- an_older_state_is_a_rollback stdout ----
test an_older_state_is_a_rollback ... ok
running 1 test
test never_ran ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

thread 'an_older_state_is_a_rollback' (27) panicked at tests/system/tests/hostile.rs:250:5:
assertion `left == right` failed
  left: []
 right: [Rollback]

failures:
    an_older_state_is_a_rollback

test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.10s

";

    #[test]
    fn what_ran_is_told_from_what_did_not() {
        let results = Results::read(PASSED);
        for (module, name, outcome) in [
            ("seal", "one_blob_has_one_key", Outcome::Passed),
            ("seal::tests", "one_blob_has_one_key", Outcome::Passed),
            ("", "one_blob_has_one_key", Outcome::Passed),
            ("seal", "refuses", Outcome::Passed),
            ("seal", "deep", Outcome::NotRun),
            ("seal", "slow", Outcome::NotRun),
            ("seal", "filtered_out", Outcome::NotRun),
            ("sea", "one_blob_has_one_key", Outcome::NotRun),
            ("keyslot", "one_blob_has_one_key", Outcome::NotRun),
            ("seal", "one_blob", Outcome::NotRun),
        ] {
            assert_eq!(results.of(module, name), outcome, "{module} {name}");
        }
        let none = Results::read(
            "\nrunning 0 tests\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured\n",
        );
        assert_eq!(none.of("", "one_blob_has_one_key"), Outcome::NotRun);
    }

    #[test]
    fn what_a_failed_test_prints_is_no_result() {
        let results = Results::read(FAILED);
        assert_eq!(results.of("", "an_older_state_is_a_rollback"), Outcome::Failed);
        assert_eq!(results.of("", "never_ran"), Outcome::NotRun);
        assert_eq!(results.of("", "withheld"), Outcome::Passed);
        // Its word does not count for more than what the program says last.
        let (printed, _) = FAILED.rsplit_once("\ntest result").unwrap();
        assert_eq!(Results::read(printed).of("", "withheld"), Outcome::NotRun);
    }

    #[test]
    fn a_program_that_ends_early_has_shown_nothing() {
        let cut = PASSED.split("\ntest result").next().unwrap();
        assert_eq!(Results::read(cut).of("seal", "one_blob_has_one_key"), Outcome::NotRun);
        let cut = FAILED.split("\nfailures:").next().unwrap();
        assert_eq!(Results::read(cut).of("", "an_older_state_is_a_rollback"), Outcome::Failed);
        let more = PASSED.replace("2 passed", "3 passed");
        assert_eq!(Results::read(&more).of("seal", "one_blob_has_one_key"), Outcome::NotRun);
        let twice = PASSED.replace("tests::refuses - should panic", "tests::one_blob_has_one_key");
        assert_eq!(Results::read(&twice).of("seal", "one_blob_has_one_key"), Outcome::NotRun);
    }
}
