//! The name of a way in, as three forms ask for it.

use crystallum_messages::{Failure, MAX_WAY_NAME};
use leptos::prelude::*;

use super::field::Input;
use crate::words::ways as words;

/// What is wrong with a name that must be there.
pub(crate) fn needed(name: &str) -> Option<&'static str> {
    if name.is_empty() { Some(words::NAME_EMPTY) } else { optional(name) }
}

/// What is wrong with a name that may be left out.
pub(crate) fn optional(name: &str) -> Option<&'static str> {
    (name.chars().count() > MAX_WAY_NAME).then_some(words::NAME_LONG)
}

/// Says beside the field what is wrong with it, and takes the person there. Whether something was.
pub(crate) fn complain(input: Input, wrong: Option<&'static str>) -> bool {
    input.error.set(wrong);
    if wrong.is_some() {
        input.focus();
    }
    wrong.is_some()
}

/// The same for a name that the engine refused; whether that is what failed.
pub(crate) fn refused(input: Input) -> impl Fn(&Failure) -> bool + Copy {
    move |problem| *problem == Failure::NameRejected && complain(input, Some(words::NAME_LONG))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_there_and_of_bounded_length() {
        assert_eq!(needed(""), Some(words::NAME_EMPTY));
        assert_eq!(optional(""), None);
        for name in [needed, optional] {
            assert_eq!(name(&"é".repeat(64)), None);
            assert_eq!(name(&"e".repeat(65)), Some(words::NAME_LONG));
        }
    }
}
