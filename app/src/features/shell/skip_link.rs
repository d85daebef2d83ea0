use leptos::{ev::MouseEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::ui::words::general;

/// The first keyboard stop, which skips the navigation.
#[component]
pub(crate) fn SkipLink() -> impl IntoView {
    let skip = move |event: MouseEvent| {
        event.prevent_default();
        let main = document().query_selector("main, [role=main]").ok().flatten();
        let main = main.and_then(|main| main.dyn_into::<HtmlElement>().ok());
        if let Some(main) = main {
            drop(main.focus());
        }
    };
    view! { <a class="skip-link" href="#main" on:click=skip>{general::SKIP}</a> }
}
