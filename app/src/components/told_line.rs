use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::session::Session;

/// One line about the last thing done. It is read once: the next page does not show it again.
#[component]
pub(crate) fn ToldLine() -> impl IntoView {
    let session = Session::here();
    let told = session.told.try_update(Option::take).flatten();
    if let Some(text) = told.clone() {
        // After the name of the page, which is announced first.
        request_animation_frame(move || session.spoken.set(text));
    }
    view! {
        <div role="status">
            {told.map(|text| view! { <p class="told-line"><Icon glyph=Glyph::Check/>{text}</p> })}
        </div>
    }
}
