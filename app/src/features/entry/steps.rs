use leptos::prelude::*;

use crate::{
    features::entry::words::create,
    ui::icon::{Glyph, Icon},
};

/// A list of steps, all of them named from the start.
#[component]
pub(crate) fn Steps(
    names: &'static [&'static str],
    /// The current step, counted from 0.
    #[prop(into)]
    current: Signal<usize>,
) -> impl IntoView {
    let step = move |(at, name): (usize, &'static str)| {
        let done = move || current.get() > at;
        view! {
            <li
                class="steps__step"
                class:steps__step--done=move || done()
                aria-current=move || (current.get() == at).then_some("step")
            >
                <span class="steps__number" aria-hidden="true">
                    {move || if done() { view! { <Icon glyph=Glyph::Check/> }.into_any() } else { (at + 1).into_any() }}
                </span>
                {name}
                {move || done().then(|| view! { <span class="unseen">{create::STEP_DONE}</span> })}
            </li>
        }
    };
    view! {
        <ol class="steps" aria-label=create::STEPS>
            {names.iter().copied().enumerate().map(step).collect_view()}
        </ol>
    }
}
