use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    touch::{Stage, Touches},
    words::touch,
};

/// Says what the device is about to ask, and asks for the click that a second touch waits for.
#[component]
pub(crate) fn TouchPrompt() -> impl IntoView {
    let touches = Touches::here();
    view! {
        <div class="touch-prompt" aria-live="assertive">
            {move || match touches.stage.get() {
                None => ().into_any(),
                Some(Stage::Asking(touch)) => view! {
                    <div class="note">
                        <Icon glyph=Glyph::Passkey/>
                        <p>{touch::asking(touch)}</p>
                    </div>
                }.into_any(),
                Some(Stage::Waiting(touch)) => {
                    let words = touch::waiting(touch);
                    view! {
                        <div class="note">
                            <Icon glyph=Glyph::Passkey/>
                            <div>
                                <p class="note__what">{words.heading}</p>
                                <p>{words.text}</p>
                                <div class="note__actions">
                                    <button type="button" class="button button--primary" on:click=move |_| touches.touch_again()>
                                        {words.button}
                                    </button>
                                    <button type="button" class="button button--quiet" on:click=move |_| touches.give_up()>
                                        {touch::GIVE_UP}
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
