use crate::{browser::clipboard::Item, ui::words::form};

pub(crate) const CLIPBOARD_FAILED: &str = "The browser did not allow copying. Nothing is on the clipboard; you can reveal the value and copy it by hand.";
pub(crate) const CLIPBOARD_CLEARED: &str =
    "The clipboard was cleared. A clipboard history on this device may still hold it.";
pub(crate) const CLIPBOARD_LEFT: &str =
    "This page was not in front, so the clipboard could not be cleared. Copy something else over it.";

/// Says what was copied, and until when it stays on the clipboard.
pub(crate) fn copied(item: Item, until: &str) -> String {
    let name = match item {
        Item::Code => "Recovery code",
        Item::Field(field) => form::field(field),
    };
    format!("{name} copied. The clipboard is cleared at {until} if this page is in front then.")
}
