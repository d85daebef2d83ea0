use crystallum_messages::SecretText;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    features::wallets::{
        phrase_words::{PhraseWords, Words},
        step_heading::StepHeading,
        words::add as words,
    },
    ui::{
        field::{Field, Input, Shape},
        icon::{Glyph, Icon},
        paste,
        reveal_timer::RevealTimer,
    },
};

/// How long a new phrase stays on screen, in seconds. It can be shown again until the user has
/// written it down.
const REVEAL_SECONDS: u32 = 600;

/// Shows a newly generated phrase until the user has written it down, then asks for two of its
/// words.
#[component]
pub(crate) fn NewPhrase(
    phrase: StoredValue<SecretText>,
    /// Called once both words were right.
    on_written: Callback<()>,
    /// The button that leads back.
    children: ChildrenFn,
) -> impl IntoView {
    let list = Words::new();
    let timer = RevealTimer::new(move || list.wipe());
    let is_asking = RwSignal::new(false);
    let count = phrase.with_value(|phrase| phrase.expose().split_whitespace().count());
    let positions = two_positions(count, js_sys::Math::random(), js_sys::Math::random());
    let inputs = [Input::new(), Input::new()];

    // The list element exists from the next frame on.
    let show = move || {
        is_asking.set(false);
        request_animation_frame(move || {
            if phrase.try_with_value(|phrase| list.show(phrase)).is_some() {
                timer.start(REVEAL_SECONDS);
            }
        });
    };
    show();
    let toggle = move |_| if timer.is_revealed_untracked() { timer.hide() } else { show() };
    let go_on = move |_| {
        timer.hide();
        is_asking.set(true);
    };
    let check = move |event: SubmitEvent| {
        event.prevent_default();
        let mut all_right = true;
        for (number, input) in positions.into_iter().zip(inputs) {
            let typed = paste::normalize_phrase(&input.read());
            let is_right = phrase.with_value(|phrase| {
                phrase.expose().split_whitespace().nth(number - 1) == Some(typed.as_str())
            });
            input.error.set((!is_right).then_some(words::NOT_THE_WORD));
            if !is_right && all_right {
                input.focus();
            }
            all_right &= is_right;
        }
        if all_right {
            on_written.run(());
        }
    };
    let field = move |(number, (input, id)): (usize, (Input, &'static str))| {
        view! { <Field input=input id=id label=words::word(number) shape=Shape::Key/> }
    };
    let back_button = StoredValue::new(children);
    // The two states have different root elements. A reused element would turn the clicked button
    // into a submit button during the click.
    let writing = move || {
        view! {
            <div class="form">
            <StepHeading text=words::WRITE_DOWN/>
            <PhraseWords list=list revealed=Signal::derive(move || timer.is_revealed())/>
            <div class="note note--warn"><Icon glyph=Glyph::Warn/><p>{words::WRITE_DOWN_TEXT}</p></div>
            <div class="form__actions">
                <button type="button" class="button button--primary button--large" on:click=go_on>{words::WRITTEN}</button>
                <button type="button" class="button button--large" on:click=toggle>
                    {move || if timer.is_revealed() { words::HIDE_WORDS } else { words::SHOW_WORDS }}
                </button>
                {back_button.with_value(|children| children())}
            </div>
            </div>
        }
        .into_any()
    };
    let asked = move || {
        view! {
            <form class="form" novalidate autocomplete="off" on:submit=check>
            <StepHeading text=words::ASK_BACK/>
            <p class="muted">{words::ASK_BACK_TEXT}</p>
            {positions.into_iter().zip(inputs.into_iter().zip(["word-first", "word-second"])).map(field).collect_view()}
            <div class="form__actions">
                <button type="submit" class="button button--primary button--large">{words::GO_ON}</button>
                <button type="button" class="button button--large" on:click=move |_| show()>{words::SHOW_AGAIN}</button>
            </div>
            </form>
        }
        .into_any()
    };
    view! {
        {move || if is_asking.get() { asked() } else { writing() }}
    }
}

/// Picks two different positions, ascending and counted from 1, from two random numbers in `0..1`.
fn two_positions(count: usize, first: f64, second: f64) -> [usize; 2] {
    let (first, second) = (position(first, count), position(second, count.saturating_sub(1)));
    let second = if second >= first { second + 1 } else { second };
    [first.min(second), first.max(second)]
}

/// Picks one position from 1 to `count`.
fn position(chance: f64, count: usize) -> usize {
    let parts = u32::try_from(count).unwrap_or(1);
    (1..count)
        .zip(1..parts)
        .find(|&(_, part)| chance * f64::from(parts) < f64::from(part))
        .map_or(count, |(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_different_words_are_asked_for() {
        for first in 0..24 {
            for second in 0..23 {
                let [one, other] = two_positions(24, f64::from(first) / 24.0, f64::from(second) / 23.0);
                assert!(1 <= one && one < other && other <= 24, "{first} {second}: {one} {other}");
            }
        }
        assert_eq!(two_positions(12, 0.0, 0.0), [1, 2]);
        assert_eq!(two_positions(12, 0.999, 0.999), [11, 12]);
    }
}
