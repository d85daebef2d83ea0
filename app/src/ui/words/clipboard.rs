use crate::{browser::clipboard::ReadAccess, state::clipboard::Item, ui::words::form};

pub(crate) const CLEAR_NOW: &str = "Clear now";

pub(crate) const CLIPBOARD_FAILED: &str = "The browser did not allow copying. The clipboard is as it was before; you can reveal the value and copy it by hand.";
pub(crate) const CLIPBOARD_CLEARED: &str =
    "The clipboard was cleared. A clipboard history on this device may still hold it.";
pub(crate) const CLIPBOARD_REFUSED: &str =
    "The browser did not let this page clear the clipboard. Copy something else over it.";
pub(crate) const CLIPBOARD_REPLACED: &str =
    "Something else was copied meanwhile. It was left on the clipboard.";

/// Shown on the unlock page.
pub(crate) const CLIPBOARD_LEFT: &str =
    "What you copied from your vault may still be on the clipboard. This page could not clear it.";

/// Says what was copied, and when it is removed from the clipboard.
pub(crate) fn copied(item: Item, until: &str, access: ReadAccess) -> String {
    let name = name(item);
    let text = format!(
        "{name} copied. The clipboard is cleared at your first click or key press here after {until}, or when you lock."
    );
    match access {
        ReadAccess::Click | ReadAccess::Granted => text,
        ReadAccess::Denied => format!(
            "{text} Once you have been elsewhere, this page cannot tell what is on the clipboard, and leaves it to you."
        ),
    }
}

/// Says on other pages that the secret may be on the clipboard.
pub(crate) fn may_be_left(item: Item) -> String {
    let name = name(item);
    format!("{name} may still be on the clipboard.")
}

/// Says that the time is over, and what is needed to clear the clipboard.
pub(crate) fn due(item: Item) -> String {
    let name = name(item);
    format!(
        "{name} may still be on the clipboard. It is cleared at your next click or key press here, if nothing else was copied meanwhile."
    )
}

/// Says that the page cannot tell whether the secret is still on the clipboard, and how it could.
pub(crate) fn unknown(item: Item, access: ReadAccess) -> String {
    let name = name(item);
    let text = format!(
        "{name} may still be on the clipboard. Something else may have been copied, and this page cannot tell what is on it now, so it was left as it is."
    );
    match access {
        ReadAccess::Denied => format!("{text} In Settings you can let this page look."),
        // The browser has no such permission, or has given it.
        ReadAccess::Click | ReadAccess::Granted => text,
    }
}

fn name(item: Item) -> &'static str {
    match item {
        Item::Code => "Recovery code",
        Item::Field(field) => form::field(field),
    }
}

#[cfg(test)]
mod tests {
    use crystallum_messages::Field;

    use super::*;

    #[test]
    fn what_the_page_cannot_do_is_said() {
        let item = Item::Field(Field::ApiSecret);
        let granted = copied(item, "10:00:30", ReadAccess::Granted);
        assert_eq!(
            granted,
            "API secret copied. The clipboard is cleared at your first click or key press here after 10:00:30, or when you lock."
        );
        let denied = copied(item, "10:00:30", ReadAccess::Denied);
        assert!(denied.starts_with(&granted) && denied.ends_with("leaves it to you."));
    }

    #[test]
    fn the_settings_are_named_only_where_they_can_help() {
        let item = Item::Field(Field::ApiSecret);
        assert!(unknown(item, ReadAccess::Denied).ends_with("In Settings you can let this page look."));
        for access in [ReadAccess::Click, ReadAccess::Granted] {
            assert!(unknown(item, access).ends_with("so it was left as it is."), "{access:?}");
        }
    }
}
