//! The searchable list of exchange keys in label order.

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

/// The overviews of all exchange keys that are not in the trash.
#[derive(Default)]
pub(crate) struct Index {
    rows: Vec<Row>,
}

impl Index {
    pub(crate) fn from_overviews(overviews: impl Iterator<Item = (RecordId, KeyOverview)>) -> Self {
        let mut rows: Vec<Row> = overviews.map(|(id, overview)| Row::new(id, overview)).collect();
        rows.sort_by(|a, b| (&a.sort, a.id).cmp(&(&b.sort, b.id)));
        Self { rows }
    }

    /// Iterates over the rows that contain every word of `query`.
    pub(crate) fn search(&self, query: &str) -> impl Iterator<Item = &Row> + use<'_> {
        let query = query.to_lowercase();
        self.rows.iter().filter(move |row| query.split_whitespace().all(|word| row.words.contains(word)))
    }

    pub(crate) fn get(&self, id: RecordId) -> Option<&KeyOverview> {
        self.rows.iter().find(|row| row.id == id).map(|row| &row.overview)
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

#[cfg(test)]
mod tests;
