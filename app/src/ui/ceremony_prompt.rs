use leptos::prelude::*;

use crate::{
    state::ceremony::{CeremonyController, Stage},
    ui::{
        icon::{Glyph, Icon},
        words::ceremony,
    },
};

/// Tells the user what the device is about to ask, and shows the button that a second ceremony
/// waits for.
#[component]
pub(crate) fn CeremonyPrompt() -> impl IntoView {
    let ceremonies = CeremonyController::from_context();
    view! {
        <div class="touch-prompt" aria-live="assertive">
            {move || match ceremonies.stage.get() {
                None => ().into_any(),
                Some(Stage::Prompting(touch)) => view! {
                    <div class="note">
                        <Icon glyph=Glyph::Passkey/>
                        <p>{ceremony::device_prompt(touch)}</p>
                    </div>
                }.into_any(),
                Some(Stage::WaitingForClick(touch)) => {
                    let words = ceremony::click_prompt(touch);
                    view! {
                        <div class="note">
                            <Icon glyph=Glyph::Passkey/>
                            <div>
                                <p class="note__what">{words.heading}</p>
                                <p>{words.text}</p>
                                <div class="note__actions">
                                    <button type="button" class="button button--primary" on:click=move |_| ceremonies.resume()>
                                        {words.button}
                                    </button>
                                    <button type="button" class="button button--quiet" on:click=move |_| ceremonies.cancel()>
                                        {ceremony::CANCEL}
                                    </button>
                                </div>
                            </div>
                        </div>
                    }.into_any()
                }
            }}
        </div>
    }
}
