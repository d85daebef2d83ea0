use leptos::prelude::*;

/// The logo, a cut crystal.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    let facets = [
        ("mark__facet mark__facet--1", "M32 4 12 22l20 6z"),
        ("mark__facet mark__facet--2", "M32 4l20 18-20 6z"),
        ("mark__facet mark__facet--3", "M12 22l20 6v32z"),
        ("mark__facet mark__facet--4", "M52 22l-20 6v32z"),
    ];
    view! {
        <svg class="mark" viewBox="0 0 64 64" aria-hidden="true">
            {facets.map(|(class, path)| view! { <path class=class d=path></path> }).into_iter().collect_view()}
        </svg>
    }
}
