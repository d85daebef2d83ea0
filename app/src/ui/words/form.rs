use crystallum_exchanges::{Exchange, Field};

use crate::ui::paste::Mistake;

pub(crate) const CHOOSE_HEADING: &str = "Add an exchange key";
pub(crate) const CHOOSE_TEXT: &str = "Where was the key issued?";
pub(crate) const SEARCH_EXCHANGES: &str = "Search exchanges";
pub(crate) const NONE_FOUND: &str = "Not in the list? Choose Other: it takes any key.";
pub(crate) const CHANGE_EXCHANGE: &str = "Choose another exchange";

pub(crate) const LABEL: &str = "Label";
pub(crate) const NOTE: &str = "Note";
pub(crate) const OPTIONAL: &str = "optional";
pub(crate) const SHOW: &str = "Show";
pub(crate) const CONCEAL: &str = "Hide";
pub(crate) const SAVE: &str = "Save key";
pub(crate) const SAVE_CHANGES: &str = "Save changes";
pub(crate) const SAVING: &str = "Saving";
pub(crate) const LOCATION: &str = "Find it under";
pub(crate) const GRANT: &str = "Rights to give";
pub(crate) const WITHHOLD: &str = "Leave off";

/// The document's title. It must not contain a label, since browsers store titles in the history.
pub(crate) const EDIT_TITLE: &str = "Edit key";
pub(crate) const EDIT_HEADING: &str = "Edit";
pub(crate) const REPLACE: &str = "Replace API key and secret";
pub(crate) const REPLACE_TEXT: &str = "The stored key and secret stay as they are unless you replace them.";
pub(crate) const REPLACE_KEEP: &str = "Keep the stored ones";

pub(crate) const LABEL_LONG: &str = "Use 64 characters or fewer.";
pub(crate) const NOTE_LONG: &str = "The note is too long. About 1,200 letters fit.";
pub(crate) const SWAP: &str = "Swap them";
pub(crate) const MOVE: &str = "Move it";

/// Returns the label of a field, which is also its name in sentences.
pub(crate) fn field(field: Field) -> &'static str {
    match field {
        Field::ApiKey => "API key",
        Field::ApiSecret => "API secret",
        Field::Passphrase => "Passphrase",
    }
}

/// Returns the error for a required field that is empty.
pub(crate) fn empty(field: Field) -> &'static str {
    match field {
        Field::ApiKey => "Paste the API key.",
        Field::ApiSecret => "Paste the API secret.",
        Field::Passphrase => "Enter the passphrase you chose when you made the key.",
    }
}

pub(crate) const TOO_LONG: &str = "This is longer than any key: 5,000 characters fit.";
pub(crate) const REJECTED: &str = "This could not be stored as it is. Paste it again.";

/// Describes a mistake in the pasted credentials.
pub(crate) fn mistake(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::CutOff => {
            "The private key looks cut off: its last line is missing. Copy all of it, from BEGIN to END."
        }
        Mistake::PrivateKeyAsApiKey => "This looks like a private key. It belongs in the API secret field.",
        Mistake::Swapped => "API key and API secret look swapped.",
    }
}

/// Shown once a private key is recognised.
pub(crate) const PEM_SEEN: &str = "Private key recognised.";

/// Returns the heading of the form.
pub(crate) fn heading(exchange: Exchange) -> String {
    match exchange {
        Exchange::Other => "Add another key".into(),
        known => format!("Add {} {} key", known.article(), known.name()),
    }
}

/// Returns the initial label.
pub(crate) fn label_start(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Other => "",
        known => known.name(),
    }
}
