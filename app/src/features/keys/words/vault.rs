use crate::ui::digits::group_thousands;

pub(crate) const SECTION_NAME: &str = "Vault";
pub(crate) const LOCK: &str = "Lock";
pub(crate) const HELP: &str = "Keyboard shortcuts";
pub(crate) const SEARCH: &str = "Search keys";
pub(crate) const ADD: &str = "Add exchange key";
pub(crate) const KEYS: &str = "Exchange keys";

pub(crate) const EMPTY_HEADING: &str = "No keys yet";
pub(crate) const EMPTY_TEXT: &str = "Three steps to the first one:";
pub(crate) const EMPTY_STEPS: [&str; 3] = [
    "On the exchange, create an API key that can read and trade, never withdraw.",
    "Restrict it to the addresses you use, where the exchange offers that.",
    "Choose Add exchange key above and paste it. It is sealed before it leaves this page.",
];
pub(crate) const NOTHING_OPEN: &str = "Choose a key to see it here.";

/// Returns a text such as "1 key".
pub(crate) fn count(records: u32) -> String {
    match records {
        0 => "No keys".into(),
        1 => "1 key".into(),
        more => format!("{} keys", group_thousands(more)),
    }
}

/// Returns the change number, to compare with another device.
pub(crate) fn change(number: u64) -> String {
    format!("Change {number}")
}

/// Says how many keys match a query.
pub(crate) fn found(total: u32, query: &str) -> String {
    match total {
        0 => format!("No key matches “{query}”."),
        1 => format!("1 key matches “{query}”."),
        more => format!("{} keys match “{query}”.", group_thousands(more)),
    }
}

/// Returns the text that is shown on the key's page after the key was saved.
pub(crate) fn saved(label: &str) -> String {
    format!("{label} is saved.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_grammar() {
        assert_eq!(count(1), "1 key");
        assert_eq!(count(10_000), "10,000 keys");
        assert_eq!(count(1_002_003), "1,002,003 keys");
        assert_eq!(found(0, "okx"), "No key matches “okx”.");
    }
}
