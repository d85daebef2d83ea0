//! Texts that the user types: names, labels and notes.

use crystallum_messages::{Failure, MAX_LABEL, MAX_NAME, MAX_NOTE};

/// Parses a vault's name: 1 to 64 characters, none of them a control character.
pub(crate) fn parse_name(text: &str) -> Result<String, Failure> {
    parse_line(text, MAX_NAME).filter(|name| !name.is_empty()).ok_or(Failure::NameRejected)
}

/// Parses a record's label: 1 to 64 characters, none of them a control character.
pub(crate) fn parse_label(text: &str) -> Result<String, Failure> {
    parse_line(text, MAX_LABEL).filter(|label| !label.is_empty()).ok_or(Failure::LabelRejected)
}

/// Parses a note of at most 1200 bytes.
pub(crate) fn parse_note(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    if text.len() <= MAX_NOTE { Ok(text.to_owned()) } else { Err(Failure::NoteRejected) }
}

/// Parses one line of at most `max` characters.
pub(crate) fn parse_line(text: &str, max: usize) -> Option<String> {
    let text = text.trim();
    let fits = text.chars().count() <= max && !text.chars().any(char::is_control);
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests;
