use leptos::prelude::*;

use crate::{
    features::settings::{choice::Choice, delete::DeleteVault, device::ThisDevice, words},
    state::{
        lock,
        preferences::{IDLE_CHOICES, Preferences, Theme},
        vault::VaultState,
    },
    ui::{
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::PageHeading,
    },
};

/// The preferences, what this device stores, logging out, and deleting the vault.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let vault = VaultState::from_context();
    view! {
        <OnePane>
            <PageHeading title=words::TITLE>{words::TITLE}</PageHeading>
            <Appearance/>
            <ThisDevice/>
            <section class="card" aria-labelledby="session-heading">
                <h2 class="card__heading" id="session-heading">{words::SESSION}</h2>
                <p class="muted">{words::LOG_OUT_HINT}</p>
                <div class="form__actions">
                    <button type="button" class="button" on:click=move |_| lock::log_out(vault)>
                        <Icon glyph=Glyph::LogOut/>
                        {words::LOG_OUT}
                    </button>
                </div>
            </section>
            <p><a class="link" href="/about">{words::ABOUT_LINK}</a></p>
            <DeleteVault/>
        </OnePane>
    }
}

/// Lets the user choose the theme and the idle time.
#[component]
fn Appearance() -> impl IntoView {
    let preferences = Preferences::from_context();
    let themes = Theme::ALL.map(|theme| (theme.as_str().to_owned(), words::theme(theme).to_owned()));
    let times = IDLE_CHOICES.map(|minutes| (minutes.to_string(), words::minutes(minutes)));
    let theme = Callback::new(move |word: String| preferences.set_theme(Theme::parse(&word)));
    let idle = Callback::new(move |word: String| {
        if let Ok(minutes) = word.parse() {
            preferences.set_idle(minutes);
        }
    });
    view! {
        <section class="card" aria-labelledby="look-heading">
            <h2 class="card__heading" id="look-heading">{words::APPEARANCE}</h2>
            <Choice
                id="theme"
                label=words::THEME
                options=themes.into()
                chosen=preferences.theme.get_untracked().as_str().to_owned()
                choose=theme
            />
        </section>
        <section class="card" aria-labelledby="locking-heading">
            <h2 class="card__heading" id="locking-heading">{words::LOCKING}</h2>
            <Choice
                id="idle"
                label=words::IDLE
                hint=words::IDLE_HINT
                options=times.into()
                chosen=preferences.idle.get_untracked().to_string()
                choose=idle
            />
        </section>
    }
}
