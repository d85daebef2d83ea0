use crystallum_messages::{Failure, TrashRow, trash::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        records::words as detail,
        trash::{
            question::{Purge, Question},
            row::Row,
            unreadable::UnreadableList,
            words,
        },
    },
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{
        ceremony_prompt::CeremonyPrompt,
        dialog::Dialog,
        empty_list::EmptyList,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::{PageHeading, focus_heading},
    },
};

/// The records that were deleted in the last 30 days, to restore or to delete permanently.
#[component]
pub(crate) fn Trash() -> impl IntoView {
    let (engine, sync, alarms) =
        (Engine::from_context(), Synchronisation::from_context(), Alarms::from_context());
    let list = RwSignal::new(None::<Vec<TrashRow>>);
    let failure = RwSignal::new(None::<Failure>);
    let done_message = RwSignal::new(None::<String>);
    let (chosen, asking) = (RwSignal::new(None::<Purge>), RwSignal::new(false));
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            match engine.list_trash().await {
                Ok(found) => {
                    list.try_set(Some(found));
                }
                Err(problem) => alarms.report(problem, failure),
            }
        });
    });
    let write = Callback::new(move |(command, done): (Command, String)| {
        failure.set(None);
        done_message.set(None);
        asking.set(false);
        spawn_local(async move {
            match engine.save_record(command).await {
                Ok(saved) => {
                    sync.status.set(saved.sync);
                    done_message.try_set(Some(done));
                    focus_heading();
                }
                Err(problem) => alarms.report(problem, failure),
            }
        });
    });
    sync.renew_on_expiry(failure, move || {
        failure.try_set(None);
    });
    let ask = Callback::new(move |purge: Purge| {
        chosen.set(Some(purge));
        asking.set(true);
    });
    let row = move |row: TrashRow| view! { <Row row=row write=write ask=ask/> };
    let rows = move || {
        match list.get() {
            None => view! { <p class="muted" role="status">{failure.with(Option::is_none).then_some(words::LOADING)}</p> }.into_any(),
            Some(found) if found.is_empty() => view! {
                <EmptyList heading=words::EMPTY_HEADING>
                    <p>{words::EMPTY_TEXT}</p>
                </EmptyList>
            }
            .into_any(),
            Some(found) => view! {
                <p>{words::TEXT}</p>
                <ul class="trash" role="list" aria-label=words::LIST>{found.into_iter().map(row).collect_view()}</ul>
            }
            .into_any(),
        }
    };
    view! {
        <div class="vault__panes vault__panes--one">
            <div class="vault__pane">
                <article class="pane">
                    <a class="pane__back" href="/vault"><Icon glyph=Glyph::Back/>{detail::BACK}</a>
                    <PageHeading title=words::HEADING>{words::HEADING}</PageHeading>
                    <div role="status">
                        {move || done_message.get().map(|text| view! { <p class="told-line"><Icon glyph=Glyph::Check/>{text}</p> })}
                    </div>
                    <CeremonyPrompt/>
                    <FailureNote failure=failure/>
                    {move || rows()}
                    <UnreadableList ask=ask/>
                </article>
            </div>
            <Dialog open=asking id="purge-heading" heading=words::PURGE_HEADING>
                {move || chosen.get().map(|purge| view! { <Question purge=purge asking=asking write=write/> })}
            </Dialog>
        </div>
    }
}
