//! The table of attacks in `SECURITY.md`, which follows from `tests/ATTACKS.md` alone.

use super::table::{Answer, Attack, Open, Table, Test};
use crate::{
    failure::{Failure, Outcome},
    files,
    workspace::Workspace,
};

/// The file, from the top of the clone.
const FILE: &str = "SECURITY.md";
/// The lines between which the table is.
const BEGIN: &str = "<!-- begin of the attacks: `cargo xtask attack` writes this from tests/ATTACKS.md -->";
const END: &str = "<!-- end of the attacks -->";

/// Writes the table into the file, unless it is there.
pub(super) fn write(workspace: &Workspace, table: &Table<'_>) -> Outcome {
    let path = workspace.path(FILE);
    let text = files::read_text(&path)?;
    let new = with_table(&text, table)?;
    if new == text { Ok(()) } else { files::write(&path, new) }
}

/// Fails if the file has another table.
pub(crate) fn check(workspace: &Workspace, table: &Table<'_>) -> Outcome {
    let text = files::read_text(&workspace.path(FILE))?;
    if with_table(&text, table)? == text {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{FILE} has another table than {}. Run: cargo xtask attack",
        super::table::FILE
    )))
}

/// Returns the text of the file with this table in the place of the one that it has.
fn with_table(text: &str, table: &Table<'_>) -> Outcome<String> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) =
        parts.ok_or_else(|| Failure::new(format!("{FILE} must have the lines {BEGIN} and {END}")))?;
    Ok(format!("{before}{BEGIN}\n\n{}\n{END}{after}", section(table)))
}

/// Returns what is between the two lines.
fn section(table: &Table<'_>) -> String {
    let count =
        |is: fn(&Answer<'_>) -> bool| table.attacks.iter().filter(|attack| is(&attack.answer)).count();
    let mut text = format!(
        "{} of {} attacks are carried out by tests, and held. {} attack what does not exist yet, {} have no test yet, and {} nobody can prevent.\n\n",
        count(|answer| matches!(answer, Answer::Does(_))),
        table.attacks.len(),
        count(|answer| matches!(answer, Answer::Open(Open::Inapplicable, _))),
        count(|answer| matches!(answer, Answer::Open(Open::Untested, _))),
        count(|answer| matches!(answer, Answer::Open(Open::Unclaimed, _))),
    );
    let ran_without = |attack: &&Attack<'_>| table.tests_of(attack.number).any(|test| test.without.is_seen());
    text.push_str(&format!(
        "For {} of them, tests were also run with a defence of the app switched off. They failed, as they must: a test that passes without the defence shows nothing. The last column has the names of these defences, which [a list](crypto-wasm/format/src/defence.rs) explains; *by hand* means that one was taken out of the code for a moment.\n\n",
        table.attacks.iter().filter(ran_without).count(),
    ));
    text.push_str(
        "| attack | published as | the attacker | Crystallum | result | tests fail without |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for attack in &table.attacks {
        text.push_str(&row(table, attack));
    }
    text
}

fn row(table: &Table<'_>, attack: &Attack<'_>) -> String {
    let Attack { number, published, attempt, answer } = attack;
    let (words, result) = match answer {
        Answer::Open(open, why) => (*why, open.words().to_owned()),
        Answer::Does(does) => {
            let tests: Vec<_> = table.tests_of(number).collect();
            let browser = tests.iter().filter(|test| test.is_in_browser()).count();
            (*does, format!("held: {}", counted(tests.len() - browser, browser)))
        }
    };
    let published = if published.is_empty() { String::new() } else { format!(" {published}") };
    let tests: Vec<_> = table.tests_of(number).collect();
    let without = without(&tests).map(|words| format!(" {words}")).unwrap_or_default();
    format!("| {number} |{published} | {attempt} | {words} | {result} |{without} |\n")
}

/// Says without which defences tests were seen to fail, in the order of the tests.
fn without(tests: &[Test<'_>]) -> Option<String> {
    let mut sets: Vec<String> = Vec::new();
    for test in tests.iter().filter(|test| test.without.is_seen()) {
        let set = test.without.defences().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>();
        let set = set.join(" and ");
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    let by_hand = |test: &Test<'_>| !test.without.is_seen() && !test.words.starts_with('—');
    match sets.as_slice() {
        [] if tests.iter().any(by_hand) => Some("by hand".to_owned()),
        [] => None,
        sets => Some(sets.join("; ")),
    }
}

/// Says how many tests there are.
fn counted(native: usize, browser: usize) -> String {
    let tests = |count: usize| if count == 1 { "1 test".to_owned() } else { format!("{count} tests") };
    match (native, browser) {
        (native, 0) => tests(native),
        (0, browser) => format!("{} in Chromium", tests(browser)),
        (native, browser) => format!("{}, {browser} in Chromium", tests(native)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attack::table::tests::file;

    #[test]
    fn the_table_replaces_the_one_that_is_there() {
        let answers = [("T10", "refuses it"), ("T24", "stops"), ("T42", "Not claimed: nobody could")];
        let tests = [
            ("T10", "a_test without `signed-tree`: fails", "tests/a.rs"),
            ("T10", "another without `head-parent` and `head-history`: fails", "tests/a.rs"),
            ("T10", "a_third without `signed-tree`: fails", "tests/a.rs"),
            ("T24", "a_test without `head-front`", "tests/a.rs"),
            ("T24", "title", "tests/browser/a.spec.ts"),
        ];
        let text = file(&answers, &tests);
        let table = Table::read(&text).unwrap();
        let old = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let new = with_table(&old, &table).unwrap();
        assert!(new.starts_with("before\n") && new.ends_with("\nafter\n") && !new.contains("old"), "{new}");
        let off = "`signed-tree`; `head-parent` and `head-history`";
        assert!(
            new.contains(&format!("| T10 | | something | refuses it | held: 3 tests | {off} |")),
            "{new}"
        );
        // Nobody has seen the other one fail.
        assert!(new.contains("| stops | held: 1 test, 1 in Chromium | |"), "{new}");
        assert!(new.contains("| nobody could | not claimed | |"), "{new}");
        assert!(new.contains("For 1 of them"), "{new}");
        assert!(new.contains("2 of 76 attacks are carried out"), "{new}");
        assert_eq!(with_table(&new, &table).unwrap(), new);
        assert!(with_table("no such lines", &table).is_err());
    }
}
