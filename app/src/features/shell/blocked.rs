use leptos::prelude::*;

use crate::{
    state::{alarms::Blocked, lock},
    ui::{
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        plain_page::PlainPage,
        words::{general, state},
    },
};

/// The full-screen message for a condition that prevents everything else, with one way to resolve
/// it.
#[component]
pub(crate) fn BlockedScreen(blocked: Blocked) -> impl IntoView {
    let (glyph, heading, text, action) = match blocked {
        Blocked::AnotherTab => {
            (Glyph::Vault, state::ANOTHER_TAB_HEADING, state::ANOTHER_TAB_TEXT, state::ANOTHER_TAB_BUTTON)
        }
        Blocked::EngineEnded => (Glyph::Warn, state::ENGINE_HEADING, state::ENGINE_TEXT, general::RELOAD),
        Blocked::NotLoaded(error) => {
            (Glyph::Warn, state::load_heading(error), state::load_text(error), general::RELOAD)
        }
        Blocked::NotStarted(error) => {
            (Glyph::Warn, state::start_heading(error), state::start_text(error), general::RELOAD)
        }
    };
    view! {
        <PlainPage>
            <span class="plain-page__sign"><Icon glyph=glyph/></span>
            <PageHeading title=heading>{heading}</PageHeading>
            <p>{text}</p>
            <div class="plain-page__actions">
                <button type="button" class="button button--primary button--large" on:click=|_| lock::reload_page()>{action}</button>
            </div>
        </PlainPage>
    }
}
