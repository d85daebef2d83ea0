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
            delete_dialog::DeleteDialog,
            loaded::{BackLink, LoadedRecord},
            words,
        },
    },
    ui::{
        exchange_tile::ExchangeTile,
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        time_ago::TimeAgo,
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
    let note = if detail.note.is_empty() {
        view! { <span class="muted">{words::NO_NOTE}</span> }.into_any()
    } else {
        view! { <span class="detail__note">{detail.note.clone()}</span> }.into_any()
    };
    view! {
        <article class="pane">
            <BackLink kind=KEY/>
            <FlashMessage/>
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
            <VersionsCard id=row.id/>
            <div class="detail__danger">
                <p class="muted">{words::DELETE_TEXT}</p>
                <button type="button" class="button button--bad" on:click=move |_| deleting.set(true)>
                    <Icon glyph=Glyph::Delete/>
                    {words::DELETE}
                </button>
            </div>
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
