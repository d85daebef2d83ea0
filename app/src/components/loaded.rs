use std::pin::Pin;

use crystallum_messages::{Failure, RecordId};
use leptos::{prelude::*, task::spawn_local};

use super::{
    failure_note::FailureNote,
    icon::{Glyph, Icon},
    page_heading::PageHeading,
};
use crate::{
    engine::Engine,
    router::use_location,
    session::Session,
    words::{common, detail, wallet},
};

/// What kind of record a page shows: its list, and what is said while it comes.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    list: &'static str,
    back: &'static str,
    loading: &'static str,
}

impl Kind {
    pub(crate) const KEY: Self = Self { list: "/vault", back: detail::BACK, loading: detail::LOADING };
    pub(crate) const WALLET: Self = Self { list: "/wallets", back: wallet::BACK, loading: wallet::LOADING };
}

/// What the engine will have answered.
pub(crate) type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// The record that the address names: awaited, shown, or missed. It is shown anew when it is another one than before.
#[component]
pub(crate) fn Loaded<T>(
    kind: Kind,
    /// For forms: what others change meanwhile must not touch them.
    #[prop(optional)]
    once: bool,
    /// Asks the engine.
    load: fn(Engine, RecordId) -> Answer<T>,
    /// The page of it.
    render: fn(T) -> AnyView,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let (engine, session, path) = (Engine::from_context(), Session::from_context(), use_location().pathname);
    let id = Memo::new(move |_| path.with(|path| path.split('/').nth(2)?.parse::<RecordId>().ok()));
    let found = RwSignal::new(None::<Result<T, Failure>>);
    Effect::new(move |before: Option<Option<RecordId>>| {
        if !once {
            session.changes.track();
        }
        let id = id.get();
        if before.is_some_and(|before| before != id) {
            found.set(None);
        }
        let Some(wanted) = id else {
            found.set(Some(Err(Failure::NoSuchRecord)));
            return id;
        };
        let answer = load(engine, wanted);
        spawn_local(async move {
            let result = answer.await;
            if !result.as_ref().is_err_and(|failure| session.handle_failure(failure)) {
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
                    <PageHeading title=common::NOT_FOUND unseen=true>{common::NOT_FOUND}</PageHeading>
                    <FailureNote failure=Signal::stored(Some(failure))/>
                </div>
            }
            .into_any(),
            None => view! {
                <div class="pane" aria-busy="true">
                    <p class="unseen" role="status">{kind.loading}</p>
                    <div class="pane__skeleton skeleton"></div>
                    <div class="pane__skeleton pane__skeleton--card skeleton"></div>
                </div>
            }
            .into_any(),
        }}
    }
}

/// The way from a record to its list, in narrow windows.
#[component]
pub(crate) fn BackLink(kind: Kind) -> impl IntoView {
    view! {
        <a class="pane__back" href=kind.list><Icon glyph=Glyph::Back/>{kind.back}</a>
    }
}
