use crystallum_messages::{KeyDetail, KeyEdit, Saved, keys::Command};
use leptos::prelude::*;

use crate::{
    features::{
        keys::{
            credential_fields::{CredentialFields, CredentialInputs},
            load::{KEY, load_key},
            words::label::LABEL_WORDS,
        },
        records::{
            label_fields::{LabelField, LabelInputs, NoteField},
            loaded::LoadedRecord,
            record_form::{FormInput, RecordForm},
            words::changed,
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
        words::{form, general},
    },
};

/// Edits a key. The secret is replaced only on request.
#[component]
pub(crate) fn Edit() -> impl IntoView {
    // Loaded once: changes from other devices must not overwrite what is being typed.
    view! { <LoadedRecord kind=KEY once=true load=load_key render=|detail| view! { <Form detail=detail/> }.into_any()/> }
}

#[component]
fn Form(detail: KeyDetail) -> impl IntoView {
    let (labels, credentials) = (LabelInputs::new(LABEL_WORDS), CredentialInputs::new(detail.row.exchange));
    let replacing = RwSignal::new(false);
    let before = StoredValue::new(detail.clone());
    let address = format!("/vault/{}", detail.row.id);

    // A draft is continued from the version that it was typed over.
    let base = StoredValue::new(detail.version);
    let (drafts, unsaved) = (Drafts::from_context(), expect_context::<UnsavedChanges>());
    let id = detail.row.id;
    let form = move || DraftForm::Edit {
        id,
        base: base.get_value(),
        replaces: replacing.get_untracked(),
        exchange: detail.row.exchange,
    };
    let read_draft = move || {
        unsaved.is_dirty().then(|| Draft {
            form: form(),
            label: labels.label(),
            note: labels.note(),
            credentials: credentials.texts(),
        })
    };
    drafts.track_form(form().address(), read_draft, move |draft: Draft| {
        let DraftForm::Edit { base: version, replaces, .. } = draft.form else { return };
        base.set_value(version);
        labels.fill(&draft.label, &draft.note);
        unsaved.mark_dirty();
        replacing.set(replaces);
        // The fields exist from the next frame on.
        request_animation_frame(move || credentials.fill(&draft.credentials));
    });

    let read = move |()| {
        let secret = if replacing.get_untracked() { credentials.read().map(Some) } else { Some(None) };
        let (Some(secret), Some((label, note))) = (secret, labels.read()) else { return FormInput::Invalid };
        let edit = before.with_value(|before| KeyEdit {
            id: before.row.id,
            base: base.get_value(),
            label: (label != before.row.label).then_some(label),
            note: (note != before.note).then_some(note),
            credentials: secret,
        });
        if edit.label.is_none() && edit.note.is_none() && edit.credentials.is_none() {
            FormInput::Unchanged(edit.id)
        } else {
            FormInput::Submit(Command::Edit(edit).into())
        }
    };
    let flash_message = move |saved: Saved| {
        credentials.clear();
        let beside = before.with_value(|before| saved.id != before.row.id);
        changed(beside, saved.sync).map(Into::into)
    };
    let heading = format!("{} {}", form::EDIT_HEADING, detail.row.label);
    view! {
        <div class="pane">
            <a class="pane__back" href=address.clone()><Icon glyph=Glyph::Back/>{general::BACK}</a>
            <header class="detail__head">
                <ExchangeTile exchange=detail.row.exchange/>
                <PageHeading title=form::EDIT_TITLE sealed=true>{heading}</PageHeading>
            </header>
            <RecordForm
                list_path="/vault"
                cancel=address
                save=form::SAVE_CHANGES
                saving=form::SAVING
                read=Callback::new(read)
                refused=Callback::new(move |problem| credentials.show(&problem) || labels.show(&problem))
                flash_message=Callback::new(flash_message)
            >
                <LabelField inputs=labels value=detail.row.label/>
                <NoteField inputs=labels value=detail.note/>
                <section class="edit__secret">
                    <p class="muted">{form::REPLACE_TEXT}</p>
                    <button
                        type="button"
                        class="button"
                        aria-expanded=move || replacing.get().to_string()
                        on:click=move |_| replacing.update(|replacing| *replacing = !*replacing)
                    >
                        {move || if replacing.get() { form::REPLACE_KEEP } else { form::REPLACE }}
                    </button>
                </section>
                <Show when=move || replacing.get()><CredentialFields inputs=credentials/></Show>
            </RecordForm>
        </div>
    }
}
