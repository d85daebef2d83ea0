use crystallum_messages::{Copied, Failure};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::new_from_copy::{stage::Stage, words},
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{failure_note::FailureNote, page_heading::PageHeading},
};

/// Copies the keys into the new vault, and says when all are there.
#[component]
pub(super) fn Progress(stage: RwSignal<Stage>) -> impl IntoView {
    let (engine, alarms, sync) =
        (Engine::from_context(), Alarms::from_context(), Synchronisation::from_context());
    let failure = RwSignal::new(None::<Failure>);
    let copied = Memo::new(move |_| match stage.get() {
        Stage::Asking => Copied { done: 0, left: 0 },
        Stage::Copying(copied) => copied,
    });
    let (is_over, has_failed) = (RwSignal::new(false), Memo::new(move |_| failure.with(Option::is_some)));
    let copy = move || {
        failure.set(None);
        spawn_local(async move {
            loop {
                match engine.copy_next().await {
                    Ok(copied) => {
                        stage.try_set(Stage::Copying(copied));
                        if copied.left == 0 {
                            is_over.try_set(true);
                            return;
                        }
                    }
                    Err(Failure::SessionExpired) => {
                        failure.try_set(Some(Failure::SessionExpired));
                        sync.renewing.set(true);
                        return;
                    }
                    Err(problem) => return alarms.report(problem, failure),
                }
            }
        });
    };
    copy();
    view! {
        {move || if is_over.get() {
            view! {
                <PageHeading title=words::DONE>{words::DONE}</PageHeading>
                <p role="status">{move || words::copied(copied.get().done)}</p>
                <p>{words::DONE_TEXT}</p>
                <div class="form__actions">
                    <a class="button button--primary button--large" href="/security/sheet">{words::MAKE_SHEET}</a>
                    <a class="button button--large" href="/vault">{words::OPEN}</a>
                </div>
            }
            .into_any()
        } else {
            view! {
                <PageHeading title=words::COPYING>{words::COPYING}</PageHeading>
                <p>{words::COPYING_TEXT}</p>
                <progress
                    class="copy-progress"
                    aria-label=words::COPIED_BAR
                    max=move || copied.get().done + copied.get().left
                    value=move || copied.get().done
                ></progress>
                <p role="status">{move || words::progress(copied.get())}</p>
                <FailureNote failure=failure/>
                {move || has_failed.get().then(|| view! {
                    <div class="form__actions">
                        <button type="button" class="button button--large" on:click=move |_| copy()>{words::GO_ON}</button>
                    </div>
                })}
            }
            .into_any()
        }}
    }
}
