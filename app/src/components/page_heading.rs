use leptos::{html, prelude::*};

use crate::{session::Session, words::common};

/// Whether a page was shown before this one: the first one takes no focus.
#[derive(Clone, Copy)]
pub(crate) struct Arrived(pub(crate) StoredValue<bool>);

/// The one `h1` of a page. When the page appears it names the tab, is announced, and takes the focus.
#[component]
pub(crate) fn PageHeading(
    /// What the tab says.
    #[prop(into)]
    title: String,
    /// Hidden where the layout shows the name elsewhere.
    #[prop(optional)]
    unseen: bool,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let session = Session::here();
    let Arrived(arrived) = expect_context();
    Effect::new(move || {
        let Some(heading) = heading.get() else { return };
        let before = document().title();
        on_cleanup(move || document().set_title(&before));
        document().set_title(&common::title(&title));
        if arrived.get_value() {
            session.spoken.set(title.clone());
            drop(heading.focus());
        }
        arrived.set_value(true);
    });
    view! { <h1 class="page-heading" class:unseen=unseen tabindex="-1" node_ref=heading>{children()}</h1> }
}
