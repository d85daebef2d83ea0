//! The user's preferences for this browser. They are kept unencrypted in its local storage and
//! are not sent anywhere.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser::local_items;

/// The idle times to choose from, in minutes.
pub(crate) const IDLE_CHOICES: [u32; 6] = [1, 5, 10, 15, 30, 60];
/// The idle time until the user chooses one, in minutes.
pub(crate) const IDLE_DEFAULT: u32 = 10;

/// The times to choose from for a secret on screen or on the clipboard, in seconds.
pub(crate) const SECRET_CHOICES: [u32; 5] = [10, 30, 60, 120, 300];
/// The time of a secret until the user chooses one, in seconds.
const SECRET_DEFAULT: u32 = 30;

const CLIPBOARD_KEY: &str = "crystallum.clipboard";
const IDLE_KEY: &str = "crystallum.idle";
const REVEAL_KEY: &str = "crystallum.reveal";
const SHORTCUTS_KEY: &str = "crystallum.shortcuts";
const OFF: &str = "off";
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
    /// Seconds until what was copied is due to be cleared.
    pub(crate) clipboard_seconds: RwSignal<u32>,
    /// Minutes without activity until the vault locks.
    pub(crate) idle: RwSignal<u32>,
    /// Seconds until what was revealed is hidden.
    pub(crate) reveal_seconds: RwSignal<u32>,
    /// Whether shortcuts that are one character work.
    pub(crate) shortcuts: RwSignal<bool>,
    /// The colour scheme.
    pub(crate) theme: RwSignal<Theme>,
}

impl Preferences {
    /// Reads the preferences and puts them into the context.
    pub(crate) fn provide() -> Self {
        let idle = local_items::read(IDLE_KEY).as_deref().map_or(IDLE_DEFAULT, parse_idle_minutes);
        let theme = local_items::read(THEME_KEY).as_deref().map_or(Theme::System, Theme::parse);
        let seconds = |key| local_items::read(key).as_deref().map_or(SECRET_DEFAULT, parse_secret_seconds);
        let shortcuts = local_items::read(SHORTCUTS_KEY).as_deref() != Some(OFF);
        let preferences = Self {
            clipboard_seconds: RwSignal::new(seconds(CLIPBOARD_KEY)),
            idle: RwSignal::new(idle),
            reveal_seconds: RwSignal::new(seconds(REVEAL_KEY)),
            shortcuts: RwSignal::new(shortcuts),
            theme: RwSignal::new(theme),
        };
        provide_context(preferences);
        preferences
    }

    /// Returns the preferences from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Stores and applies an idle time in minutes.
    pub(crate) fn set_idle(self, minutes: u32) {
        local_items::write(IDLE_KEY, &minutes.to_string());
        self.idle.set(minutes);
    }

    /// Stores and applies a time for what was copied, in seconds.
    pub(crate) fn set_clipboard_seconds(self, seconds: u32) {
        local_items::write(CLIPBOARD_KEY, &seconds.to_string());
        self.clipboard_seconds.set(seconds);
    }

    /// Stores and applies a time for what was revealed, in seconds.
    pub(crate) fn set_reveal_seconds(self, seconds: u32) {
        local_items::write(REVEAL_KEY, &seconds.to_string());
        self.reveal_seconds.set(seconds);
    }

    /// Stores and applies whether shortcuts that are one character work.
    pub(crate) fn set_shortcuts(self, on: bool) {
        local_items::write(SHORTCUTS_KEY, if on { "on" } else { OFF });
        self.shortcuts.set(on);
    }

    /// Stores and applies a theme.
    pub(crate) fn set_theme(self, theme: Theme) {
        local_items::write(THEME_KEY, theme.as_str());
        self.theme.set(theme);
        apply_theme(theme);
    }
}

/// Parses one of the idle times to choose from. Anything else in local storage gives the default.
fn parse_idle_minutes(text: &str) -> u32 {
    parse_choice(text, &IDLE_CHOICES).unwrap_or(IDLE_DEFAULT)
}

/// Parses one of the times to choose from for a secret, like [`parse_idle_minutes`].
fn parse_secret_seconds(text: &str) -> u32 {
    parse_choice(text, &SECRET_CHOICES).unwrap_or(SECRET_DEFAULT)
}

fn parse_choice(text: &str, choices: &[u32]) -> Option<u32> {
    text.parse().ok().filter(|choice| choices.contains(choice))
}

/// Applies a theme through `boot.js`, which knows its colours.
fn apply_theme(theme: Theme) {
    let boot = js_sys::Reflect::get(&js_sys::global(), &"crystallumBoot".into()).unwrap_or_default();
    let show = js_sys::Reflect::get(&boot, &"showTheme".into()).unwrap_or_default();
    if let Some(show) = show.dyn_ref::<js_sys::Function>() {
        drop(show.call1(&boot, &theme.as_str().into()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_offered_times_are_taken_from_storage() {
        assert_eq!(parse_idle_minutes("15"), 15);
        assert_eq!(parse_secret_seconds("120"), 120);
        for text in ["0", "-1", "999999999999", "x", "", "10.5"] {
            assert_eq!(parse_idle_minutes(text), IDLE_DEFAULT, "{text}");
            assert_eq!(parse_secret_seconds(text), SECRET_DEFAULT, "{text}");
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
