use leptos::{
    ev::{Event, KeyboardEvent},
    html,
    prelude::*,
};

use crate::ui::icon::{Glyph, Icon};

/// A field that searches while the user types.
#[component]
pub(crate) fn SearchField(
    query: RwSignal<String>,
    label: &'static str,
    /// The shortcut key, shown inside the field.
    #[prop(optional)]
    key: Option<&'static str>,
    #[prop(optional)] node: NodeRef<html::Input>,
    /// Called on the arrow key that moves into the results.
    #[prop(optional, into)]
    down: Option<Callback<()>>,
) -> impl IntoView {
    let input = move |event: Event| query.set(event_target_value(&event));
    let keydown = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            if let Some(down) = down {
                event.prevent_default();
                down.run(());
            }
        }
        "Escape" => {
            event.prevent_default();
            if query.with_untracked(String::is_empty) {
                if let Some(node) = node.try_get_untracked().flatten() {
                    drop(node.blur());
                }
            } else {
                query.set(String::new());
            }
        }
        _ => {}
    };
    view! {
        <div class="search-field">
            <Icon glyph=Glyph::Search/>
            <input
                class="search-field__input"
                type="search"
                aria-label=label
                placeholder=label
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                translate="no"
                node_ref=node
                prop:value=move || query.get()
                on:input=input
                on:keydown=keydown
            />
            {key.map(|key| view! { <kbd class="search-field__key" aria-hidden="true">{key}</kbd> })}
        </div>
    }
}
