//! `attack --without-defences`: runs the tests of attacks with a defence of the client switched
//! off, and expects them to fail.
//!
//! Each test must pass first with everything in place, so that one which is broken in another way
//! shows nothing. The server keeps its defences: tests start it with an empty environment.

use std::{collections::BTreeMap, path::Path, time::Duration};

use super::libtest::Outcome as Ran;
use super::native::{Built, Programs};
use super::note;
use super::security;
use super::table::{self, Table, Test, is_wanted};
use crate::{
    environment::{Environment, build_server},
    failure::{Failure, Outcome as Done},
    files, say,
    steps::Steps,
    switches,
    workspace::Workspace,
};

/// The attacks of the run that every `cargo xtask test` contains.
pub(crate) const QUICK: [&str; 3] = ["T18", "T19", "T58"];
/// How long a test program may take.
const LIMIT: Duration = Duration::from_secs(300);

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Fails,
    /// It passes, so it shows nothing about the defence.
    Passes,
    DidNotEnd,
    NotRun,
}

impl Seen {
    const fn words(self) -> &'static str {
        match self {
            Self::Fails => "fails, as it must",
            Self::Passes => "PASSES",
            Self::DidNotEnd => "DID NOT END",
            Self::NotRun => "not run",
        }
    }
}

/// Runs the command, and writes what was seen into `tests/ATTACKS.md` and `SECURITY.md`.
pub(super) fn attack(workspace: &Workspace, text: &str, numbers: &[String]) -> Done {
    let table = Table::read(text)?;
    let mut steps = Steps::new(2);
    let server = steps.run("the server", || build_server(workspace));
    let numbers: Vec<_> = numbers.iter().map(String::as_str).collect();
    let seen = steps.run_with("attacks without defences", server, |server| {
        carry_out(workspace, &table, &numbers, &Environment::usual(workspace), &server)
    });
    steps.finish()?;
    let seen = seen.unwrap_or_default();
    let fails: Vec<_> = seen.iter().map(|(test, seen)| (*test, *seen == Seen::Fails)).collect();
    let noted = note::noted(text, &fails);
    if noted != text {
        files::write(&workspace.path(table::FILE), &noted)?;
    }
    security::write(workspace, &Table::read(&noted)?)?;
    judge(&seen)
}

/// Runs a few of the tests as a part of a longer run, and writes nothing.
pub(crate) fn check(
    workspace: &Workspace,
    numbers: &[&str],
    environment: &Environment<'_>,
    server: &Path,
) -> Done {
    let text = files::read_text(&workspace.path(table::FILE))?;
    judge(&carry_out(workspace, &Table::read(&text)?, numbers, environment, server)?)
}

fn carry_out<'a>(
    workspace: &Workspace,
    table: &Table<'a>,
    numbers: &[&str],
    environment: &Environment<'_>,
    server: &Path,
) -> Done<Vec<(Test<'a>, Seen)>> {
    let is_row = |test: &&Test<'_>| is_wanted(numbers, test.number) && !test.without.defences().is_empty();
    let rows: Vec<Test<'a>> = table.tests.iter().filter(is_row).copied().collect();
    if rows.is_empty() {
        return Err(Failure::new(format!("{} names no defence for these attacks", table::FILE)));
    }
    let mut tests = rows.clone();
    tests.sort_by_key(|test| (test.file, test.name));
    tests.dedup_by_key(|test| (test.file, test.name));
    let programs = Programs::find(workspace, tests.iter().copied())?;
    let built = programs.build()?;

    let mut broken = Vec::new();
    let mut log = String::new();
    let mut with_all = Run { environment, server, off: "", log: &mut log };
    with_all.run(&programs, &built, &tests, |test, seen| {
        if seen != Seen::Passes {
            broken.push(format!("{} in {}: {}", test.name, test.file, seen.words()));
        }
    })?;
    if !broken.is_empty() {
        return Err(Failure::new(format!(
            "with all defences, these tests do not pass:\n{}",
            broken.join("\n")
        )));
    }

    let mut sets: BTreeMap<String, Vec<Test<'a>>> = BTreeMap::new();
    for row in &rows {
        let tests = sets.entry(row.without.defences().join(",")).or_default();
        if !tests.iter().any(|test| (test.file, test.name) == (row.file, row.name)) {
            tests.push(*row);
        }
    }
    let mut seen = Vec::new();
    for (off, tests) in &sets {
        Run { environment, server, off, log: &mut log }.run(&programs, &built, tests, |ran, what| {
            let same = rows.iter().filter(|row| {
                (row.file, row.name, row.without.defences().join(",")) == (ran.file, ran.name, off.clone())
            });
            seen.extend(same.map(|row| (*row, what)));
        })?;
    }
    let path = workspace.target.join("attack").join("without-defences.log");
    path.parent().map_or(Ok(()), files::make_dir)?;
    files::write(&path, &log)?;
    say::line(format_args!("what the tests said: {}", path.display()));
    seen.sort_by_key(|(test, _)| (test.number, test.file, test.name));
    Ok(seen)
}

/// One pass through test programs.
struct Run<'r> {
    environment: &'r Environment<'r>,
    server: &'r Path,
    /// The defences that are off, with commas between them.
    off: &'r str,
    /// What the tests say.
    log: &'r mut String,
}

impl Run<'_> {
    fn run<'a>(
        &mut self,
        programs: &Programs<'a>,
        built: &Built,
        tests: &[Test<'a>],
        mut note: impl FnMut(Test<'a>, Seen),
    ) -> Done {
        let Self { environment, server, off, .. } = *self;
        self.log.push_str(&format!("\n==== off: {off}\n"));
        programs.run_exactly(
            built,
            tests,
            LIMIT,
            |command| {
                environment.apply(command, server);
                command.env(switches::VARIABLE, off).env("RUST_BACKTRACE", "0");
            },
            self.log,
            |test, ran, ended| {
                note(
                    test,
                    match ran {
                        Ran::Failed => Seen::Fails,
                        Ran::Passed => Seen::Passes,
                        Ran::NotRun if !ended => Seen::DidNotEnd,
                        Ran::NotRun => Seen::NotRun,
                    },
                );
            },
        )
    }
}

/// Prints what was seen. Fails if a test did not fail.
fn judge(seen: &[(Test<'_>, Seen)]) -> Done {
    for (test, what) in seen {
        let off = test.without.defences().join(" and ");
        say::line(format_args!("{:<4} {off:<28} off: {:<18} {}", test.number, what.words(), test.name));
    }
    let others: Vec<_> = seen.iter().filter(|(_, what)| *what != Seen::Fails).collect();
    say::heading(format_args!(
        "{} of {} tests fail without the defence",
        seen.len() - others.len(),
        seen.len()
    ));
    if others.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = others.iter().map(|(test, _)| format!("{} {}", test.number, test.name)).collect();
    Err(Failure::new(format!("these tests do not fail without the defence: {}", names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_passes_without_the_defence_is_an_error() {
        let row = Test::read("| T10 | `a_test` | `tests/a.rs` | `signed-tree` | — |").expect("a row");
        assert_eq!(judge(&[(row, Seen::Fails)]), Ok(()));
        for seen in [Seen::Passes, Seen::DidNotEnd, Seen::NotRun] {
            let failure = judge(&[(row, Seen::Fails), (row, seen)]).expect_err("one did not fail");
            assert!(failure.0.ends_with("T10 a_test"), "{failure}");
        }
    }
}
