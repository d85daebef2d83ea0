//! Runs the tests that carry out attacks in Chromium.

use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use super::libtest::Outcome as Ran;
use super::table::Test;
use crate::{failure::Outcome, files, run, workspace};

/// The folder of the browser tests, from the top of the clone.
const FOLDER: &str = "tests/browser";

/// Runs these tests with Playwright, which writes its report into a file, and calls `note` with
/// each and what became of it.
pub(super) fn run<'a>(
    mut playwright: Command,
    report: &Path,
    tests: &[Test<'a>],
    mut note: impl FnMut(Test<'a>, Ran),
) -> Outcome {
    if let Some(folder) = report.parent() {
        files::remove_dir(folder)?;
        files::make_dir(folder)?;
    }
    let files: BTreeSet<_> =
        tests.iter().filter_map(|test| Path::new(test.file).strip_prefix(FOLDER).ok()).collect();
    let titles: Vec<_> = tests.iter().map(|test| pattern(test.name)).collect();
    playwright.args(files).arg("--grep").arg(titles.join("|")).args(["--reporter", "list,json"]);
    playwright.env("PLAYWRIGHT_JSON_OUTPUT_NAME", report);
    // A failed test is in the report; without one, nothing has run.
    let done = run::run(&mut playwright, "playwright");
    let Ok(text) = files::read_text(report) else { return done };
    let report = workspace::parse_json(&text)?;
    for test in tests {
        note(*test, outcome(&report, test));
    }
    Ok(())
}

/// Returns what a report says of a test. Two tests of one title are told apart by their files. A
/// title with a `${value}` stands for several tests, all of which must have run.
fn outcome(report: &Value, test: &Test<'_>) -> Ran {
    let mut statuses = Vec::new();
    collect(report, test, &mut statuses);
    if statuses.iter().any(|status| !["expected", "skipped"].contains(status)) {
        Ran::Failed
    } else if statuses.is_empty() || statuses.contains(&"skipped") {
        Ran::NotRun
    } else {
        Ran::Passed
    }
}

/// Collects the statuses of a test in a suite and those inside it.
fn collect<'v>(suite: &'v Value, test: &Test<'_>, statuses: &mut Vec<&'v str>) {
    let list = |of: &'v Value, name: &str| of.get(name).and_then(Value::as_array).into_iter().flatten();
    for spec in list(suite, "specs") {
        let text = |name: &str| spec.get(name).and_then(Value::as_str).unwrap_or_default();
        if is_title(text("title"), test.name) && Path::new(test.file).ends_with(text("file")) {
            let tests = list(spec, "tests").filter_map(|test| test.get("status")?.as_str());
            statuses.extend(tests);
        }
    }
    for inner in list(suite, "suites") {
        collect(inner, test, statuses);
    }
}

/// Returns the pieces of a title between its `${value}`s.
fn pieces(title: &str) -> Vec<&str> {
    let mut pieces = title.split("${");
    let first = pieces.next();
    let rest = pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest));
    first.into_iter().chain(rest).collect()
}

/// Returns whether this is a title, in which `name` may leave values open.
fn is_title(title: &str, name: &str) -> bool {
    let pieces = pieces(name);
    let [first, middle @ .., last] = pieces.as_slice() else { return title == name };
    let Some(mut rest) = title.strip_prefix(first) else { return false };
    for piece in middle {
        let Some((_, after)) = rest.split_once(piece) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

/// Returns a regular expression of JavaScript for a title.
fn pattern(title: &str) -> String {
    let special = |letter: char| r"\^$.*+?()[]{}|/".contains(letter);
    let escape = |piece: &str| -> String {
        piece.chars().flat_map(|letter| special(letter).then_some('\\').into_iter().chain([letter])).collect()
    };
    pieces(title).into_iter().map(escape).collect::<Vec<_>>().join(".+")
}

#[cfg(test)]
mod tests {
    use super::super::seen::Without;
    use super::*;

    fn row<'a>(name: &'a str, file: &'a str) -> Test<'a> {
        Test { number: "T24", name, file, without: Without("—"), words: "—" }
    }

    #[test]
    fn a_report_says_what_became_of_a_test() {
        let spec = |title: &str, status: &str| serde_json::json!({"title": title, "file": "a.spec.ts", "tests": [{"status": status}]});
        let report = serde_json::json!({"suites": [{"specs": [spec("one", "expected")], "suites": [
            {"specs": [spec("two", "skipped"), spec("three", "unexpected"), spec("four", "flaky")]}]}]});
        for (name, file, expected) in [
            ("one", "tests/browser/a.spec.ts", Ran::Passed),
            ("one", "tests/browser/b.spec.ts", Ran::NotRun),
            ("two", "tests/browser/a.spec.ts", Ran::NotRun),
            ("three", "tests/browser/a.spec.ts", Ran::Failed),
            ("four", "tests/browser/a.spec.ts", Ran::Failed),
            ("five", "tests/browser/a.spec.ts", Ran::NotRun),
        ] {
            assert_eq!(outcome(&report, &row(name, file)), expected, "{name} {file}");
        }
    }

    #[test]
    fn a_title_may_leave_values_open() {
        assert_eq!(pattern("one (of 2) a/b, c"), r"one \(of 2\) a\/b, c");
        assert_eq!(pattern("byte ${JSON.stringify(at)} of ${name}."), r"byte .+ of .+\.");
        for (title, name, expected) in [
            ("one byte in the app is refused", "one byte in ${name} is refused", true),
            ("one byte in the app is taken", "one byte in ${name} is refused", false),
            ("one", "one", true),
            ("one more", "one", false),
            ("a 1 of b, c", "a ${n} of ${m}, c", true),
            ("a 1, c", "a ${n} of ${m}, c", false),
        ] {
            assert_eq!(is_title(title, name), expected, "{title}");
        }
        let test = |title: &str, status: &str| serde_json::json!({"title": title, "file": "a.spec.ts", "tests": [{"status": status}]});
        for (second, expected) in
            [("expected", Ran::Passed), ("skipped", Ran::NotRun), ("unexpected", Ran::Failed)]
        {
            let report = serde_json::json!({"specs": [test("byte 1", "expected"), test("byte 2", second)]});
            let row = row("byte ${n}", "tests/browser/a.spec.ts");
            assert_eq!(outcome(&report, &row), expected);
        }
    }
}
