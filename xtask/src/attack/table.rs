//! `tests/ATTACKS.md`: what a hostile server may try, and the tests that try it.

use super::seen::Without;
use crate::failure::{Failure, Outcome};

/// The file, from the top of the clone.
pub(crate) const FILE: &str = "tests/ATTACKS.md";
/// How many attacks there are: T01 to this one.
pub(crate) const ATTACKS: usize = 76;

/// The contents of the file.
pub(crate) struct Table<'a> {
    /// All attacks, in the order of their numbers.
    pub(crate) attacks: Vec<Attack<'a>>,
    /// The tests, each with the number of one attack that it carries out.
    pub(crate) tests: Vec<Test<'a>>,
}

/// A row that describes an attack.
pub(crate) struct Attack<'a> {
    pub(crate) number: &'a str,
    /// The numbers under which others have published such attacks, or nothing.
    pub(crate) published: &'a str,
    /// What the attacker tries.
    pub(crate) attempt: &'a str,
    /// What Crystallum does, or why that is not said.
    pub(crate) answer: Answer<'a>,
}

/// The last cell of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer<'a> {
    /// What Crystallum does. Tests show it.
    Does(&'a str),
    /// Nothing is shown, for a reason.
    Open(Open, &'a str),
}

/// Why no test shows that an attack fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// What it attacks does not exist yet.
    Inapplicable,
    /// Nobody has written a test yet.
    Untested,
    /// No page and no server could prevent it.
    Unclaimed,
}

/// A row that names a test.
#[derive(Clone, Copy)]
pub(crate) struct Test<'a> {
    pub(crate) number: &'a str,
    /// The name of a function, or the title of a browser test.
    pub(crate) name: &'a str,
    pub(crate) file: &'a str,
    /// The defences without which it fails.
    pub(crate) without: Without<'a>,
    /// What happened when a defence was taken out.
    pub(crate) words: &'a str,
}

impl Open {
    const ALL: [Self; 3] = [Self::Inapplicable, Self::Untested, Self::Unclaimed];

    /// Returns the words for it, with which the cell begins.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Inapplicable => "not applicable yet",
            Self::Untested => "not tested yet",
            Self::Unclaimed => "not claimed",
        }
    }
}

impl<'a> Answer<'a> {
    /// Reads a cell, which begins `Not tested yet:` or like that if it is open.
    fn read(cell: &'a str) -> Self {
        let open = cell.split_once(": ").and_then(|(words, why)| {
            let open = Open::ALL.into_iter().find(|open| open.words().eq_ignore_ascii_case(words))?;
            Some(Self::Open(open, why))
        });
        open.unwrap_or(Self::Does(cell))
    }
}

impl<'a> Attack<'a> {
    /// Reads a line `| T10 | BW06 | the server tries | Crystallum does |`.
    fn read(line: &'a str) -> Option<Self> {
        let [number, published, attempt, answer] = *cells(line)? else { return None };
        let is_test = attempt.starts_with('`');
        let answer = Answer::read(answer);
        (is_number(number) && !is_test).then_some(Self { number, published, attempt, answer })
    }
}

impl<'a> Test<'a> {
    /// Reads a line `| T10 | test | file | defences | words |`, with test and file in backticks.
    pub(crate) fn read(line: &'a str) -> Option<Self> {
        let cells = cells(line)?;
        let [number, name, file, defences, words] = *cells else { return None };
        let name = name.strip_prefix('`')?.strip_suffix('`')?;
        let file = file.strip_prefix('`')?.strip_suffix('`')?;
        is_number(number).then_some(Self { number, name, file, without: Without(defences), words })
    }

    /// Returns whether this is the same test of the same attack.
    pub(crate) fn is_same_row(&self, other: &Test<'_>) -> bool {
        (self.number, self.name, self.file) == (other.number, other.name, other.file)
    }

    /// Returns whether the test runs in a browser.
    pub(crate) fn is_in_browser(&self) -> bool {
        self.file.ends_with(".ts")
    }
}

impl<'a> Table<'a> {
    /// Reads the file. Every attack must be there once, with tests or with a reason.
    pub(crate) fn read(text: &'a str) -> Outcome<Self> {
        let table = Self {
            attacks: text.lines().filter_map(Attack::read).collect(),
            tests: text.lines().filter_map(Test::read).collect(),
        };
        let faults = table.faults();
        if faults.is_empty() { Ok(table) } else { Err(Failure::new(faults.join("\n"))) }
    }

    /// Returns the tests of an attack.
    pub(crate) fn tests_of(&self, number: &str) -> impl Iterator<Item = Test<'a>> {
        self.tests.iter().copied().filter(move |test| test.number == number)
    }

    fn faults(&self) -> Vec<String> {
        let numbers: Vec<_> = self.attacks.iter().map(|attack| attack.number.to_owned()).collect();
        let expected: Vec<_> = (1..=ATTACKS).map(|number| format!("T{number:02}")).collect();
        let mut faults = Vec::new();
        if numbers != expected {
            faults.push(format!("{FILE} must describe T01 to T{ATTACKS}, each once and in this order"));
        }
        for Attack { number, answer, .. } in &self.attacks {
            let is_tested = self.tests_of(number).next().is_some();
            match answer {
                Answer::Does(_) if !is_tested => faults.push(format!("{FILE} has no test of {number}")),
                Answer::Open(open, _) if is_tested => {
                    faults
                        .push(format!("{FILE} has a test of {number} and says that it is {}", open.words()));
                }
                _ => {}
            }
        }
        faults
    }
}

/// Returns whether an attack is among those that are wanted. If none is named, all are.
pub(super) fn is_wanted(numbers: &[&str], number: &str) -> bool {
    numbers.is_empty() || numbers.contains(&number)
}

/// Returns whether this is the number of an attack, such as T07.
pub(crate) fn is_number(text: &str) -> bool {
    text.strip_prefix('T').is_some_and(|digits| digits.len() == 2 && digits.parse::<u8>().is_ok())
}

/// Returns the cells of a line of a table.
fn cells(line: &str) -> Option<Vec<&str>> {
    Some(line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a file in which these attacks have these answers and all others are open. A test may
    /// be `name without cell`.
    pub(in crate::attack) fn file(answers: &[(&str, &str)], tests: &[(&str, &str, &str)]) -> String {
        let mut lines: Vec<String> = Vec::new();
        for number in (1..=ATTACKS).map(|number| format!("T{number:02}")) {
            let answer = answers.iter().find(|(known, _)| *known == number);
            let answer = answer.map_or("Not applicable yet: there is none", |(_, answer)| *answer);
            lines.push(format!("| {number} | | something | {answer} |"));
        }
        for (number, name, file) in tests {
            let cells = name.split_once(" without ").map_or((*name, "—"), |(name, cell)| (name, cell));
            lines.push(format!("| {number} | `{}` | `{file}` | {} | — |", cells.0, cells.1));
        }
        lines.join("\n")
    }

    #[test]
    fn attacks_and_tests_are_told_apart() {
        let text = file(&[("T10", "refuses it: always")], &[("T10", "a_test", "tests/a.rs")]);
        let table = Table::read(&text).unwrap();
        assert_eq!(table.attacks.len(), ATTACKS);
        assert_eq!(table.attacks[9].answer, Answer::Does("refuses it: always"));
        assert_eq!(table.attacks[0].answer, Answer::Open(Open::Inapplicable, "there is none"));
        let tests: Vec<_> = table.tests_of("T10").map(|test| (test.name, test.file)).collect();
        assert_eq!(tests, [("a_test", "tests/a.rs")]);
        for line in
            ["| --- | --- |", "| number | attack |", "T10", "| T10 | no test |", "| Tab | `a` | `b` |"]
        {
            assert!(Test::read(line).is_none() && Attack::read(line).is_none(), "{line}");
        }
    }

    #[test]
    fn every_attack_has_tests_or_a_reason() {
        let test = ("T10", "a_test", "tests/a.rs");
        for (answers, tests) in [
            (&[("T10", "refuses it")][..], &[][..]),
            (&[("T10", "Not tested yet: nobody did")], &[test]),
            (&[], &[("T77", "a_test", "tests/a.rs"), test]),
        ] {
            assert!(Table::read(&file(answers, tests)).is_err(), "{answers:?}");
        }
        let all = file(&[], &[]);
        assert!(Table::read(&all).is_ok());
        let without_the_last = all.rsplit_once('\n').unwrap().0;
        assert!(Table::read(without_the_last).is_err());
        assert!(Table::read(&format!("{all}\n| T76 | | again | Not claimed: so |")).is_err());
    }
}
