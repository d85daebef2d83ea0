use leptos::{ev::Event, prelude::*};

/// One of a few, by a list that the browser draws: a word for the choice and the text for people.
#[component]
pub(crate) fn Choice(
    /// Unique in the page.
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
