use crystallum_messages::{Failure, KeyDetail, RecordId};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_params_map;

use crate::{
    components::{
        credentials_card::CredentialsCard,
        delete_dialog::DeleteDialog,
        exchange_tile::ExchangeTile,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        time_ago::TimeAgo,
        told_line::ToldLine,
    },
    engine::Engine,
    session::Session,
    words::{common, detail as words},
};

/// One key without its secret.
#[component]
pub(crate) fn Detail() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id")?.parse::<RecordId>().ok()));
    move || match id.get() {
        Some(id) => view! { <Loaded id=id/> }.into_any(),
        None => view! { <Missing failure=Failure::NoSuchRecord/> }.into_any(),
    }
}

#[component]
fn Loaded(id: RecordId) -> impl IntoView {
    let (engine, session) = (Engine::here(), Session::here());
    let detail = RwSignal::new(None::<Result<KeyDetail, Failure>>);
    Effect::new(move || {
        session.changes.track();
        spawn_local(async move {
            let result = engine.open(id).await;
            if !result.as_ref().is_err_and(|failure| session.handled(failure)) {
                detail.set(Some(result));
            }
        });
    });
    // The page is built anew only when the record is another one than before.
    let shown = Memo::new(move |_| detail.get());
    move || match shown.get() {
        Some(Ok(detail)) => view! { <Shown detail=detail/> }.into_any(),
        Some(Err(failure)) => view! { <Missing failure=failure/> }.into_any(),
        None => view! {
            <div class="pane" aria-busy="true">
                <p class="unseen" role="status">{words::LOADING}</p>
                <div class="pane__skeleton skeleton"></div>
                <div class="pane__skeleton pane__skeleton--card skeleton"></div>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Missing(failure: Failure) -> impl IntoView {
    view! {
        <div class="pane">
            <BackLink/>
            <PageHeading title=common::NOT_FOUND unseen=true>{common::NOT_FOUND}</PageHeading>
            <FailureNote failure=Signal::stored(Some(failure))/>
        </div>
    }
}

#[component]
fn BackLink() -> impl IntoView {
    view! {
        <a class="pane__back" href="/vault"><Icon glyph=Glyph::Back/>{words::BACK}</a>
    }
}

#[component]
fn Shown(detail: KeyDetail) -> impl IntoView {
    let deleting = RwSignal::new(false);
    let row = detail.row.clone();
    let label = row.label.clone();
    let note = if detail.note.is_empty() {
        view! { <span class="muted">{words::NO_NOTE}</span> }.into_any()
    } else {
        view! { <span class="detail__note">{detail.note.clone()}</span> }.into_any()
    };
    view! {
        <article class="pane">
            <BackLink/>
            <ToldLine/>
            <header class="detail__head">
                <ExchangeTile exchange=row.exchange/>
                <div class="detail__name">
                    <PageHeading title=words::TITLE>{label}</PageHeading>
                    <p class="muted">{row.exchange.name()}</p>
                </div>
                <a class="button" href=format!("/vault/{}/edit", row.id)>
                    <Icon glyph=Glyph::Edit/>
                    {words::EDIT}
                </a>
            </header>
            <CredentialsCard detail=detail.clone()/>
            <section class="card" aria-labelledby="about-heading">
                <h2 class="card__heading" id="about-heading">{words::ABOUT}</h2>
                <dl class="facts">
                    <div><dt>{words::NOTE}</dt><dd>{note}</dd></div>
                    <div><dt>{words::UPDATED}</dt><dd><TimeAgo time=row.updated/></dd></div>
                    <div><dt>{words::CREATED}</dt><dd><TimeAgo time=detail.created/></dd></div>
                </dl>
            </section>
            <div class="detail__danger">
                <p class="muted">{words::DELETE_TEXT}</p>
                <button type="button" class="button button--bad" on:click=move |_| deleting.set(true)>
                    <Icon glyph=Glyph::Delete/>
                    {words::DELETE}
                </button>
            </div>
            <DeleteDialog open=deleting row=row/>
        </article>
    }
}
