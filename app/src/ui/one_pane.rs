use leptos::prelude::*;

/// A page of an open vault with a single column.
#[component]
pub(crate) fn OnePane(children: Children) -> impl IntoView {
    view! {
        <div class="vault__panes vault__panes--one">
            <div class="vault__pane"><article class="pane">{children()}</article></div>
        </div>
    }
}
