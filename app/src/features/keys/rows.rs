//! Computes which rows of a long list are visible and which windows of it must be fetched. Contains
//! no browser code.

use std::{collections::HashMap, ops::Range};

use crystallum_messages::{KeyRow, Page};

/// The number of rows in one window.
pub(crate) const WINDOW: u32 = 100;
/// The number of rows kept above and below the visible ones.
const MARGIN: u32 = 6;

/// Returns the rows to keep in the document for a scroll position. Lengths are in pixels. The
/// number of rows depends only on the height, so the element of a row that leaves at one end is
/// reused at the other.
pub(crate) fn visible_range(top: u32, height: u32, row: u32, total: u32) -> Range<u32> {
    let count = (height / row).saturating_add(2 * MARGIN + 1).min(total);
    let first = (top / row).saturating_sub(MARGIN).min(total - count);
    first..first + count
}

/// Returns the row that an element shows while `range` is in the document. An element always shows
/// rows with the same remainder.
pub(crate) fn row_of_element(element: u32, range: &Range<u32>) -> u32 {
    let count = range.end.saturating_sub(range.start).max(1);
    range.start + (element + count - range.start % count) % count
}

/// Returns the elements in the order of the rows that they show.
pub(crate) fn elements_in_row_order(range: &Range<u32>) -> Vec<u32> {
    let count = range.end.saturating_sub(range.start).max(1);
    range.clone().map(|index| index % count).collect()
}

/// Returns the scroll position that makes a row visible, or `None` if it is visible already.
pub(crate) fn scroll_position_for(index: u32, top: u32, height: u32, row: u32) -> Option<u32> {
    let start = index.saturating_mul(row);
    let end = start.saturating_add(row);
    if start < top {
        Some(start)
    } else if end > top.saturating_add(height) {
        Some(end.saturating_sub(height))
    } else {
        None
    }
}

/// The part of the list that has been fetched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    generation: u32,
    shown_generation: u32,
    total: Option<u32>,
    windows: HashMap<u32, Vec<KeyRow>>,
    requested: Vec<u32>,
}

impl Rows {
    /// Marks all windows as not requested. The rows stay on screen until the first reply.
    pub(crate) fn invalidate(&mut self) {
        self.generation = self.generation.wrapping_add(1);
        self.requested.clear();
    }

    /// Returns the first window that the range needs and that has not been requested, and marks it
    /// as requested.
    pub(crate) fn next_window(&mut self, range: &Range<u32>) -> Option<u32> {
        let last = range.end.saturating_sub(1).max(range.start);
        let missing =
            (range.start / WINDOW..=last / WINDOW).find(|window| !self.requested.contains(window))?;
        self.requested.push(missing);
        Some(missing)
    }

    /// Returns the number that identifies the current requests.
    pub(crate) fn generation(&self) -> u32 {
        self.generation
    }

    /// Inserts a fetched window. A reply to a request of an earlier generation is dropped.
    pub(crate) fn insert_window(&mut self, generation: u32, window: u32, page: Page) {
        if generation != self.generation {
            return;
        }
        if self.shown_generation != generation {
            self.shown_generation = generation;
            self.windows.clear();
        }
        self.total = Some(page.total);
        self.windows.insert(window, page.rows);
    }

    /// Marks a window that could not be fetched as not requested.
    pub(crate) fn allow_retry(&mut self, generation: u32, window: u32) {
        if generation == self.generation {
            self.requested.retain(|&requested| requested != window);
        }
    }

    /// Returns the number of rows, or `None` before the first reply.
    pub(crate) fn total(&self) -> Option<u32> {
        self.total
    }

    /// Returns a row, if it has been fetched.
    pub(crate) fn row(&self, index: u32) -> Option<&KeyRow> {
        let within = usize::try_from(index % WINDOW).ok()?;
        self.windows.get(&(index / WINDOW))?.get(within)
    }
}

#[cfg(test)]
mod tests {
    use crystallum_messages::{Exchange, RecordId};

    use super::*;

    fn page(total: u32, label: &str) -> Page {
        let row = KeyRow {
            id: RecordId([1; 16]),
            exchange: Exchange::Okx,
            unknown_exchange: None,
            label: label.into(),
            masked: String::new(),
            updated: 0,
        };
        Page { total, offset: 0, rows: vec![row] }
    }

    #[test]
    fn only_what_is_seen_is_there() {
        assert_eq!(visible_range(0, 640, 64, 10_000), 0..23);
        assert_eq!(visible_range(64_000, 640, 64, 10_000), 994..1_017);
        assert_eq!(visible_range(639_360, 640, 64, 10_000), 9_977..10_000);
        assert_eq!(visible_range(0, 640, 64, 3), 0..3);
        assert_eq!(visible_range(5_000, 640, 64, 0), 0..0);
    }

    #[test]
    fn scrolling_by_one_row_changes_one_element() {
        let before: Vec<_> = (0..23).map(|element| row_of_element(element, &(994..1_017))).collect();
        let after: Vec<_> = (0..23).map(|element| row_of_element(element, &(995..1_018))).collect();
        let mut rows = before.clone();
        rows.sort_unstable();
        assert_eq!(rows, (994..1_017).collect::<Vec<_>>());
        let changed: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
        assert_eq!(changed, [(&994, &1_017)]);
        let read: Vec<_> = elements_in_row_order(&(995..1_018))
            .into_iter()
            .map(|at| row_of_element(at, &(995..1_018)))
            .collect();
        assert_eq!(read, (995..1_018).collect::<Vec<_>>());
    }

    #[test]
    fn scrolling_moves_no_further_than_needed() {
        assert_eq!(scroll_position_for(3, 0, 640, 64), None);
        assert_eq!(scroll_position_for(10, 0, 640, 64), Some(64));
        assert_eq!(scroll_position_for(1, 128, 640, 64), Some(64));
    }

    #[test]
    fn each_window_is_asked_once() {
        let mut rows = Rows::default();
        assert_eq!(rows.next_window(&(90..110)), Some(0));
        assert_eq!(rows.next_window(&(90..110)), Some(1));
        assert_eq!(rows.next_window(&(90..110)), None);
        rows.allow_retry(rows.generation(), 0);
        assert_eq!(rows.next_window(&(0..10)), Some(0));
    }

    #[test]
    fn an_empty_range_asks_for_its_start() {
        assert_eq!(Rows::default().next_window(&(0..0)), Some(0), "the first question learns the total");
    }

    #[test]
    fn late_answers_are_dropped_and_old_rows_stay_until_the_first_new_one() {
        let mut rows = Rows::default();
        rows.insert_window(0, 0, page(2, "old"));
        rows.invalidate();
        assert_eq!(rows.row(0).map(|row| row.label.as_str()), Some("old"));
        rows.insert_window(0, 0, page(2, "late"));
        assert_eq!(rows.row(0).map(|row| row.label.as_str()), Some("old"));
        rows.insert_window(1, 1, page(101, "new"));
        assert_eq!((rows.total(), rows.row(0)), (Some(101), None));
        assert_eq!(rows.row(100).map(|row| row.label.as_str()), Some("new"));
    }
}
