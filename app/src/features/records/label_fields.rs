use crystallum_messages::{Failure, MAX_LABEL, MAX_NOTE};
use leptos::prelude::*;

use crate::ui::{
    field::{Field, Input, Shape},
    words::form,
};

/// The texts of the two fields, which differ between the kinds of records.
#[derive(Clone, Copy)]
pub(crate) struct LabelWords {
    /// The error for an empty label.
    pub(crate) empty: &'static str,
    /// The hint for the label.
    pub(crate) hint: &'static str,
    /// The hint for the note.
    pub(crate) note_hint: &'static str,
}

/// The label and note fields of a record.
#[derive(Clone, Copy)]
pub(crate) struct LabelInputs {
    label: Input,
    note: Input,
    words: LabelWords,
}

impl LabelInputs {
    /// Creates the fields for one kind of record.
    pub(crate) fn new(words: LabelWords) -> Self {
        Self { label: Input::new(), note: Input::new(), words }
    }

    /// Returns the label as it is in its field.
    pub(crate) fn label(self) -> String {
        String::clone(&self.label.read())
    }

    /// Returns the note as it is in its field.
    pub(crate) fn note(self) -> String {
        String::clone(&self.note.read())
    }

    /// Fills both fields.
    pub(crate) fn fill(self, label: &str, note: &str) {
        self.label.write(label);
        self.note.write(note);
    }

    /// Reads both fields. Returns `None` if one cannot be stored; that field then shows its error
    /// and takes the focus.
    pub(crate) fn read(self) -> Option<(String, String)> {
        let (label, note) = (self.label.read(), self.note.read());
        let label_error = label_error(&label, self.words.empty);
        let note_error = (note.len() > MAX_NOTE).then_some(form::NOTE_LONG);
        self.label.error.set(label_error);
        self.note.error.set(note_error);
        if label_error.is_some() {
            self.label.focus();
        } else if note_error.is_some() {
            self.note.focus();
        }
        (label_error.is_none() && note_error.is_none()).then(|| (String::clone(&label), String::clone(&note)))
    }

    /// Shows an engine failure beside the field that caused it, and returns whether there is one.
    pub(crate) fn show(self, failure: &Failure) -> bool {
        let (input, error) = match failure {
            Failure::LabelRejected => (self.label, form::LABEL_LONG),
            Failure::NoteRejected => (self.note, form::NOTE_LONG),
            _ => return false,
        };
        input.error.set(Some(error));
        input.focus();
        true
    }
}

fn label_error(label: &str, empty: &'static str) -> Option<&'static str> {
    if label.is_empty() {
        Some(empty)
    } else if label.chars().count() > MAX_LABEL {
        Some(form::LABEL_LONG)
    } else {
        None
    }
}

/// The label field.
#[component]
pub(crate) fn LabelField(inputs: LabelInputs, #[prop(optional, into)] value: String) -> impl IntoView {
    view! {
        <Field input=inputs.label id="key-label" label=form::LABEL shape=Shape::Line value=value hint=inputs.words.hint/>
    }
}

/// The note field.
#[component]
pub(crate) fn NoteField(inputs: LabelInputs, #[prop(optional, into)] value: String) -> impl IntoView {
    view! {
        <Field
            input=inputs.note
            id="key-note"
            label=form::NOTE
            shape=Shape::Lines
            value=value
            hint=inputs.words.note_hint
            optional=true
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_has_1_to_64_characters() {
        assert_eq!(label_error("", "empty"), Some("empty"));
        assert_eq!(label_error(&"ä".repeat(64), "empty"), None);
        assert_eq!(label_error(&"a".repeat(65), "empty"), Some(form::LABEL_LONG));
    }
}
