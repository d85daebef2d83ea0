//! The searchable list of exchange keys in label order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use crystallum_core::{KeyOverview, RecordId};

/// One exchange key in the list.
pub(crate) struct Row {
    pub(crate) id: RecordId,
    pub(crate) overview: KeyOverview,
    /// The label in lower case, by which the rows are sorted.
    sort: String,
    /// The texts that a search looks through, in lower case.
    words: String,
}

/// The overviews of all exchange keys that are not in the trash. A change of one does not touch the
/// others.
#[derive(Default)]
pub(crate) struct Index {
    rows: BTreeSet<Rc<Row>>,
    by_id: BTreeMap<RecordId, Rc<Row>>,
}

impl Index {
    /// Lists a key, in place of what is listed of it.
    pub(crate) fn insert(&mut self, id: RecordId, overview: KeyOverview) {
        self.remove(id);
        let row = Rc::new(Row::new(id, overview));
        self.rows.insert(Rc::clone(&row));
        self.by_id.insert(id, row);
    }

    /// Takes a key out of the list, if it is there.
    pub(crate) fn remove(&mut self, id: RecordId) {
        if let Some(row) = self.by_id.remove(&id) {
            self.rows.remove(&row);
        }
    }

    /// Iterates over the rows that contain every word of `query`.
    pub(crate) fn search(&self, query: &str) -> impl Iterator<Item = &Row> + use<'_> {
        let query = query.to_lowercase();
        let rows = self.rows.iter().map(Rc::as_ref);
        rows.filter(move |row| query.split_whitespace().all(|word| row.words.contains(word)))
    }

    pub(crate) fn get(&self, id: RecordId) -> Option<&KeyOverview> {
        self.by_id.get(&id).map(|row| &row.overview)
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }
}

impl Row {
    fn new(id: RecordId, overview: KeyOverview) -> Self {
        let sort = overview.label.to_lowercase();
        let exchange = match overview.exchange.known() {
            Some(exchange) => exchange.name().to_lowercase(),
            None => overview.exchange.as_str().to_owned(),
        };
        let words = [&sort, &exchange, &overview.masked.to_lowercase(), &overview.note.to_lowercase()]
            .map(String::as_str)
            .join("\n");
        Self { id, overview, sort, words }
    }
}

/// Rows are ordered by label, and those of one label by id, of which each row has its own.
impl Ord for Row {
    fn cmp(&self, other: &Self) -> Ordering {
        (&self.sort, self.id).cmp(&(&other.sort, other.id))
    }
}

impl PartialOrd for Row {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Row {}

#[cfg(test)]
mod tests;
