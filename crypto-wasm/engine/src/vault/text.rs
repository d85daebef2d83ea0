//! Texts that the user types: names, labels and notes.

use crystallum_messages::{MAX_LABEL, MAX_NAME, MAX_NOTE};

/// The name is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameRejected;

/// The label is empty or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LabelRejected;

/// The note is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoteRejected;

/// Parses a vault's name: 1 to 64 characters, none of them a control character.
pub(crate) fn parse_name(text: &str) -> Result<String, NameRejected> {
    parse_line(text, MAX_NAME).filter(|name| !name.is_empty()).ok_or(NameRejected)
}

/// Parses a record's label: 1 to 64 characters, none of them a control character.
pub(crate) fn parse_label(text: &str) -> Result<String, LabelRejected> {
    parse_line(text, MAX_LABEL).filter(|label| !label.is_empty()).ok_or(LabelRejected)
}

/// Parses a note of at most 1200 bytes.
pub(crate) fn parse_note(text: &str) -> Result<String, NoteRejected> {
    let text = text.trim();
    if text.len() <= MAX_NOTE { Ok(text.to_owned()) } else { Err(NoteRejected) }
}

/// Parses one line of at most `max` characters.
pub(crate) fn parse_line(text: &str, max: usize) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= max && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
