use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    features::shell::words::leaving::{Question, question},
    state::unsaved_changes::{Destination, UnsavedChanges},
    ui::dialog::Dialog,
};

/// Asks for confirmation before what is on screen is lost.
#[component]
pub(crate) fn UnsavedChangesDialog() -> impl IntoView {
    let (unsaved, navigate) = (expect_context::<UnsavedChanges>(), use_navigate());
    let go = Callback::new(move |()| match unsaved.confirm_leaving() {
        Some(Destination::Address(address)) => navigate(&address, NavigateOptions::default()),
        Some(Destination::Back) => {
            if let Ok(history) = window().history() {
                drop(history.back());
            }
        }
        Some(Destination::Step(go)) => go(),
        None => {}
    });
    let words = move |part: fn(Question) -> &'static str| {
        Signal::derive(move || part(question(unsaved.loss.get(), unsaved.departure.get())))
    };
    let (text, leave, stay) =
        (words(|question| question.text), words(|question| question.go), words(|question| question.stay));
    view! {
        <Dialog open=unsaved.asking id="leave-heading" heading=words(|question| question.heading)>
            <p>{move || text.get()}</p>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| go.run(())>{move || leave.get()}</button>
                <button type="button" class="button button--primary" on:click=move |_| unsaved.asking.set(false)>
                    {move || stay.get()}
                </button>
            </div>
        </Dialog>
    }
}
