use crystallum_messages::SecretText;
use leptos::{html, prelude::*};

use crate::features::wallets::words::phrase as words;

/// The list that shows the words of a phrase. The words are written into the element and removed
/// from it; no signal ever holds them.
#[derive(Clone, Copy)]
pub(crate) struct Words(NodeRef<html::Ol>);

impl Words {
    /// Creates a handle to a list that is not rendered yet.
    pub(crate) fn new() -> Self {
        Self(NodeRef::new())
    }

    /// Writes the words into the list.
    pub(crate) fn show(self, phrase: &SecretText) {
        self.wipe();
        let Some(list) = self.0.try_get_untracked().flatten() else { return };
        for word in phrase.expose().split_whitespace() {
            if let Ok(item) = document().create_element("li") {
                item.set_text_content(Some(word));
                drop(list.append_child(&item));
            }
        }
    }

    /// Removes the words from the list.
    pub(crate) fn wipe(self) {
        if let Some(list) = self.0.try_get_untracked().flatten() {
            list.set_text_content(None);
        }
    }
}

/// Renders the list.
#[component]
pub(crate) fn PhraseWords(list: Words, #[prop(into)] revealed: Signal<bool>) -> impl IntoView {
    view! {
        <ol
            class="phrase-words"
            aria-label=words::LIST
            translate="no"
            hidden=move || !revealed.get()
            node_ref=list.0
        ></ol>
    }
}
