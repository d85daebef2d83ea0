use leptos::{html, prelude::*};

/// The search of the key list. The query is kept while other pages are shown.
#[derive(Clone, Copy)]
pub(crate) struct Search {
    /// The query.
    pub(crate) query: RwSignal<String>,
    /// The search field.
    pub(crate) field: NodeRef<html::Input>,
}
