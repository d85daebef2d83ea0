//! Validates the name of a sign-in method, for the three forms that ask for one.

use crystallum_messages::{Failure, MAX_SIGN_IN_METHOD_NAME};
use leptos::prelude::*;

use crate::{features::security::words, ui::field::Input};

/// Returns what is wrong with a required name.
pub(crate) fn required_name_error(name: &str) -> Option<&'static str> {
    if name.is_empty() { Some(words::NAME_EMPTY) } else { optional_name_error(name) }
}

/// Returns what is wrong with an optional name.
pub(crate) fn optional_name_error(name: &str) -> Option<&'static str> {
    (name.chars().count() > MAX_SIGN_IN_METHOD_NAME).then_some(words::NAME_LONG)
}

/// Shows the error beside the field and moves the focus there. Returns whether there is an error.
pub(crate) fn show_name_error(input: Input, error: Option<&'static str>) -> bool {
    input.error.set(error);
    if error.is_some() {
        input.focus();
    }
    error.is_some()
}

/// Returns a handler that shows the error for a name that the engine rejected. The handler returns
/// whether that was the failure.
pub(crate) fn show_rejected_name(input: Input) -> impl Fn(&Failure) -> bool + Copy {
    move |problem| *problem == Failure::NameRejected && show_name_error(input, Some(words::NAME_LONG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_and_of_bounded_length() {
        assert_eq!(required_name_error(""), Some(words::NAME_EMPTY));
        assert_eq!(optional_name_error(""), None);
        for name_error in [required_name_error, optional_name_error] {
            assert_eq!(name_error(&"é".repeat(64)), None);
            assert_eq!(name_error(&"e".repeat(65)), Some(words::NAME_LONG));
        }
    }
}
