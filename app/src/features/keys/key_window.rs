//! The part of the key list that is in the document: follows the scroll position, fetches the rows
//! that become visible, and moves between them.

use std::ops::Range;

use crystallum_messages::Failure;
use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::keys::rows::{self, Rows, WINDOW},
    state::{alarms::Alarms, sync::Synchronisation},
};

/// The height of a row in pixels. The style sheet has the same number.
pub(super) const ROW_HEIGHT: u32 = 64;
/// The height in pixels that is assumed before the browser has laid out the page.
const INITIAL_HEIGHT: u32 = 960;

/// The rows in the document. Copies share the same state.
#[derive(Clone, Copy)]
pub(super) struct KeyWindow {
    /// The element that scrolls.
    pub(super) pane: NodeRef<html::Div>,
    /// The rows that have been fetched.
    pub(super) rows: RwSignal<Rows>,
    /// The number of rows in the list. `None` before the first reply.
    pub(super) total: Memo<Option<u32>>,
    /// The rows that are in the document.
    pub(super) in_page: Memo<Range<u32>>,
    /// The row that arrow keys start from.
    pub(super) active: RwSignal<u32>,
    /// The row that takes the focus as soon as it is loaded.
    pub(super) focus_request: RwSignal<Option<u32>>,
    /// Why rows could not be fetched.
    pub(super) failure: RwSignal<Option<Failure>>,
    range: RwSignal<Range<u32>>,
    query: RwSignal<String>,
    engine: Engine,
    alarms: Alarms,
}

impl KeyWindow {
    /// Creates the state of a list that is not laid out yet.
    pub(super) fn new(query: RwSignal<String>) -> Self {
        let rows = RwSignal::new(Rows::default());
        let range = RwSignal::new(rows::visible_range(0, INITIAL_HEIGHT, ROW_HEIGHT, u32::MAX));
        let total = Memo::new(move |_| rows.with(Rows::total));
        // Eight placeholder rows are shown until the total is known.
        let in_page = Memo::new(move |_| {
            let range = range.get();
            match total.get() {
                Some(total) => range.start.min(total)..range.end.min(total),
                None => 0..8,
            }
        });
        Self {
            pane: NodeRef::new(),
            rows,
            total,
            in_page,
            active: RwSignal::new(0),
            focus_request: RwSignal::new(None),
            failure: RwSignal::new(None),
            range,
            query,
            engine: Engine::from_context(),
            alarms: Alarms::from_context(),
        }
    }

    /// Fetches the visible rows now, and again whenever they change.
    pub(super) fn keep_filled(self, sync: Synchronisation) {
        // A new query scrolls to the top. Changed records only refresh the visible rows.
        Effect::new(move |previous_query: Option<String>| {
            let words = self.query.get();
            sync.changes.track();
            if previous_query.is_some_and(|previous_query| previous_query != words) {
                self.active.set(0);
                if let Some(pane) = self.pane.try_get_untracked().flatten() {
                    pane.set_scroll_top(0);
                }
            }
            self.rows.update(Rows::invalidate);
            self.measure();
            self.fetch(&self.range.get_untracked());
            words
        });
        Effect::new(move || {
            self.total.track();
            self.measure();
        });
        Effect::new(move || self.fetch(&self.range.get()));
    }

    /// Updates the visible rows from the scroll position.
    pub(super) fn measure(self) {
        if let Some(pane) = self.pane.try_get_untracked().flatten() {
            let all = self.total.get_untracked().unwrap_or(u32::MAX);
            let height = pixels(pane.client_height()).max(INITIAL_HEIGHT);
            let now = rows::visible_range(pixels(pane.scroll_top()), height, ROW_HEIGHT, all);
            if self.range.with_untracked(|before| *before != now) {
                self.range.set(now);
            }
        }
    }

    fn fetch(self, needed: &Range<u32>) {
        while let Some(window) = self.rows.try_update(|rows| rows.next_window(needed)).flatten() {
            let generation = self.rows.with_untracked(Rows::generation);
            let words = self.query.get_untracked();
            spawn_local(async move {
                match self.engine.list_keys(words, window * WINDOW, WINDOW).await {
                    Ok(page) => {
                        self.failure.set(None);
                        self.rows.update(|rows| rows.insert_window(generation, window, page));
                    }
                    Err(problem) => {
                        self.rows.update(|rows| rows.allow_retry(generation, window));
                        self.alarms.report(problem, self.failure);
                    }
                }
            });
        }
    }

    /// Scrolls to a row if needed, and moves the focus there.
    pub(super) fn move_to_row(self, index: u32) {
        let Some(last) = self.total.get_untracked().and_then(|total| total.checked_sub(1)) else { return };
        let index = index.min(last);
        self.active.set(index);
        if let Some(pane) = self.pane.try_get_untracked().flatten() {
            let (top, height) = (pixels(pane.scroll_top()), pixels(pane.client_height()));
            let top = rows::scroll_position_for(index, top, height, ROW_HEIGHT);
            if let Some(top) = top.and_then(|top| i32::try_from(top).ok()) {
                pane.set_scroll_top(top);
                self.measure();
            }
        }
        self.focus_request.set(Some(index));
    }

    /// Returns the row that a key moves to, if it moves at all. [`Self::move_to_row`] limits it to
    /// the last row.
    pub(super) fn row_for_key(self, key: &str) -> Option<u32> {
        let at = self.active.get_untracked();
        let pane = self.pane.try_get_untracked().flatten();
        let height = pane.map_or(INITIAL_HEIGHT, |pane| pixels(pane.client_height()));
        let page = (height / ROW_HEIGHT).max(1);
        match key {
            "ArrowDown" => Some(at.saturating_add(1)),
            "ArrowUp" => Some(at.saturating_sub(1)),
            "PageDown" => Some(at.saturating_add(page)),
            "PageUp" => Some(at.saturating_sub(page)),
            "Home" => Some(0),
            "End" => Some(u32::MAX),
            _ => None,
        }
    }

    /// Returns the row that Tab stops at: the active row, or the first one in the document if that
    /// one is not in it.
    pub(super) fn tab_stop(self) -> Memo<u32> {
        Memo::new(move |_| {
            let at = self.active.get();
            self.range.with(|range| if range.contains(&at) { at } else { range.start })
        })
    }
}

fn pixels(length: i32) -> u32 {
    u32::try_from(length).unwrap_or_default()
}
