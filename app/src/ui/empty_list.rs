use leptos::prelude::*;

/// Shown instead of a list that is empty.
#[component]
pub(crate) fn EmptyList(heading: &'static str, children: Children) -> impl IntoView {
    view! {
        <div class="empty-vault">
            <h2 class="empty-vault__heading">{heading}</h2>
            {children()}
        </div>
    }
}
