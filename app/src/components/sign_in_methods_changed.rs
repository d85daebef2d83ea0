use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{router::use_location, session::Session, words::sign_in_methods as words};

/// Says that another device changed the ways in, until the person has looked at them.
#[component]
pub(super) fn SignInMethodsChanged() -> impl IntoView {
    let changed = Session::from_context().sign_in_methods_changed;
    let path = use_location().pathname;
    let looking = Memo::new(move |_| path.with(|path| path == "/security"));
    Effect::new(move |looked: Option<bool>| {
        let looks = looking.get();
        // It stands beside the list, too.
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
