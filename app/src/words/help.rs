pub(crate) const HEADING: &str = "Keyboard shortcuts";

/// Keys and what they do.
pub(crate) const LIST: [(&str, &str); 7] = [
    ("/", "Search"),
    ("N", "Add a key"),
    ("L", "Lock"),
    ("↑ ↓", "Move in the list"),
    ("Enter", "Open the key"),
    ("Esc", "Close, or back to the list"),
    ("?", "Show this sheet"),
];
