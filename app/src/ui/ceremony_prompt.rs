use leptos::prelude::*;

use crate::{
    state::ceremony::{CeremonyController, Stage},
    ui::{
        icon::{Glyph, Icon},
        words::ceremony,
    },
};

/// Tells the user what the device is about to ask, and shows the button that a second ceremony
/// waits for. Cancelling, or leaving the page, ends the ceremony.
#[component]
pub(crate) fn CeremonyPrompt() -> impl IntoView {
    let ceremonies = CeremonyController::from_context();
    // The engine carries out nothing else until the ceremony has ended.
    on_cleanup(move || ceremonies.leave());
    let cancel = move || {
        view! {
            <button type="button" class="button button--quiet" on:click=move |_| ceremonies.cancel()>
                {ceremony::CANCEL}
            </button>
        }
    };
    view! {
        <div class="touch-prompt" aria-live="assertive">
            {move || match ceremonies.stage.get() {
                None => ().into_any(),
                Some(Stage::Prompting(touch)) => view! {
                    <div class="note">
                        <Icon glyph=Glyph::Passkey/>
                        <div>
                            <p>{ceremony::device_prompt(touch)}</p>
                            <div class="note__actions">{cancel()}</div>
                        </div>
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
                                    {cancel()}
                                </div>
                            </div>
                        </div>
                    }.into_any()
                }
            }}
        </div>
    }
}
