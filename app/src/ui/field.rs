use leptos::{ev::Event, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::InputEvent;
use zeroize::Zeroizing;

use crate::ui::{paste, words::form};

/// The kind of control that a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One readable line in monospaced type.
    Key,
    /// Two readable lines in monospaced type.
    KeyLines,
    /// One readable line.
    Line,
    /// Several readable lines.
    Lines,
    /// One hidden line.
    Secret,
    /// Several hidden lines.
    SecretLines,
}

/// Reads and writes one field. The text stays in the element; no signal ever holds it.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    line: NodeRef<html::Input>,
    lines: NodeRef<html::Textarea>,
    /// The error that is shown beside the field.
    pub(crate) error: RwSignal<Option<&'static str>>,
    /// Counts the edits: it grows when something is typed or pasted.
    pub(crate) edits: RwSignal<u32>,
}

impl Input {
    /// Creates a handle to a field that is not rendered yet.
    pub(crate) fn new() -> Self {
        Self {
            line: NodeRef::new(),
            lines: NodeRef::new(),
            error: RwSignal::new(None),
            edits: RwSignal::new(0),
        }
    }

    /// Returns the text, tidied like a pasted value.
    pub(crate) fn read(self) -> Zeroizing<String> {
        paste::tidy(&self.read_raw())
    }

    /// Replaces the text.
    pub(crate) fn write(self, text: &str) {
        if let Some(line) = self.line.try_get_untracked().flatten() {
            line.set_value(text);
        } else if let Some(lines) = self.lines.try_get_untracked().flatten() {
            lines.set_value(text);
        }
    }

    /// Moves the focus into the field.
    pub(crate) fn focus(self) {
        if let Some(line) = self.line.try_get_untracked().flatten() {
            drop(line.focus());
        } else if let Some(lines) = self.lines.try_get_untracked().flatten() {
            drop(lines.focus());
        }
    }

    fn read_raw(self) -> Zeroizing<String> {
        let line = self.line.try_get_untracked().flatten().map(|line| line.value());
        Zeroizing::new(
            line.or_else(|| self.lines.try_get_untracked().flatten().map(|lines| lines.value()))
                .unwrap_or_default(),
        )
    }

    /// Tidies pasted text and clears the error.
    fn handle_input(self, event: &Event) {
        let pasted =
            event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type() == "insertFromPaste");
        if pasted {
            let (raw, tidy) = (self.read_raw(), self.read());
            if *raw != *tidy {
                self.write(&tidy);
            }
        }
        self.error.set(None);
        self.edits.update(|edits| *edits = edits.wrapping_add(1));
    }
}

/// A labelled field with a hint and an error.
#[component]
pub(crate) fn Field(
    input: Input,
    /// The element's id, unique in the page.
    id: &'static str,
    #[prop(into)] label: String,
    shape: Shape,
    /// The initial text.
    #[prop(optional, into)]
    value: String,
    #[prop(optional, into)] hint: String,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    // The value is written and not rendered, because an element that is reused for another field
    // would keep the text typed there.
    Effect::new(move || {
        if input.line.get().is_some() || input.lines.get().is_some() {
            input.write(&value);
        }
    });
    let is_visible = RwSignal::new(!matches!(shape, Shape::Secret | Shape::SecretLines));
    let hint_id = format!("{id}-hint");
    let error_id = format!("{id}-error");
    let described = format!("{hint_id} {error_id}");
    let invalid = move || input.error.get().map(|_| "true");
    let text = match shape {
        Shape::Key | Shape::Line | Shape::Secret => view! {
            <input
                class="field__input"
                class:field__input--key=shape != Shape::Line
                id=id
                type=move || if is_visible.get() { "text" } else { "password" }
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                translate="no"
                aria-describedby=described
                aria-invalid=move || invalid()
                node_ref=input.line
                on:input=move |event| input.handle_input(&event)
            />
        }
        .into_any(),
        Shape::KeyLines | Shape::Lines | Shape::SecretLines => view! {
            <textarea
                class="field__input field__input--lines"
                class:field__input--key=shape != Shape::Lines
                class:field__input--hidden=move || !is_visible.get()
                id=id
                rows=if shape == Shape::KeyLines { "2" } else { "4" }
                autocomplete="off"
                spellcheck="false"
                autocapitalize="off"
                translate="no"
                aria-describedby=described
                aria-invalid=move || invalid()
                node_ref=input.lines
                on:input=move |event| input.handle_input(&event)
            ></textarea>
        }
        .into_any(),
    };
    let toggle = matches!(shape, Shape::Secret | Shape::SecretLines).then(|| {
        view! {
            <button
                type="button"
                class="field__toggle"
                aria-describedby=format!("{id}-label")
                on:click=move |_| is_visible.update(|is_visible| *is_visible = !*is_visible)
            >
                {move || if is_visible.get() { form::CONCEAL } else { form::SHOW }}
            </button>
        }
    });
    view! {
        <div class="field">
            <div class="field__head">
                <label class="field__label" for=id id=format!("{id}-label")>{label}</label>
                {optional.then(|| view! { <span class="field__optional">{form::OPTIONAL}</span> })}
                {toggle}
            </div>
            {text}
            <p class="field__error" id=error_id role="alert">{move || input.error.get()}</p>
            <p class="field__hint" id=hint_id>{hint}</p>
        </div>
    }
}
