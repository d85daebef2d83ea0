use leptos::{ev::MouseEvent, html, prelude::*};

/// A modal dialog on the native `dialog` element. The browser keeps the focus inside and closes it
/// on Escape.
#[component]
pub(crate) fn Dialog(
    /// Whether it is open. Updated when the user closes it.
    open: RwSignal<bool>,
    /// The id of the heading, unique in the page.
    id: &'static str,
    heading: &'static str,
    /// The id of the text that says why the dialog opens by itself. It makes screen readers
    /// announce the dialog as an alert.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// Called whenever the dialog closes.
    #[prop(optional, into)]
    closed: Option<Callback<()>>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            drop(dialog.show_modal());
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    // A click on the backdrop targets the dialog element itself.
    let outside = move |event: MouseEvent| {
        if dialog
            .try_get_untracked()
            .flatten()
            .is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref()))
        {
            open.set(false);
        }
    };
    let on_close = move |_| {
        // The event is asynchronous: the dialog may be open again by now.
        if dialog.try_get_untracked().flatten().is_some_and(|dialog| dialog.open()) {
            return;
        }
        open.set(false);
        if let Some(closed) = closed {
            closed.run(());
        }
    };
    view! {
        <dialog
            class="dialog"
            role=described_by.map(|_| "alertdialog")
            aria-labelledby=id
            aria-describedby=described_by
            node_ref=dialog
            on:close=on_close
            on:click=outside
        >
            <div class="dialog__sheet">
                <h2 class="dialog__heading" id=id>{heading}</h2>
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </dialog>
    }
}
