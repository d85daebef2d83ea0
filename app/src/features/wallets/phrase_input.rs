use crystallum_messages::{PhraseProblem, SecretText};
use leptos::{html, prelude::*, task::spawn_local};
use zeroize::Zeroizing;

use crate::{engine::Engine, features::wallets::words::add as words, state::alarms::Alarms, ui::paste};

/// The number of words in the longest phrase.
const MAX_WORDS: usize = 24;

/// A phrase that is being typed. The text stays in the element; the signals hold only what is shown
/// about it.
#[derive(Clone, Copy)]
pub(crate) struct PhraseInput {
    pub(super) area: NodeRef<html::Textarea>,
    /// The error, and the position of the word that it is about.
    pub(super) error: RwSignal<Option<(String, Option<u32>)>>,
    pub(super) count: RwSignal<usize>,
    pub(super) good: RwSignal<bool>,
    pub(super) suggestions: RwSignal<Vec<String>>,
    /// Counts the edits, so that late replies about an earlier text are ignored.
    changes: StoredValue<u32>,
}

impl PhraseInput {
    /// Creates a handle to a field that is not rendered yet.
    pub(crate) fn new() -> Self {
        Self {
            area: NodeRef::new(),
            error: RwSignal::new(None),
            count: RwSignal::new(0),
            good: RwSignal::new(false),
            suggestions: RwSignal::new(Vec::new()),
            changes: StoredValue::new(0),
        }
    }

    /// Returns the words, separated by single spaces.
    pub(crate) fn read(self) -> SecretText {
        SecretText::new(String::clone(&paste::normalize_phrase(&self.read_raw())))
    }

    /// Replaces the text.
    pub(crate) fn write(self, text: &str) {
        if let Some(area) = self.area.try_get_untracked().flatten() {
            area.set_value(text);
        }
    }

    /// Puts an earlier phrase into the field, unless the user has typed something since the field
    /// appeared: on a busy machine that is possible before the first frame.
    pub(crate) fn restore(self, phrase: &SecretText) {
        if !phrase.is_empty() && self.read_raw().is_empty() {
            self.write(phrase.expose());
        }
    }

    /// Shows an error and moves the focus into the field.
    pub(crate) fn show_and_focus(self, problem: &PhraseProblem) {
        self.show_error(problem);
        if let Some(area) = self.area.try_get_untracked().flatten() {
            drop(area.focus());
        }
    }

    fn read_raw(self) -> Zeroizing<String> {
        Zeroizing::new(self.area.try_get_untracked().flatten().map(|area| area.value()).unwrap_or_default())
    }

    fn show_error(self, problem: &PhraseProblem) {
        let phrase = self.read();
        let (word, at) = match *problem {
            PhraseProblem::Word { position } => (
                nth_word(phrase.expose(), position).map(|(_, word)| word).unwrap_or_default(),
                Some(position),
            ),
            PhraseProblem::Checksum | PhraseProblem::Count { .. } => ("", None),
        };
        self.error.set(Some((words::problem(problem, word), at)));
    }

    /// Selects one word, so that typing replaces it.
    pub(super) fn select_word(self, position: u32) {
        let Some(area) = self.area.try_get_untracked().flatten() else { return };
        let phrase = self.read();
        area.set_value(phrase.expose());
        if let Some((start, word)) = nth_word(phrase.expose(), position) {
            let end = start + u32::try_from(word.encode_utf16().count()).unwrap_or_default();
            drop(area.focus());
            drop(area.set_selection_range(start, end));
        }
    }

    /// Replaces the unfinished last word with a suggestion.
    pub(super) fn complete_word(self, word: &str) {
        let text = self.read();
        let before = without_last_word(&text);
        let gap = if before.is_empty() { "" } else { " " };
        self.write(&Zeroizing::new(format!("{}{gap}{word} ", before.expose())));
        if let Some(area) = self.area.try_get_untracked().flatten() {
            drop(area.focus());
        }
    }

    /// Checks the text, and shows what is right or wrong about it. `is_complete` says that the
    /// user is not in the middle of typing the phrase.
    pub(super) fn check(self, engine: Engine, alarms: Alarms, is_complete: bool) {
        let raw = self.read_raw();
        let phrase = self.read();
        let count = phrase.expose().split_whitespace().count();
        let ends_in_word = raw.chars().next_back().is_some_and(char::is_alphabetic);
        let prefix = phrase.expose().rsplit(' ').next().unwrap_or_default().to_owned();
        let now = self.changes.try_update_value(|changes| {
            *changes = changes.wrapping_add(1);
            *changes
        });
        let is_late = move || self.changes.try_get_value() != now;
        self.count.set(count);
        self.good.set(false);
        spawn_local(async move {
            let matching_words = if ends_in_word && prefix.len() > 1 {
                engine.suggest_words(prefix.clone()).await
            } else {
                Ok(Vec::new())
            };
            if is_late() {
                return;
            }
            let matching_words = matching_words.unwrap_or_default();
            let is_word = matching_words.contains(&prefix);
            // An unfinished word is not an error yet, unless no word starts with it.
            let is_unfinished = ends_in_word && !is_word && !matching_words.is_empty();
            self.suggestions.set(if is_word && matching_words.len() == 1 {
                Vec::new()
            } else {
                matching_words
            });
            let checked_phrase = if is_unfinished { without_last_word(&phrase) } else { phrase };
            let found =
                if checked_phrase.is_empty() { Ok(None) } else { engine.check_phrase(checked_phrase).await };
            if is_late() {
                return;
            }
            match found {
                Ok(None) => {
                    self.error.set(None);
                    self.good.set(count > 0 && !is_unfinished);
                }
                Ok(Some(problem @ PhraseProblem::Word { .. })) => self.show_error(&problem),
                // Twelve words may be the first half of twenty-four.
                Ok(Some(problem @ PhraseProblem::Checksum)) if is_complete || count == MAX_WORDS => {
                    self.show_error(&problem)
                }
                Ok(Some(_)) => self.error.set(None),
                Err(problem) => {
                    alarms.handle_failure(&problem);
                }
            }
        });
    }
}

/// Returns the phrase without its last word.
fn without_last_word(phrase: &SecretText) -> SecretText {
    SecretText::new(phrase.expose().rsplit_once(' ').map(|(before, _)| before.to_owned()).unwrap_or_default())
}

/// Returns a word by its position, counted from 1, and its start in UTF-16 code units, as browsers
/// count.
fn nth_word(phrase: &str, position: u32) -> Option<(u32, &str)> {
    let at = usize::try_from(position).ok()?.checked_sub(1)?;
    let start: usize = phrase.split(' ').take(at).map(|word| word.encode_utf16().count() + 1).sum();
    Some((u32::try_from(start).ok()?, phrase.split(' ').nth(at)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_number() {
        assert_eq!(nth_word("abandon ability able", 1), Some((0, "abandon")));
        assert_eq!(nth_word("abandon ability able", 3), Some((16, "able")));
        assert_eq!(nth_word("abandon", 2), None);
        assert_eq!(nth_word("abandon", 0), None);
        assert_eq!(nth_word("𝕒b able", 2), Some((4, "able")), "as the browser counts");
    }
}
