use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate},
    state::unsaved_changes::{Destination, UnsavedChanges},
    ui::{dialog::Dialog, words::form},
};

/// Asks for confirmation before unsaved input is lost.
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
    view! {
        <Dialog open=unsaved.asking id="leave-heading" heading=form::LEAVE_HEADING>
            <p>{form::LEAVE_TEXT}</p>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| go.run(())>{form::LEAVE_GO}</button>
                <button type="button" class="button button--primary" on:click=move |_| unsaved.asking.set(false)>
                    {form::LEAVE_STAY}
                </button>
            </div>
        </Dialog>
    }
}
