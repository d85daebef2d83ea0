//! Runs named steps: prints each before it starts, its failure when it happens, and a summary at
//! the end.

use std::time::{Duration, Instant};

use crate::{
    failure::{Failure, Outcome},
    say,
};

/// The steps of one command.
pub(crate) struct Steps {
    total: usize,
    done: Vec<Done>,
}

struct Done {
    name: String,
    took: Duration,
    failure: Option<Failure>,
}

impl Steps {
    /// Prepares a run of `total` steps.
    pub(crate) const fn new(total: usize) -> Self {
        Self { total, done: Vec::new() }
    }

    /// Runs one step. After a failure the later steps still run.
    pub(crate) fn run<T>(&mut self, name: &str, step: impl FnOnce() -> Outcome<T>) -> Option<T> {
        say::heading(format_args!("[{}/{}] {name}", self.done.len() + 1, self.total));
        let start = Instant::now();
        let (value, failure) = match step() {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(failure)),
        };
        if let Some(failure) = &failure {
            say::line(format_args!("FAILED {name}: {failure}"));
        }
        self.done.push(Done { name: name.to_owned(), took: start.elapsed(), failure });
        value
    }

    /// Runs a step that needs the result of an earlier one, and fails when there is none.
    pub(crate) fn run_with<T, N>(
        &mut self,
        name: &str,
        needed: Option<N>,
        step: impl FnOnce(N) -> Outcome<T>,
    ) -> Option<T> {
        self.run(name, || {
            let needed = needed.ok_or_else(|| Failure::new("not run, since a step that it needs failed"))?;
            step(needed)
        })
    }

    /// Prints the summary; fails when a step failed.
    pub(crate) fn finish(self) -> Outcome {
        say::heading("Summary");
        for done in &self.done {
            let word = if done.failure.is_some() { "FAILED" } else { "ok" };
            say::line(format_args!("  {word:<6} {:>6.1} s  {}", done.took.as_secs_f64(), done.name));
        }
        let all: Duration = self.done.iter().map(|done| done.took).sum();
        say::line(format_args!("  together {:.1} s", all.as_secs_f64()));
        let failed = self.done.iter().filter(|done| done.failure.is_some()).count();
        say::heading(format_args!("{} passed, {failed} failed", self.done.len() - failed));
        if failed == 0 {
            Ok(())
        } else {
            Err(Failure::new(format!("{failed} of {} steps failed", self.done.len())))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_kept_and_later_steps_still_run() {
        let mut steps = Steps::new(3);
        let first = steps.run("first", || Err::<u8, _>(Failure::new("broken")));
        assert_eq!(first, None);
        assert_eq!(steps.run("second", || Ok(2)), Some(2));
        assert_eq!(steps.run_with("third", first, |_| Ok(3)), None);
        assert_eq!(steps.finish(), Err(Failure::new("2 of 3 steps failed")));
    }

    #[test]
    fn steps_that_pass_pass() {
        let mut steps = Steps::new(2);
        let one = steps.run("one", || Ok(1));
        assert_eq!(steps.run_with("two", one, |one| Ok(one + 1)), Some(2));
        assert_eq!(steps.finish(), Ok(()));
    }
}
