use leptos::{ev::Event, prelude::*};

/// A labelled select box. Each option is a value and the text that is shown for it.
#[component]
pub(crate) fn Choice(
    /// The element's id, unique in the page.
    id: &'static str,
    label: &'static str,
    #[prop(optional)] hint: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
    choose: Callback<String>,
) -> impl IntoView {
    let change = move |event: Event| choose.run(event_target_value(&event));
    let hint_id = format!("{id}-hint");
    let option = move |(word, text): (String, String)| {
        let selected = word == chosen;
        view! { <option value=word selected=selected>{text}</option> }
    };
    view! {
        <div class="choice">
            <label class="choice__label" for=id>{label}</label>
            <select class="choice__list" id=id aria-describedby=hint_id.clone() on:change=change>
                {options.into_iter().map(option).collect_view()}
            </select>
            <p class="choice__hint" id=hint_id>{hint}</p>
        </div>
    }
}
