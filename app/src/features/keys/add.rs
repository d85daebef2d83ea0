use crystallum_exchanges::Exchange;
use crystallum_messages::{KeyDraft, Saved, SyncState, keys::Command};
use leptos::prelude::*;

use crate::{
    browser::router::{NavigateOptions, use_navigate, use_query_map},
    features::{
        keys::{
            credential_fields::{CredentialFields, CredentialInputs},
            exchange_picker::ExchangePicker,
            guide::Guide,
            words::{label::LABEL_WORDS, vault},
        },
        records::{
            label_fields::{LabelField, LabelInputs, NoteField},
            record_form::{FormInput, RecordForm},
            words as detail,
        },
    },
    state::{
        drafts::{Draft, DraftForm, Drafts},
        unsaved_changes::UnsavedChanges,
    },
    ui::{
        exchange_tile::ExchangeTile,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::form,
    },
};

/// Adds a key: first the exchange, then the fields.
#[component]
pub(crate) fn Add() -> impl IntoView {
    let (query, navigate) = (use_query_map(), use_navigate());
    let exchange =
        Memo::new(move |_| query.with(|query| query.get_str("exchange").and_then(Exchange::from_code)));
    let chosen = Callback::new(move |exchange: Exchange| {
        navigate(&format!("/vault/add?exchange={}", exchange.code()), NavigateOptions::default());
    });
    view! {
        {move || match exchange.get() {
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
        }}
    }
}

#[component]
fn Form(exchange: Exchange) -> impl IntoView {
    let (labels, credentials) = (LabelInputs::new(LABEL_WORDS), CredentialInputs::new(exchange));
    let (drafts, unsaved) = (Drafts::from_context(), expect_context::<UnsavedChanges>());
    let form = DraftForm::Add(exchange);
    let read_draft = move || {
        unsaved.is_dirty().then(|| Draft {
            form,
            label: labels.label(),
            note: labels.note(),
            credentials: credentials.texts(),
        })
    };
    drafts.track_form(form.address(), read_draft, move |draft: Draft| {
        labels.fill(&draft.label, &draft.note);
        credentials.fill(&draft.credentials);
        unsaved.mark_dirty();
    });
    let read = move |()| {
        // Both are read, so that all invalid fields show their errors at once.
        let (secret, texts) = (credentials.read(), labels.read());
        let (Some(credentials), Some((label, note))) = (secret, texts) else { return FormInput::Invalid };
        FormInput::Submit(Command::Add(KeyDraft { exchange, label, note, credentials }).into())
    };
    let flash_message = move |saved: Saved| {
        credentials.clear();
        (saved.sync == SyncState::Synced).then(|| vault::saved(&labels.label()))
    };
    view! {
        <div class="pane">
            <a class="pane__back pane__back--always" href="/vault/add"><Icon glyph=Glyph::Back/>{form::CHANGE_EXCHANGE}</a>
            <header class="detail__head">
                <ExchangeTile exchange=exchange/>
                <PageHeading title=form::heading(exchange)>{form::heading(exchange)}</PageHeading>
            </header>
            <Guide exchange=exchange/>
            <RecordForm
                list_path="/vault"
                cancel="/vault"
                save=form::SAVE
                saving=form::SAVING
                read=Callback::new(read)
                refused=Callback::new(move |problem| credentials.show(&problem) || labels.show(&problem))
                flash_message=Callback::new(flash_message)
            >
                <LabelField inputs=labels value=form::label_start(exchange)/>
                <CredentialFields inputs=credentials/>
                <NoteField inputs=labels/>
            </RecordForm>
        </div>
    }
}
