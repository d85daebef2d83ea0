use leptos::prelude::*;

use super::dialog::Dialog;
use crate::{
    leave::{Leaving, To},
    router::{NavigateOptions, use_navigate},
    words::form,
};

/// Asks before what was typed is lost.
#[component]
pub(crate) fn LeaveDialog() -> impl IntoView {
    let (leaving, navigate) = (expect_context::<Leaving>(), use_navigate());
    let go = Callback::new(move |()| match leaving.take() {
        Some(To::Address(address)) => navigate(&address, NavigateOptions::default()),
        Some(To::Back) => {
            if let Ok(history) = window().history() {
                drop(history.back());
            }
        }
        None => {}
    });
    view! {
        <Dialog open=leaving.asking id="leave-heading" heading=form::LEAVE_HEADING>
            <p>{form::LEAVE_TEXT}</p>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| go.run(())>{form::LEAVE_GO}</button>
                <button type="button" class="button button--primary" on:click=move |_| leaving.asking.set(false)>
                    {form::LEAVE_STAY}
                </button>
            </div>
        </Dialog>
    }
}
