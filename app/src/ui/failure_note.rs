use crystallum_messages::Failure;
use leptos::prelude::*;

use crate::ui::{
    icon::{Glyph, Icon},
    words::failure::explain_failure,
};

/// Explains a failure beside the control that it concerns: what happened, what is safe, and what to
/// do next.
#[component]
pub(crate) fn FailureNote(#[prop(into)] failure: Signal<Option<Failure>>) -> impl IntoView {
    view! {
        <div role="alert">
            {move || failure.get().map(|failure| {
                let explanation = explain_failure(&failure);
                view! {
                    <div class="note note--bad">
                        <Icon glyph=Glyph::Warn/>
                        <div>
                            <p class="note__what">{explanation.what_happened}</p>
                            <p>{explanation.what_is_safe}</p>
                            <p>{explanation.what_to_do}</p>
                        </div>
                    </div>
                }
            })}
        </div>
    }
}
