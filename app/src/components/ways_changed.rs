use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{router::use_location, session::Session, words::ways as words};

/// Says that another device changed the ways in, until the person has looked at them.
#[component]
pub(super) fn WaysChanged() -> impl IntoView {
    let changed = Session::here().ways_changed;
    let path = use_location().pathname;
    Effect::new(move || {
        if path.with(|path| path == "/security") {
            changed.set(false);
        }
    });
    view! {
        {move || changed.get().then(|| view! {
            <div class="banner">
                <Icon glyph=Glyph::Shield/>
                <p>{words::CHANGED}</p>
                <a class="button button--small" href="/security" on:click=move |_| changed.set(false)>
                    {words::CHANGED_STEP}
                </a>
            </div>
        })}
    }
}
