use crystallum_messages::{Saved, Split, SyncState, WalletDetail, wallets::Command};
use leptos::prelude::*;

use crate::{
    features::{
        records::{
            loaded::LoadedRecord,
            record_form::{FormInput, RecordForm},
        },
        wallets::{
            load::{WALLET, load_wallet},
            share_list::ShareProgress,
            split_fields::{SplitFields, SplitInputs},
            words::{add, shares as words},
        },
    },
    ui::{
        ceremony_prompt::CeremonyPrompt,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        words::general,
    },
};

/// Splits the phrase of a wallet again and replaces its shares.
#[component]
pub(crate) fn Shares() -> impl IntoView {
    view! { <LoadedRecord kind=WALLET once=true load=load_wallet render=|detail| view! { <Form detail=detail/> }.into_any()/> }
}

#[component]
fn Form(detail: WalletDetail) -> impl IntoView {
    let id = detail.row.id;
    let address = format!("/wallets/{id}");
    let stores = detail.shares.iter().map(|share| share.store).collect();
    let split = SplitInputs::new(Some(Split { k: detail.row.k, stores }));
    let read = move |()| match split.read() {
        Some(split) => FormInput::Submit(Command::Reshare { id, split }.into()),
        None => FormInput::Invalid,
    };
    let flash_message = move |saved: Saved| {
        (saved.sync == SyncState::Synced).then(|| words::reshared(split.k(), split.count()))
    };
    view! {
        <div class="pane">
            <a class="pane__back pane__back--always" href=address.clone()><Icon glyph=Glyph::Back/>{general::BACK}</a>
            <header>
                <PageHeading title=words::REFRESH_HEADING>{words::REFRESH_HEADING}</PageHeading>
                <p class="muted" translate="no">{detail.row.label}</p>
            </header>
            <p>{words::REFRESH_TEXT}</p>
            <div class="note note--warn"><Icon glyph=Glyph::Warn/><p>{words::REFRESH_LIMIT}</p></div>
            <RecordForm
                list_path="/wallets"
                cancel=address
                save=words::REFRESH
                saving=words::RESHARING
                read=Callback::new(read)
                refused=Callback::new(move |problem| split.show(&problem))
                flash_message=Callback::new(flash_message)
                ready=split.ready()
            >
                <SplitFields inputs=split/>
                <p class="muted">{add::TOUCH}</p>
                <CeremonyPrompt/>
                <ShareProgress/>
            </RecordForm>
        </div>
    }
}
