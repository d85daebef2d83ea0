use leptos::{html, prelude::*};

/// The heading of a step within a page. It takes the focus when the step appears.
#[component]
pub(crate) fn StepHeading(text: &'static str) -> impl IntoView {
    let heading = NodeRef::<html::H2>::new();
    Effect::new(move || {
        if let Some(heading) = heading.get() {
            drop(heading.focus());
        }
    });
    view! { <h2 class="step-heading" tabindex="-1" node_ref=heading>{text}</h2> }
}
