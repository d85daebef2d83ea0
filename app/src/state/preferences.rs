//! The user's preferences for this browser. They are kept unencrypted in its local storage and
//! are not sent anywhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// The idle times to choose from, in minutes.
pub(crate) const IDLE_CHOICES: [u32; 6] = [1, 5, 10, 15, 30, 60];
/// The idle time until the user chooses one, in minutes.
pub(crate) const IDLE_DEFAULT: u32 = 10;

const IDLE_KEY: &str = "crystallum.idle";
/// `boot.js` also reads this key, before the first paint.
const THEME_KEY: &str = "crystallum.theme";

/// The colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Dark,
    Light,
    System,
}

impl Theme {
    /// All themes, in the order in which they are offered.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns the name in local storage and in the page's `data-theme` attribute.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::System => "system",
        }
    }

    /// Parses a name. Anything unknown gives the system theme.
    pub(crate) fn parse(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.as_str() == word).unwrap_or(Self::System)
    }
}

/// The preferences. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct Preferences {
    /// Minutes without activity until the vault locks.
    pub(crate) idle: RwSignal<u32>,
    /// The colour scheme.
    pub(crate) theme: RwSignal<Theme>,
}

impl Preferences {
    /// Reads the preferences and puts them into the context.
    pub(crate) fn provide() -> Self {
        let idle = read_item(IDLE_KEY).as_deref().map_or(IDLE_DEFAULT, parse_idle_minutes);
        let theme = read_item(THEME_KEY).as_deref().map_or(Theme::System, Theme::parse);
        let preferences = Self { idle: RwSignal::new(idle), theme: RwSignal::new(theme) };
        provide_context(preferences);
        preferences
    }

    /// Returns the preferences from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Stores and applies an idle time in minutes.
    pub(crate) fn set_idle(self, minutes: u32) {
        write_item(IDLE_KEY, &minutes.to_string());
        self.idle.set(minutes);
    }

    /// Stores and applies a theme.
    pub(crate) fn set_theme(self, theme: Theme) {
        write_item(THEME_KEY, theme.as_str());
        self.theme.set(theme);
        apply_theme(theme);
    }
}

/// Parses one of the idle times to choose from. Anything else in local storage gives the default.
fn parse_idle_minutes(text: &str) -> u32 {
    let found = text.parse().ok().filter(|minutes| IDLE_CHOICES.contains(minutes));
    found.unwrap_or(IDLE_DEFAULT)
}

/// Applies a theme through `boot.js`, which knows its colours.
fn apply_theme(theme: Theme) {
    let boot = js_sys::Reflect::get(&js_sys::global(), &"crystallumBoot".into()).unwrap_or_default();
    let show = js_sys::Reflect::get(&boot, &"showTheme".into()).unwrap_or_default();
    if let Some(show) = show.dyn_ref::<js_sys::Function>() {
        drop(show.call1(&boot, &theme.as_str().into()));
    }
}

/// Returns the local storage, if the browser has one. Without it, preferences last as long as the
/// page.
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
