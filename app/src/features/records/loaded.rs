use std::pin::Pin;

use crystallum_messages::{Failure, RecordId};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::router::use_location,
    engine::Engine,
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::general,
    },
};

/// The kind of record that a page shows: its list, and the texts around it.
#[derive(Clone, Copy)]
pub(crate) struct RecordKind {
    pub(crate) list_path: &'static str,
    pub(crate) back_label: &'static str,
    pub(crate) loading_text: &'static str,
}

/// The future that loads a record from the engine.
pub(crate) type RecordFuture<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// Loads the record that the address names and shows it, a placeholder, or an error. It loads again
/// when the address names another record.
#[component]
pub(crate) fn LoadedRecord<T>(
    kind: RecordKind,
    /// Whether to load only once. Set for forms, whose fields must not change when another device
    /// edits the record.
    #[prop(optional)]
    once: bool,
    /// Loads the record from the engine.
    load: fn(Engine, RecordId) -> RecordFuture<T>,
    /// Renders the record.
    render: fn(T) -> AnyView,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let (engine, sync, alarms, path) = (
        Engine::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
        use_location().pathname,
    );
    let id = Memo::new(move |_| path.with(|path| path.split('/').nth(2)?.parse::<RecordId>().ok()));
    let found = RwSignal::new(None::<Result<T, Failure>>);
    Effect::new(move |before: Option<Option<RecordId>>| {
        if !once {
            sync.changes.track();
        }
        let id = id.get();
        if before.is_some_and(|before| before != id) {
            found.set(None);
        }
        let Some(wanted) = id else {
            found.set(Some(Err(Failure::NoSuchRecord)));
            return id;
        };
        let record = load(engine, wanted);
        spawn_local(async move {
            let result = record.await;
            if !result.as_ref().is_err_and(|failure| alarms.handle_failure(failure)) {
                found.try_set(Some(result));
            }
        });
        id
    });
    let displayed = Memo::new(move |_| found.get());
    view! {
        {move || match displayed.get() {
            Some(Ok(record)) => render(record),
            Some(Err(failure)) => view! {
                <div class="pane">
                    <BackLink kind=kind/>
                    <PageHeading title=general::NOT_FOUND unseen=true>{general::NOT_FOUND}</PageHeading>
                    <FailureNote failure=Signal::stored(Some(failure))/>
                </div>
            }
            .into_any(),
            None => view! {
                <div class="pane" aria-busy="true">
                    <p class="unseen" role="status">{kind.loading_text}</p>
                    <div class="pane__skeleton skeleton"></div>
                    <div class="pane__skeleton pane__skeleton--card skeleton"></div>
                </div>
            }
            .into_any(),
        }}
    }
}

/// A link from a record to its list, for narrow windows.
#[component]
pub(crate) fn BackLink(kind: RecordKind) -> impl IntoView {
    view! {
        <a class="pane__back" href=kind.list_path><Icon glyph=Glyph::Back/>{kind.back_label}</a>
    }
}
