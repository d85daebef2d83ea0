pub(crate) mod draft;
pub(crate) mod idle;

pub(crate) const HEADING: &str = "Keyboard shortcuts";

/// The shortcuts: keys and what they do.
pub(crate) const LIST: [(&str, &str); 10] = [
    ("/", "Search"),
    ("N", "Add a key, or a wallet among wallets"),
    ("L", "Lock"),
    ("↑ ↓", "Move in the list"),
    ("PgUp PgDn", "Move by a page"),
    ("Home End", "First or last in the list"),
    ("Enter", "Open what is chosen"),
    ("Esc", "Close, or back to the list"),
    ("Tab", "To the next control"),
    ("?", "Show this sheet"),
];
