use crystallum_messages::{Saved, WalletDetail, WalletEdit, wallets::Command};
use leptos::prelude::*;

use crate::{
    features::{
        records::{
            label_fields::{LabelField, LabelInputs, NoteField},
            loaded::LoadedRecord,
            record_form::{FormInput, RecordForm},
            words::changed,
        },
        wallets::{
            load::{WALLET, load_wallet},
            words::{self, label::LABEL_WORDS},
        },
    },
    ui::{
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::{form, general},
    },
};

/// Edits the label and note of a wallet. Its shares stay as they are.
#[component]
pub(crate) fn Edit() -> impl IntoView {
    view! { <LoadedRecord kind=WALLET once=true load=load_wallet render=|detail| view! { <Form detail=detail/> }.into_any()/> }
}

#[component]
fn Form(detail: WalletDetail) -> impl IntoView {
    let labels = LabelInputs::new(LABEL_WORDS);
    let before = StoredValue::new(detail.clone());
    let address = format!("/wallets/{}", detail.row.id);
    let read = move |()| {
        let Some((label, note)) = labels.read() else { return FormInput::Invalid };
        let edit = before.with_value(|before| WalletEdit {
            id: before.row.id,
            base: before.version,
            label: (label != before.row.label).then_some(label),
            note: (note != before.note).then_some(note),
        });
        if edit.label.is_none() && edit.note.is_none() {
            FormInput::Unchanged(edit.id)
        } else {
            FormInput::Submit(Command::Edit(edit).into())
        }
    };
    let flash_message = move |saved: Saved| {
        let beside = before.with_value(|before| saved.id != before.row.id);
        changed(beside, saved.sync).map(Into::into)
    };
    view! {
        <div class="pane">
            <a class="pane__back" href=address.clone()><Icon glyph=Glyph::Back/>{general::BACK}</a>
            <PageHeading title=words::EDIT_TITLE sealed=true>{format!("{} {}", form::EDIT_HEADING, detail.row.label)}</PageHeading>
            <RecordForm
                list_path="/wallets"
                cancel=address
                save=form::SAVE_CHANGES
                saving=form::SAVING
                read=Callback::new(read)
                refused=Callback::new(move |problem| labels.show(&problem))
                flash_message=Callback::new(flash_message)
            >
                <LabelField inputs=labels value=detail.row.label/>
                <NoteField inputs=labels value=detail.note/>
            </RecordForm>
        </div>
    }
}
