use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{state::navigation::Navigation, ui::words::general};

/// How many headings have been shown. The first one does not take the focus, and only the newest
/// one restores the document's title.
#[derive(Clone, Copy)]
pub(crate) struct HeadingCount(pub(crate) StoredValue<u32>);

/// The only `h1` of a page. When it appears, it sets the document's title, is announced, and takes
/// the focus.
#[component]
pub(crate) fn PageHeading(
    /// The document's title.
    #[prop(into)]
    title: String,
    /// Whether to hide the heading visually, where the layout shows the name elsewhere.
    #[prop(optional)]
    unseen: bool,
    /// Whether it holds something that is stored sealed, which no translator may be given.
    #[prop(optional)]
    sealed: bool,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    let navigation = Navigation::from_context();
    let HeadingCount(count) = expect_context();
    Effect::new(move || {
        let Some(heading) = heading.get() else { return };
        let earlier = count.get_value();
        let mine = earlier.wrapping_add(1);
        count.set_value(mine);
        let before = document().title();
        // A page is removed after the next one has appeared, but a screen that covers others is
        // removed alone.
        on_cleanup(move || {
            if count.get_value() == mine {
                document().set_title(&before);
            }
        });
        document().set_title(&general::title(&title));
        if earlier > 0 {
            navigation.announcement.set(title.clone());
            drop(heading.focus());
        }
    });
    let translate = sealed.then_some("no");
    view! {
        <h1 class="page-heading" class:unseen=unseen translate=translate tabindex="-1" node_ref=heading>
            {children()}
        </h1>
    }
}

/// Moves the focus to the heading of the page of an open vault, when what had it was removed.
pub(crate) fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        drop(heading.focus());
    }
}
