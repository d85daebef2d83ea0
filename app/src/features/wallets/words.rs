pub(crate) mod add;
pub(crate) mod label;
pub(crate) mod phrase;
pub(crate) mod shares;

pub(crate) const SECTION_NAME: &str = "Wallets";
pub(crate) const TITLE: &str = "Wallet";
pub(crate) const EDIT_TITLE: &str = "Edit wallet";
pub(crate) const LIST: &str = "Wallets";
pub(crate) const LOADING: &str = "Opening the wallet";
pub(crate) const BACK: &str = "Back to the wallets";
pub(crate) const ADD: &str = "Add wallet";
pub(crate) const NOTHING_OPEN: &str = "Choose a wallet to see where its shares are.";

pub(crate) const EMPTY_HEADING: &str = "No wallets yet";
pub(crate) const EMPTY_TEXT: [&str; 3] = [
    "A wallet's recovery phrase is all that anybody needs to take what it holds. So it is kept nowhere as a whole.",
    "It is split into shares, each sealed for a store of its own. Any 3 of 5 rebuild it, on your device and with your touch; 2 say nothing about it.",
    "Bring the phrase of a wallet that you have, or make a new one here. Keep your copy on paper in any case.",
];

pub(crate) const DEALT: &str = "Shares dealt";

pub(crate) const DELETE: &str = "Delete wallet";
pub(crate) const DELETE_TEXT: &str = "Moves it to the trash on all your devices.";
pub(crate) const DELETE_HEADING: &str = "Delete this wallet?";
pub(crate) const DELETE_KEEPS: &str = "The shares stay on their stores until then, so it can be put back. What the wallet holds is not moved: without your own copy of the phrase it is out of reach once the shares are gone.";

/// Returns a text such as "12 words".
pub(crate) fn words(words: u8) -> String {
    format!("{words} words")
}

/// Returns a text such as "3 of 5".
pub(crate) fn of(k: u8, n: u8) -> String {
    format!("{k} of {n}")
}

/// Returns a text such as "1 wallet".
pub(crate) fn count(wallets: usize) -> String {
    match wallets {
        1 => "1 wallet".into(),
        more => format!("{more} wallets"),
    }
}

/// Says exactly what deleting the wallet does.
pub(crate) fn delete(label: &str) -> String {
    format!(
        "Delete {label}: the wallet goes to the trash on all your devices and is deleted for good after 30 days."
    )
}

/// Returns the text that is shown on the wallet's page after the wallet was saved.
pub(crate) fn saved(label: &str, n: u8) -> String {
    format!("{label} is saved: {n} stores hold one share each.")
}
