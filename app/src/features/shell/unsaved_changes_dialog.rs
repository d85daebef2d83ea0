use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    features::sheet::words as sheet,
    state::unsaved_changes::{Destination, Loss, UnsavedChanges},
    ui::{dialog::Dialog, words::form},
};

/// Asks for confirmation before unsaved input or a recovery sheet is lost.
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
        None => {}
    });
    let words = move |input, sheet| {
        Signal::derive(move || match unsaved.loss.get() {
            Loss::Input => input,
            Loss::Sheet => sheet,
        })
    };
    let (text, leave, stay) = (
        words(form::LEAVE_TEXT, sheet::LEAVE_TEXT),
        words(form::LEAVE_GO, sheet::LEAVE_GO),
        words(form::LEAVE_STAY, sheet::LEAVE_STAY),
    );
    view! {
        <Dialog open=unsaved.asking id="leave-heading" heading=words(form::LEAVE_HEADING, sheet::LEAVE_HEADING)>
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
