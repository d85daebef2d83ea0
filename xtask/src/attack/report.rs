//! Says in words what became of each attack.

use super::libtest::Outcome;
use super::table::{Answer, Attack, Open, Test};

/// What became of an attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// All of its tests ran and passed.
    Held,
    /// Those that need no browser did, and no browser was wanted.
    HeldNatively,
    /// A test failed.
    NotHeld,
    /// No test failed, and not all have run.
    NotRun,
    /// There is none.
    Open(Open),
}

/// An attack and what became of its tests.
pub(super) struct Row<'a> {
    attack: &'a Attack<'a>,
    tests: Vec<(Test<'a>, Outcome)>,
    in_browser: bool,
}

impl<'a> Row<'a> {
    /// Returns a row. `in_browser` says whether browser tests were wanted.
    pub(super) fn new(attack: &'a Attack<'a>, tests: Vec<(Test<'a>, Outcome)>, in_browser: bool) -> Self {
        Self { attack, tests, in_browser }
    }

    /// Returns the number of the attack.
    pub(super) fn number(&self) -> &'a str {
        self.attack.number
    }

    /// Returns what became of the attack.
    pub(super) fn verdict(&self) -> Verdict {
        if let Answer::Open(open, _) = self.attack.answer {
            return Verdict::Open(open);
        }
        let wanted = |test: &Test<'_>| self.in_browser || !test.is_in_browser();
        let outcomes: Vec<_> =
            self.tests.iter().filter(|(test, _)| wanted(test)).map(|(_, outcome)| *outcome).collect();
        if outcomes.contains(&Outcome::Failed) {
            Verdict::NotHeld
        } else if outcomes.is_empty() || outcomes.contains(&Outcome::NotRun) {
            Verdict::NotRun
        } else if outcomes.len() < self.tests.len() {
            Verdict::HeldNatively
        } else {
            Verdict::Held
        }
    }

    /// Returns whether tests have not run although they were wanted.
    pub(super) fn is_incomplete(&self) -> bool {
        let wanted = |test: &Test<'_>| self.in_browser || !test.is_in_browser();
        self.tests.iter().any(|(test, outcome)| wanted(test) && *outcome == Outcome::NotRun)
    }

    /// Returns the lines that describe the attack and what became of it.
    pub(super) fn lines(&self) -> Vec<String> {
        let Attack { number, published, attempt, answer } = self.attack;
        let verdict = self.verdict().words();
        let published =
            if published.is_empty() { String::new() } else { format!("  (published as {published})") };
        let mut lines = vec![format!("{number}  {verdict}{published}")];
        lines.extend(wrap("attacker:", attempt));
        match answer {
            Answer::Does(does) => lines.extend(wrap("Crystallum:", does)),
            Answer::Open(_, why) => lines.extend(wrap("because:", why)),
        }
        for (test, outcome) in &self.tests {
            let note = match outcome {
                Outcome::Passed => continue,
                Outcome::Failed => "FAILED",
                Outcome::NotRun if test.is_in_browser() && !self.in_browser => "not run without --browser",
                Outcome::NotRun => "not run",
            };
            lines.push(format!("     {note}: {} in {}", test.name, test.file));
        }
        lines
    }
}

impl Verdict {
    pub(super) const ALL: [Self; 7] = [
        Self::Held,
        Self::HeldNatively,
        Self::NotHeld,
        Self::NotRun,
        Self::Open(Open::Inapplicable),
        Self::Open(Open::Untested),
        Self::Open(Open::Unclaimed),
    ];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::HeldNatively => "held natively",
            Self::NotHeld => "NOT HELD",
            Self::NotRun => "not run",
            Self::Open(open) => open.words(),
        }
    }
}

/// Returns how many attacks there are of each verdict, in words.
pub(super) fn summary(rows: &[Row<'_>]) -> String {
    let count = |verdict: Verdict| rows.iter().filter(|row| row.verdict() == verdict).count();
    let counts = Verdict::ALL.map(|verdict| (count(verdict), verdict.words()));
    let always = |words: &str| words == Verdict::Held.words() || words == Verdict::NotHeld.words();
    let shown = counts.iter().filter(|(count, words)| *count > 0 || always(words));
    shown.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
}

/// Breaks a text into lines of at most 100 characters, the first of which begins with a word.
fn wrap(begin: &str, text: &str) -> Vec<String> {
    let mut lines = vec![format!("     {begin:<12}")];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one");
        if line.chars().count() + word.chars().count() > 100 {
            lines.push(format!("{:17}{word} ", ""));
        } else {
            line.push_str(word);
            line.push(' ');
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::seen::Without;
    use super::*;

    const NATIVE: Test<'_> = test("a_test", "tests/a.rs");
    const BROWSER: Test<'_> = test("a title", "tests/browser/a.spec.ts");

    const fn test(name: &'static str, file: &'static str) -> Test<'static> {
        Test { number: "T24", name, file, without: Without("—"), words: "—" }
    }

    fn attack(answer: Answer<'static>) -> Attack<'static> {
        Attack { number: "T24", published: "BW07", attempt: "answers without end", answer }
    }

    #[test]
    fn only_what_ran_is_held() {
        use Outcome::{Failed, NotRun, Passed};
        let attack = attack(Answer::Does("stops"));
        for (native, browser, in_browser, verdict) in [
            (Passed, NotRun, false, Verdict::HeldNatively),
            (Passed, NotRun, true, Verdict::NotRun),
            (Passed, Passed, true, Verdict::Held),
            (Passed, Failed, true, Verdict::NotHeld),
            (Failed, NotRun, false, Verdict::NotHeld),
            (NotRun, NotRun, false, Verdict::NotRun),
            (NotRun, Passed, true, Verdict::NotRun),
        ] {
            let row = Row::new(&attack, vec![(NATIVE, native), (BROWSER, browser)], in_browser);
            assert_eq!(row.verdict(), verdict, "{native:?} {browser:?} {in_browser}");
            assert_eq!(row.is_incomplete(), verdict == Verdict::NotRun, "{native:?} {browser:?}");
        }
        let only_in_browser = Row::new(&attack, vec![(BROWSER, NotRun)], false);
        assert_eq!(only_in_browser.verdict(), Verdict::NotRun);
        assert!(!only_in_browser.is_incomplete(), "nobody wanted it");
    }

    #[test]
    fn a_row_is_told_in_words() {
        let does = attack(Answer::Does("stops after as much as the vault says it has"));
        let open = attack(Answer::Open(Open::Untested, "nobody did"));
        let rows = [
            Row::new(&does, vec![(NATIVE, Outcome::Failed), (BROWSER, Outcome::NotRun)], false),
            Row::new(&open, vec![], false),
        ];
        assert_eq!(
            rows[0].lines().join("\n"),
            "T24  NOT HELD  (published as BW07)\n     attacker:   answers without end\n     \
             Crystallum: stops after as much as the vault says it has\n     FAILED: a_test in tests/a.rs\n     \
             not run without --browser: a title in tests/browser/a.spec.ts"
        );
        assert_eq!(rows[1].lines().last().unwrap(), "     because:    nobody did");
        assert_eq!(summary(&rows), "0 held, 1 NOT HELD, 1 not tested yet");
        let long = wrap("attacker:", &"words ".repeat(40));
        assert!(long.len() > 2 && long.iter().all(|line| line.len() <= 100), "{long:?}");
    }
}
