use crystallum_messages::{Command, Exchange, Failure, KeyDraft, SyncState};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use crate::{
    components::{
        credential_fields::{CredentialFields, CredentialInputs},
        draft,
        exchange_picker::ExchangePicker,
        exchange_tile::ExchangeTile,
        failure_note::FailureNote,
        guide::Guide,
        icon::{Glyph, Icon},
        label_fields::{LabelField, LabelInputs, NoteField},
        page_heading::PageHeading,
    },
    engine::Engine,
    session::Session,
    slug,
    words::{common, detail, form, vault},
};

/// A new key: first where it was issued, then its fields.
#[component]
pub(crate) fn Add() -> impl IntoView {
    let (query, navigate) = (use_query_map(), use_navigate());
    let exchange = Memo::new(move |_| query.with(|query| query.get_str("exchange").and_then(slug::exchange)));
    let chosen = Callback::new(move |exchange: Exchange| {
        navigate(&format!("/vault/add?exchange={}", slug::slug(exchange)), NavigateOptions::default());
    });
    move || match exchange.get() {
        Some(exchange) => view! { <Form exchange=exchange/> }.into_any(),
        None => view! {
            <div class="pane">
                <a class="pane__back" href="/vault"><Icon glyph=Glyph::Back/>{detail::BACK}</a>
                <PageHeading title=form::CHOOSE_HEADING>{form::CHOOSE_HEADING}</PageHeading>
                <p>{form::CHOOSE_TEXT}</p>
                <ExchangePicker chosen=chosen/>
            </div>
        }
        .into_any(),
    }
}

#[component]
fn Form(exchange: Exchange) -> impl IntoView {
    let (engine, session, navigate) = (Engine::here(), Session::here(), use_navigate());
    let (labels, credentials) = (LabelInputs::new(), CredentialInputs::new(exchange));
    let failure = RwSignal::new(None::<Failure>);
    let pending = RwSignal::new(false);
    draft::keep_draft();

    let save = Callback::new(move |()| {
        if pending.get_untracked() {
            return;
        }
        failure.set(None);
        // Both are read, so that every field that is wrong says so at once.
        let (secret, texts) = (credentials.read(), labels.read());
        let (Some(secret), Some((label, note))) = (secret, texts) else { return };
        pending.set(true);
        let told = label.clone();
        let draft = KeyDraft { exchange, label, note, credentials: secret };
        let navigate = navigate.clone();
        spawn_local(async move {
            let result = engine.save(Command::Add(draft)).await;
            pending.set(false);
            match result {
                Ok(saved) => {
                    credentials.clear();
                    session.sync.set(saved.sync);
                    session.told.set((saved.sync == SyncState::Synced).then(|| vault::saved(&told)));
                    navigate(
                        &format!("/vault/{}", saved.id),
                        NavigateOptions { replace: true, ..NavigateOptions::default() },
                    );
                }
                Err(problem) if credentials.show(&problem) || labels.show(&problem) => {}
                Err(problem) if session.handled(&problem) => {}
                Err(problem) => failure.set(Some(problem)),
            }
        });
    });
    Effect::new(move || {
        if failure.get() == Some(Failure::SessionExpired) {
            session.renew_then(move || {
                // The form may be gone by then, and its callback with it.
                save.try_run(());
            });
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save.run(());
    };
    view! {
        <div class="pane">
            <a class="pane__back pane__back--always" href="/vault/add"><Icon glyph=Glyph::Back/>{form::CHANGE_EXCHANGE}</a>
            <header class="detail__head">
                <ExchangeTile exchange=exchange/>
                <PageHeading title=form::heading(exchange)>{form::heading(exchange)}</PageHeading>
            </header>
            <Guide exchange=exchange/>
            <form class="form" novalidate autocomplete="off" on:submit=submit>
                <LabelField inputs=labels value=form::label_start(exchange)/>
                <CredentialFields inputs=credentials/>
                <NoteField inputs=labels/>
                <FailureNote failure=failure/>
                <div class="form__actions">
                    <button
                        type="submit"
                        class="button button--primary button--large"
                        aria-disabled=move || pending.get().then_some("true")
                    >
                        {form::SAVE}
                    </button>
                    <a class="button button--large" href="/vault">{common::CANCEL}</a>
                    <span class="muted" role="status">{move || pending.get().then_some(form::SAVING)}</span>
                </div>
            </form>
        </div>
    }
}
