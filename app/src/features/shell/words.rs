pub(crate) mod draft;
pub(crate) mod going_over;
pub(crate) mod idle;
pub(crate) mod leaving;
pub(crate) mod notices;

pub(crate) const HEADING: &str = "Keyboard shortcuts";
pub(crate) const CHARACTERS_OFF: &str = "Shortcuts of a single key are switched off in the settings.";

/// The shortcuts that are one character, which can be switched off: keys and what they do.
pub(crate) const CHARACTERS: [(&str, &str); 4] =
    [("/", "Search"), ("N", "Add a key, or a wallet among wallets"), ("L", "Lock"), ("?", "Show this sheet")];

/// The other shortcuts.
pub(crate) const LIST: [(&str, &str); 6] = [
    ("↑ ↓", "Move in the list"),
    ("PgUp PgDn", "Move by a page"),
    ("Home End", "First or last in the list"),
    ("Enter", "Open what is chosen"),
    ("Esc", "Close, or back to the list"),
    ("Tab", "To the next control"),
];
