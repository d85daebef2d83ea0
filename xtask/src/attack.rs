//! `attack`: carries out the attacks of `tests/ATTACKS.md` and says what became of each.

mod browser;
mod libtest;
mod limited;
pub(crate) mod native;
mod note;
mod report;
pub(crate) mod security;
pub(crate) mod seen;
pub(crate) mod table;
pub(crate) mod without;

use crate::{
    build,
    environment::{Environment, build_server},
    failure::{Failure, Outcome as Done},
    files, say,
    steps::Steps,
    workspace::Workspace,
};
use libtest::Outcome;
use native::Programs;
use report::{Row, Verdict};
use table::{Table, Test, is_wanted};

/// The options of the command.
pub(crate) struct Options {
    /// The numbers of the attacks, or none for all.
    pub(crate) numbers: Vec<String>,
    /// Also run the tests that need a browser.
    pub(crate) browser: bool,
    /// Instead, run the tests with defences switched off, and expect them to fail.
    pub(crate) without_defences: bool,
}

/// Runs the command.
pub(crate) fn attack(workspace: &Workspace, options: &Options) -> Done {
    let text = files::read_text(&workspace.path(table::FILE))?;
    let table = Table::read(&text)?;
    let is_known = |wanted: &&String| table.attacks.iter().any(|attack| attack.number == wanted.as_str());
    if let Some(unknown) = options.numbers.iter().find(|wanted| !is_known(wanted)) {
        return Err(Failure::new(format!(
            "there is no attack {unknown}: they are T01 to T{}",
            table::ATTACKS
        )));
    }
    if options.without_defences {
        return without::attack(workspace, &text, &options.numbers);
    }
    security::write(workspace, &table)?;
    let numbers: Vec<_> = options.numbers.iter().map(String::as_str).collect();
    let mut tests: Vec<Test<'_>> =
        table.tests.iter().copied().filter(|test| is_wanted(&numbers, test.number)).collect();
    // A test may carry out several attacks, and runs once.
    tests.sort_by_key(|test| (test.file, test.name));
    tests.dedup_by_key(|test| (test.file, test.name));
    let outcomes = carry_out(workspace, &tests, options.browser)?;

    let mut rows = Vec::new();
    for attack in table.attacks.iter().filter(|attack| is_wanted(&numbers, attack.number)) {
        let tests = table.tests_of(attack.number).map(|test| {
            let ran = outcomes.iter().find(|(ran, _)| (ran.file, ran.name) == (test.file, test.name));
            (test, ran.map_or(Outcome::NotRun, |(_, outcome)| *outcome))
        });
        rows.push(Row::new(attack, tests.collect(), options.browser));
    }
    judge(&rows)
}

/// Builds what the tests need, runs them, and returns what became of each that was run.
fn carry_out<'a>(workspace: &Workspace, tests: &[Test<'a>], browser: bool) -> Done<Vec<(Test<'a>, Outcome)>> {
    let (in_browser, native): (Vec<_>, Vec<_>) = tests.iter().copied().partition(Test::is_in_browser);
    let in_browser = if browser { in_browser } else { Vec::new() };
    let programs = Programs::find(workspace, native.iter().copied())?;
    let mut outcomes = Vec::new();
    let mut steps = Steps::new(3 + if in_browser.is_empty() { 0 } else { 2 });
    let environment = Environment::usual(workspace);
    let server = steps.run("the server", || build_server(workspace));
    let built = steps.run("the tests", || programs.build());
    steps.run_with(
        "attacks on the server and on the engine",
        server.as_ref().zip(built),
        |(server, built)| {
            programs.run(
                &built,
                |command| environment.apply(command, server),
                |test, outcome| outcomes.push((test, outcome)),
            )
        },
    );
    if !in_browser.is_empty() {
        let app = steps.run("the app", || build::build_app(workspace));
        steps.run_with("attacks on the app in Chromium", app.and(server.as_ref()), |server| {
            let playwright = environment.chromium(server)?;
            let report = workspace.target.join("attack").join("browser.json");
            browser::run(playwright, &report, &in_browser, |test, outcome| outcomes.push((test, outcome)))
        });
    }
    steps.finish()?;
    Ok(outcomes)
}

/// Prints what became of the attacks. Fails if one is not held, or if a test has not run.
fn judge(rows: &[Row<'_>]) -> Done {
    for row in rows {
        say::line("");
        row.lines().iter().for_each(say::line);
    }
    say::heading(report::summary(rows));
    let names = |is: &dyn Fn(&Row<'_>) -> bool| {
        rows.iter().filter(|row| is(row)).map(Row::number).collect::<Vec<_>>().join(", ")
    };
    let not_held = names(&|row| row.verdict() == Verdict::NotHeld);
    let incomplete = names(&|row| row.is_incomplete());
    match (not_held.as_str(), incomplete.as_str()) {
        ("", "") => Ok(()),
        ("", incomplete) => Err(Failure::new(format!("tests of these attacks did not run: {incomplete}"))),
        (not_held, _) => Err(Failure::new(format!("these attacks are not held: {not_held}"))),
    }
}
