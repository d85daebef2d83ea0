use crystallum_messages::KeyDetail;
use leptos::prelude::*;

use crate::{
    features::{
        keys::{
            credentials_card::CredentialsCard,
            load::{KEY, load_key},
            versions_card::VersionsCard,
        },
        records::{
            about_card::AboutCard,
            delete_dialog::DeleteDialog,
            loaded::{BackLink, LoadedRecord},
            words,
        },
    },
    ui::{
        delete_section::DeleteSection,
        exchange_tile::ExchangeTile,
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
    },
};

/// Shows one key. Its secret is hidden.
#[component]
pub(crate) fn Detail() -> impl IntoView {
    view! { <LoadedRecord kind=KEY load=load_key render=|detail| view! { <DetailPane detail=detail/> }.into_any()/> }
}

#[component]
fn DetailPane(detail: KeyDetail) -> impl IntoView {
    let deleting = RwSignal::new(false);
    let row = detail.row.clone();
    let label = row.label.clone();
    view! {
        <article class="pane">
            <BackLink kind=KEY/>
            <FlashMessage/>
            <header class="detail__head">
                <ExchangeTile exchange=row.exchange/>
                <div class="detail__name">
                    <PageHeading title=words::TITLE sealed=true>{label}</PageHeading>
                    <p class="muted" translate="no">{row.exchange_name().to_owned()}</p>
                </div>
                <a class="button" href=format!("/vault/{}/edit", row.id)>
                    <Icon glyph=Glyph::Edit/>
                    {words::EDIT}
                </a>
            </header>
            <CredentialsCard detail=detail.clone()/>
            <AboutCard note=detail.note created=detail.created updated=row.updated/>
            <VersionsCard id=row.id label=row.label.clone()/>
            <DeleteSection hint=words::DELETE_TEXT label=words::DELETE asking=deleting/>
            <DeleteDialog
                open=deleting
                id=row.id
                list="/vault"
                heading=words::DELETE_HEADING
                sentence=words::delete(&row.label)
                aside=words::delete_elsewhere(row.exchange)
                label=row.label
            />
        </article>
    }
}
