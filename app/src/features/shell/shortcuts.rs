//! Keyboard shortcuts that work anywhere in an open vault.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::browser::keys::pressed_key;

/// The action of a shortcut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shortcut {
    Add,
    Close,
    Help,
    Lock,
    Search,
}

impl Shortcut {
    /// Returns whether a character alone triggers it, which speech input or a slip types easily.
    fn is_character(self) -> bool {
        match self {
            Self::Add | Self::Help | Self::Lock | Self::Search => true,
            Self::Close => false,
        }
    }
}

/// Returns the shortcut that a key event means. Returns `None` while a text field has the focus or
/// a dialog is open, and for a character while those are switched off.
pub(crate) fn from_event(event: &KeyboardEvent, characters: bool) -> Option<Shortcut> {
    if event.ctrl_key()
        || event.meta_key()
        || event.alt_key()
        || event.default_prevented()
        || is_dialog_open()
    {
        return None;
    }
    let shortcut = from_key(&pressed_key(event)?)?;
    if shortcut.is_character() && !characters {
        return None;
    }
    let typing = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .is_some_and(|at| is_text_input(&at));
    (!typing).then_some(shortcut)
}

fn from_key(key: &str) -> Option<Shortcut> {
    match key {
        "/" => Some(Shortcut::Search),
        "?" => Some(Shortcut::Help),
        "Escape" => Some(Shortcut::Close),
        "l" | "L" => Some(Shortcut::Lock),
        "n" | "N" => Some(Shortcut::Add),
        _ => None,
    }
}

fn is_text_input(element: &Element) -> bool {
    matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || element.dyn_ref::<HtmlElement>().is_some_and(HtmlElement::is_content_editable)
}

fn is_dialog_open() -> bool {
    document().query_selector("dialog[open]").is_ok_and(|found| found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_known_as_one() {
        for key in ["/", "?", "l", "L", "n", "N"] {
            assert!(from_key(key).is_some_and(Shortcut::is_character), "{key}");
        }
        assert!(from_key("Escape").is_some_and(|shortcut| !shortcut.is_character()));
        assert_eq!(from_key("Process"), None);
    }
}
