use leptos::prelude::*;

use crate::{
    browser::router::use_location,
    features::security::words,
    state::alarms::Alarms,
    ui::icon::{Glyph, Icon},
};

/// Warns that another device changed the sign-in methods, until the user has looked at them.
#[component]
pub(super) fn SignInMethodsChanged() -> impl IntoView {
    let changed = Alarms::from_context().sign_in_methods_changed;
    let path = use_location().pathname;
    let looking = Memo::new(move |_| path.with(|path| path == "/security"));
    Effect::new(move |looked: Option<bool>| {
        let looks = looking.get();
        // The warning is also shown on the page with the list, so it is cleared when the user
        // leaves that page.
        if looked == Some(true) && !looks {
            changed.set(false);
        }
        looks
    });
    view! {
        {move || changed.get().then(|| view! {
            <div class="banner">
                <Icon glyph=Glyph::Shield/>
                <p>{words::CHANGED}</p>
                {move || (!looking.get()).then(|| view! {
                    <a class="button button--small" href="/security">{words::CHANGED_STEP}</a>
                })}
            </div>
        })}
    }
}
