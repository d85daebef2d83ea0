use crystallum_messages::{Failure, ShareView, WalletDetail, WalletRow, wallets::Command};
use leptos::prelude::*;

use crate::{
    engine::Engine,
    features::{
        records::{
            about_card::AboutCard,
            delete_dialog::DeleteDialog,
            loaded::{BackLink, LoadedRecord},
            words as detail,
        },
        wallets::{
            load::{WALLET, load_wallet},
            phrase_card::PhraseCard,
            share_list::ShareList,
            split_picture::{self, SplitPicture},
            words::{self, shares},
        },
    },
    state::alarms::Alarms,
    ui::{
        action_button::ActionButton,
        async_action::AsyncAction,
        delete_section::DeleteSection,
        failure_note::FailureNote,
        flash_message::FlashMessage,
        icon::{Glyph, Icon},
        page_heading::PageHeading,
        time_ago::TimeAgo,
        wallet_tile::WalletTile,
    },
};

/// Shows one wallet. Its phrase is hidden.
#[component]
pub(crate) fn Detail() -> impl IntoView {
    view! { <LoadedRecord kind=WALLET load=load_wallet render=|detail| view! { <DetailPane detail=detail/> }.into_any()/> }
}

#[component]
fn DetailPane(detail: WalletDetail) -> impl IntoView {
    let deleting = RwSignal::new(false);
    let row = detail.row.clone();
    let (id, k, updated) = (row.id, row.k, row.updated);
    let share_views = RwSignal::new(detail.shares);
    let (label, sentence) = (row.label.clone(), words::delete(&row.label));
    let size = format!("{} · {}", words::words(row.words), words::of(k, row.n));
    let about = row.clone();
    view! {
        <article class="pane">
            <BackLink kind=WALLET/>
            <FlashMessage/>
            <header class="detail__head">
                <WalletTile/>
                <div class="detail__name">
                    <PageHeading title=words::TITLE sealed=true>{row.label}</PageHeading>
                    <p class="muted">{size}</p>
                </div>
                <a class="button" href=format!("/wallets/{id}/edit")><Icon glyph=Glyph::Edit/>{detail::EDIT}</a>
            </header>
            <SharesCard row=about share_views=share_views/>
            <PhraseCard id=id k=k share_views=share_views/>
            <AboutCard note=detail.note created=detail.created updated=updated>
                <div><dt>{words::DEALT}</dt><dd><TimeAgo time=detail.dealt/></dd></div>
            </AboutCard>
            <DeleteSection hint=words::DELETE_TEXT label=words::DELETE asking=deleting/>
            <DeleteDialog
                open=deleting
                id=id
                list="/wallets"
                heading=words::DELETE_HEADING
                sentence=sentence
                aside=words::DELETE_KEEPS
                label=label
            />
        </article>
    }
}

/// Shows where the shares are and the state of each.
#[component]
fn SharesCard(row: WalletRow, share_views: RwSignal<Vec<ShareView>>) -> impl IntoView {
    let (engine, alarms) = (Engine::from_context(), Alarms::from_context());
    let (id, k, n) = (row.id, row.k, row.n);
    let action = AsyncAction::new(None);
    let check = move |asked: bool| {
        // A failure of the automatic check is not shown; the states stay unknown.
        let hide_unasked = move |problem: &Failure| {
            if !asked {
                alarms.handle_failure(problem);
            }
            !asked
        };
        let reply = engine.load_wallet(Command::Check { id });
        action.run(reply, hide_unasked, move |checked| share_views.set(checked.shares));
    };
    check(false);
    let summary = move || {
        share_views.with(|share_views| shares::summary(share_views, k)).map(|(health, text)| {
            let (glyph, class) = match health {
                shares::Health::Complete => (Glyph::Check, "shares-card__summary shares-card__summary--good"),
                shares::Health::Enough | shares::Health::Unclear => {
                    (Glyph::Warn, "shares-card__summary shares-card__summary--warn")
                }
                shares::Health::Lost => (Glyph::Stop, "shares-card__summary shares-card__summary--bad"),
            };
            view! { <p class=class><Icon glyph=glyph/><span>{text}</span></p> }
        })
    };
    let spots = Signal::derive(move || {
        share_views.with(|share_views| split_picture::spots_for_shares(share_views, k))
    });
    view! {
        <section class="card shares-card" aria-labelledby="shares-heading">
            <header class="card__head">
                <h2 class="card__heading" id="shares-heading">{shares::HEADING}</h2>
            </header>
            <div class="shares-card__panes">
                <SplitPicture spots=spots k=Signal::stored(k)/>
                <ShareList shares=share_views/>
            </div>
            <div role="status">{move || if action.pending.get() {
                view! { <p class="shares-card__summary muted">{shares::CHECKING}</p> }.into_any()
            } else {
                summary().into_any()
            }}</div>
            <p>{shares::meaning(k, n).join(" ")}</p>
            <FailureNote failure=action.failure/>
            <div class="form__actions">
                <ActionButton action=action class="button" click=move |()| check(true)>
                    <Icon glyph=Glyph::Sync/>
                    {shares::CHECK}
                </ActionButton>
                <a class="button" href=format!("/wallets/{id}/shares")>{shares::REFRESH}</a>
            </div>
            <p class="muted">{shares::REFRESH_HINT}</p>
        </section>
    }
}
