use crystallum_messages::{PhraseProblem, SecretText};
use leptos::{ev::Event, html, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::InputEvent;
use zeroize::Zeroizing;

use super::icon::{Glyph, Icon};
use crate::{engine::Engine, paste, session::Session, words::wallet::add as words};

/// Words of the longest phrase.
const MOST: usize = 24;

/// A phrase as it is typed. The text stays in the element; signals hold only what is to be said about it.
#[derive(Clone, Copy)]
pub(crate) struct PhraseInput {
    area: NodeRef<html::Textarea>,
    /// What is wrong, and which word it is about.
    error: RwSignal<Option<(String, Option<u32>)>>,
    count: RwSignal<usize>,
    good: RwSignal<bool>,
    suggestions: RwSignal<Vec<String>>,
    /// Grows with each change: late answers of the engine are about an earlier text.
    changes: StoredValue<u32>,
}

impl PhraseInput {
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

    /// The words, with one space between.
    pub(crate) fn read(self) -> SecretText {
        SecretText::new(String::clone(&paste::normalize_phrase(&self.raw())))
    }

    /// Replaces the text.
    pub(crate) fn write(self, text: &str) {
        if let Some(area) = self.area.try_get_untracked().flatten() {
            area.set_value(text);
        }
    }

    /// Shows what is wrong, and goes there.
    pub(crate) fn show(self, problem: &PhraseProblem) {
        self.tell(problem);
        if let Some(area) = self.area.try_get_untracked().flatten() {
            drop(area.focus());
        }
    }

    fn raw(self) -> Zeroizing<String> {
        Zeroizing::new(self.area.try_get_untracked().flatten().map(|area| area.value()).unwrap_or_default())
    }

    fn tell(self, problem: &PhraseProblem) {
        let phrase = self.read();
        let (word, at) = match *problem {
            PhraseProblem::Word { position } => {
                (nth(phrase.expose(), position).map(|(_, word)| word).unwrap_or_default(), Some(position))
            }
            PhraseProblem::Checksum | PhraseProblem::Count { .. } => ("", None),
        };
        self.error.set(Some((words::problem(problem, word), at)));
    }

    /// Selects one word, so that typing replaces it.
    fn go_to(self, position: u32) {
        let Some(area) = self.area.try_get_untracked().flatten() else { return };
        let phrase = self.read();
        area.set_value(phrase.expose());
        if let Some((start, word)) = nth(phrase.expose(), position) {
            let end = start + u32::try_from(word.encode_utf16().count()).unwrap_or_default();
            drop(area.focus());
            drop(area.set_selection_range(start, end));
        }
    }

    /// Puts a whole word in the place of the one that was begun.
    fn complete(self, word: &str) {
        let text = self.read();
        let before = before_last(&text);
        let gap = if before.is_empty() { "" } else { " " };
        self.write(&Zeroizing::new(format!("{}{gap}{word} ", before.expose())));
        if let Some(area) = self.area.try_get_untracked().flatten() {
            drop(area.focus());
        }
    }
}

/// A phrase without the word that is being typed.
fn before_last(phrase: &SecretText) -> SecretText {
    SecretText::new(phrase.expose().rsplit_once(' ').map(|(before, _)| before.to_owned()).unwrap_or_default())
}

/// A word by its number from 1, and where it begins in UTF-16, as the browser counts.
fn nth(phrase: &str, position: u32) -> Option<(u32, &str)> {
    let at = usize::try_from(position).ok()?.checked_sub(1)?;
    let start: usize = phrase.split(' ').take(at).map(|word| word.encode_utf16().count() + 1).sum();
    Some((u32::try_from(start).ok()?, phrase.split(' ').nth(at)?))
}

/// One box for the whole phrase: it takes a paste, a keyboard of a phone, and is one stop for a screen reader.
#[component]
pub(crate) fn PhraseField(input: PhraseInput) -> impl IntoView {
    let (engine, session) = (Engine::from_context(), Session::from_context());
    // `whole`: nobody is in the middle of typing it.
    let look = move |whole: bool| {
        let raw = input.raw();
        let phrase = input.read();
        let count = phrase.expose().split_whitespace().count();
        let begun = raw.chars().next_back().is_some_and(char::is_alphabetic);
        let prefix = phrase.expose().rsplit(' ').next().unwrap_or_default().to_owned();
        let now = input.changes.try_update_value(|changes| {
            *changes = changes.wrapping_add(1);
            *changes
        });
        let is_late = move || input.changes.try_get_value() != now;
        input.count.set(count);
        input.good.set(false);
        spawn_local(async move {
            let fitting = if begun && prefix.len() > 1 {
                engine.suggest_words(prefix.clone()).await
            } else {
                Ok(Vec::new())
            };
            if is_late() {
                return;
            }
            let fitting = fitting.unwrap_or_default();
            let is_word = fitting.contains(&prefix);
            // A word that is still typed is not wrong yet, unless nothing begins like it.
            let is_begun = begun && !is_word && !fitting.is_empty();
            input.suggestions.set(if is_word && fitting.len() == 1 { Vec::new() } else { fitting });
            let looked_at = if is_begun { before_last(&phrase) } else { phrase };
            let found = if looked_at.is_empty() { Ok(None) } else { engine.check_phrase(looked_at).await };
            if is_late() {
                return;
            }
            match found {
                Ok(None) => {
                    input.error.set(None);
                    input.good.set(count > 0 && !is_begun);
                }
                Ok(Some(problem @ PhraseProblem::Word { .. })) => input.tell(&problem),
                // Twelve words may be the first half of twenty-four.
                Ok(Some(problem @ PhraseProblem::Checksum)) if whole || count == MOST => input.tell(&problem),
                Ok(Some(_)) => input.error.set(None),
                Err(problem) => {
                    session.handle_failure(&problem);
                }
            }
        });
    };
    Effect::new(move || {
        if let Some(area) = input.area.get() {
            // Telephones of one maker correct what is no word of the language.
            drop(area.set_attribute("autocorrect", "off"));
        }
    });
    let changed = move |event: Event| {
        let pasted =
            event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
        if pasted {
            input.write(input.read().expose());
        }
        look(pasted);
    };
    let suggestion = move |word: String| {
        let chosen = word.clone();
        let complete = move |_| {
            input.complete(&chosen);
            look(false);
        };
        view! { <button type="button" class="button button--small" on:click=complete>{word}</button> }
    };
    view! {
        <div class="field">
            <label class="field__label" for="phrase">{words::PHRASE}</label>
            <textarea
                class="field__input field__input--lines field__input--key"
                id="phrase"
                rows="4"
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                translate="no"
                aria-describedby="phrase-hint phrase-error"
                aria-invalid=move || input.error.with(Option::is_some).then_some("true")
                node_ref=input.area
                on:input=changed
            ></textarea>
            <div class="phrase-field__below">
                <div class="phrase-field__suggestions" role="group" aria-label=words::SUGGESTIONS>
                    {move || input.suggestions.get().into_iter().map(suggestion).collect_view()}
                </div>
                <p class="muted" role="status">
                    {move || if input.good.get() {
                        view! { <span class="told-line"><Icon glyph=Glyph::Check/>{words::GOOD}</span> }.into_any()
                    } else {
                        words::so_far(input.count.get()).into_any()
                    }}
                </p>
            </div>
            <div class="phrase-field__error" id="phrase-error" role="alert">
                {move || input.error.get().map(|(text, at)| view! {
                    <p class="field__error">{text}</p>
                    {at.map(|at| view! {
                        <button type="button" class="button button--small" on:click=move |_| input.go_to(at)>
                            {words::go_to(at)}
                        </button>
                    })}
                })}
            </div>
            <p class="field__hint" id="phrase-hint">{words::PHRASE_HINT}</p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_by_number() {
        assert_eq!(nth("abandon ability able", 1), Some((0, "abandon")));
        assert_eq!(nth("abandon ability able", 3), Some((16, "able")));
        assert_eq!(nth("abandon", 2), None);
        assert_eq!(nth("abandon", 0), None);
        assert_eq!(nth("𝕒b able", 2), Some((4, "able")), "as the browser counts");
    }
}
