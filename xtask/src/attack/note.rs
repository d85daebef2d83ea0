//! Writes what was seen with defences off into the table of tests.

use super::table::Test;

/// Returns the text of the file with what was seen: tests, and whether they failed.
pub(super) fn noted(text: &str, seen: &[(Test<'_>, bool)]) -> String {
    let line = |line: &str| {
        let test = Test::read(line);
        let found = test.and_then(|test| seen.iter().find(|(one, _)| one.is_same_row(&test)));
        let Some((test, fails)) = found else { return line.to_owned() };
        let mut cells: Vec<_> = line.split('|').map(str::to_owned).collect();
        if let Some(cell) = cells.get_mut(4) {
            *cell = format!(" {} ", test.without.with(*fails));
        }
        cells.join("|")
    };
    let lines: Vec<_> = text.lines().map(line).collect();
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_noted_in_its_row_alone() {
        let row =
            |number: &str, cell: &str| format!("| {number} | `a_test` | `tests/a.rs` | {cell} | words |");
        let text =
            |first: &str, second: &str| format!("# Title\n\n{}\n{}\n", row("T10", first), row("T11", second));
        let before = text("`signed-tree`", "`head-front`: fails");
        let rows: Vec<_> = before.lines().filter_map(Test::read).collect();
        assert_eq!(noted(&before, &[(rows[0], true)]), text("`signed-tree`: fails", "`head-front`: fails"));
        assert_eq!(noted(&before, &[(rows[1], false)]), text("`signed-tree`", "`head-front`"));
        assert_eq!(noted(&before, &[]), before);
    }
}
