use leptos::prelude::*;

use crate::{features::records::words, ui::time_ago::TimeAgo};

/// The note of a record, and when it was added and changed.
#[component]
pub(crate) fn AboutCard(
    note: String,
    /// Milliseconds since 1970.
    created: u64,
    /// Milliseconds since 1970.
    updated: u64,
    /// Further facts, after the note.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let note = if note.is_empty() {
        view! { <span class="muted">{words::NO_NOTE}</span> }.into_any()
    } else {
        view! { <span class="detail__note" translate="no">{note}</span> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="about-heading">
            <h2 class="card__heading" id="about-heading">{words::ABOUT}</h2>
            <dl class="facts">
                <div><dt>{words::NOTE}</dt><dd>{note}</dd></div>
                {children.map(|children| children())}
                <div><dt>{words::UPDATED}</dt><dd><TimeAgo time=updated/></dd></div>
                <div><dt>{words::CREATED}</dt><dd><TimeAgo time=created/></dd></div>
            </dl>
        </section>
    }
}
