//! The facts that every exchange states.

use crate::fields::FieldRule;
use crate::shape::Shapes;

/// Everything that the product knows about an exchange.
pub struct Facts {
    /// The display name.
    pub name: &'static str,
    /// The indefinite article for the name: `a` or `an`.
    pub article: &'static str,
    /// The name in records, addresses and style sheets: 1 to 32 lower-case letters. It is part of
    /// the format (FORMAT.md, section 5), so it never changes.
    pub code: &'static str,
    /// The fields of a key, in the order of the form.
    pub fields: &'static [FieldRule],
    /// What the API key and the API secret look like, if the two can be told apart.
    pub shapes: Option<Shapes>,
    /// The two letters on the exchange's tile.
    pub initials: &'static str,
    /// What a user needs to know to create a key.
    pub guide: Guide,
}

/// Where an exchange lists its API keys, and which permissions a key should have.
pub struct Guide {
    /// The path through the exchange's pages.
    pub location: &'static str,
    /// The permissions to grant, as the exchange names them.
    pub grant: &'static str,
    /// The permissions to withhold.
    pub withhold: &'static str,
    /// The hint for the API key. It may be empty.
    pub api_key: &'static str,
    /// The hint for the API secret.
    pub api_secret: &'static str,
    /// The hint for the passphrase.
    pub passphrase: &'static str,
}

impl Guide {
    /// A guide with the usual hints, which an exchange completes.
    pub(crate) const USUAL: Self = Self {
        location: "",
        grant: "",
        withhold: "",
        api_key: "",
        api_secret: "Shown once, when the key is made.",
        passphrase: "The one you chose when you made the key; not your login password.",
    };
}
