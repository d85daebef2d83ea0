//! What the person chose for this browser: kept in its local storage, in clear, and known to nobody else.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// How long a vault may lie unused, in minutes.
pub(crate) const IDLE_CHOICES: [u32; 6] = [1, 5, 10, 15, 30, 60];
/// What holds until the person chooses.
pub(crate) const IDLE_DEFAULT: u32 = 10;

const IDLE_KEY: &str = "crystallum.idle";
/// `boot.js` reads this one too, before the first paint.
const THEME_KEY: &str = "crystallum.theme";

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Dark,
    Light,
    System,
}

impl Theme {
    /// In the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in storage and in the page's `data-theme`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::System => "system",
        }
    }

    pub(crate) fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or(Self::System)
    }
}

/// The choices; a copy is the same.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    /// Minutes until an unused vault locks.
    pub(crate) idle: RwSignal<u32>,
    /// Light or dark.
    pub(crate) theme: RwSignal<Theme>,
}

impl Preferences {
    /// Puts them into the context.
    pub(crate) fn provide() -> Self {
        let idle = read_item(IDLE_KEY).as_deref().map_or(IDLE_DEFAULT, parse_idle_minutes);
        let theme = read_item(THEME_KEY).as_deref().map_or(Theme::System, Theme::parse);
        let preferences = Self { idle: RwSignal::new(idle), theme: RwSignal::new(theme) };
        provide_context(preferences);
        preferences
    }

    /// The ones that the app provides.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    pub(crate) fn set_idle(self, minutes: u32) {
        write_item(IDLE_KEY, &minutes.to_string());
        self.idle.set(minutes);
    }

    pub(crate) fn set_theme(self, theme: Theme) {
        write_item(THEME_KEY, theme.as_str());
        self.theme.set(theme);
        apply_theme(theme);
    }
}

/// A time that is offered, or the default: what stands in storage may be anything.
fn parse_idle_minutes(text: &str) -> u32 {
    let found = text.parse().ok().filter(|minutes| IDLE_CHOICES.contains(minutes));
    found.unwrap_or(IDLE_DEFAULT)
}

/// `boot.js` knows what belongs to a theme.
fn apply_theme(theme: Theme) {
    let boot = js_sys::Reflect::get(&js_sys::global(), &"crystallumBoot".into()).unwrap_or_default();
    let show = js_sys::Reflect::get(&boot, &"showTheme".into()).unwrap_or_default();
    if let Some(show) = show.dyn_ref::<js_sys::Function>() {
        drop(show.call1(&boot, &theme.as_str().into()));
    }
}

/// Browsers that keep nothing have no storage; then choices last as long as the page.
fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

fn read_item(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

fn write_item(name: &str, value: &str) {
    if let Some(storage) = storage() {
        drop(storage.set_item(name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_offered_times_are_taken_from_storage() {
        assert_eq!(parse_idle_minutes("15"), 15);
        for text in ["0", "-1", "999999999999", "x", "", "10.5"] {
            assert_eq!(parse_idle_minutes(text), IDLE_DEFAULT, "{text}");
        }
    }

    #[test]
    fn a_theme_gives_its_word_back() {
        for theme in Theme::ALL {
            assert_eq!(Theme::parse(theme.as_str()), theme);
        }
        assert_eq!(Theme::parse("blue"), Theme::System);
    }
}
