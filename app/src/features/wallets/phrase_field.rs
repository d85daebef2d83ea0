use leptos::{ev::Event, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::InputEvent;

use crate::{
    engine::Engine,
    features::wallets::{phrase_input::PhraseInput, words::add as words},
    state::alarms::Alarms,
    ui::icon::{Glyph, Icon},
};

/// A single text area for the phrase. It accepts pasted text and a phone keyboard, and is one stop
/// for screen readers.
#[component]
pub(crate) fn PhraseField(input: PhraseInput) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    Effect::new(move || {
        if let Some(area) = input.area.get() {
            // Safari on iOS replaces words that are not in its dictionary.
            drop(area.set_attribute("autocorrect", "off"));
        }
    });
    let changed = move |event: Event| {
        let pasted =
            event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
        if pasted {
            input.write(input.read().expose());
        }
        input.check(engine, alarms, pasted);
    };
    let suggestion = move |word: String| {
        let chosen = word.clone();
        let complete = move |_| {
            input.complete_word(&chosen);
            input.check(engine, alarms, false);
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
                <div class="phrase-field__suggestions" translate="no" role="group" aria-label=words::SUGGESTIONS>
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
                    <p class="field__error" translate="no">{text}</p>
                    {at.map(|at| view! {
                        <button type="button" class="button button--small" on:click=move |_| input.select_word(at)>
                            {words::go_to(at)}
                        </button>
                    })}
                })}
            </div>
            <p class="field__hint" id="phrase-hint">{words::PHRASE_HINT}</p>
        </div>
    }
}
