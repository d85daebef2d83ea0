//! What a draft consists of.

use crystallum_exchanges::Exchange;
use crystallum_messages::{OverviewVersion, RecordId};
use zeroize::Zeroizing;

/// The form that a draft was typed into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DraftForm {
    /// The form for a new key.
    Add(Exchange),
    /// The form for a stored key.
    Edit {
        id: RecordId,
        /// The version that the form was filled from.
        base: OverviewVersion,
        /// Whether the credentials are being replaced.
        replaces: bool,
        /// The exchange of the key, which may be gone when the draft is continued.
        exchange: Exchange,
    },
}

impl DraftForm {
    /// Returns the form in which the draft is continued if the key is gone.
    pub(crate) fn without_key(self) -> Self {
        match self {
            Self::Add(exchange) | Self::Edit { exchange, .. } => Self::Add(exchange),
        }
    }

    /// Returns the address of the form.
    pub(crate) fn address(self) -> String {
        match self {
            Self::Add(exchange) => format!("/vault/add?exchange={}", exchange.code()),
            Self::Edit { id, .. } => format!("/vault/{id}/edit"),
        }
    }
}

/// The content of a form.
pub(crate) struct Draft {
    pub(crate) form: DraftForm,
    pub(crate) label: String,
    pub(crate) note: String,
    /// API key, API secret and passphrase.
    pub(crate) credentials: [Zeroizing<String>; 3],
}
