use crystallum_messages::Unsaved;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::storage,
    engine::Engine,
    features::settings::{
        unsaved::{UnsavedNote, ask_to_forget},
        words,
    },
    state::{lock, vault::VaultState},
    ui::{
        dialog::Dialog,
        icon::{Glyph, Icon},
    },
};

/// What is stored on this device, how durably, and how to remove it.
#[component]
pub(super) fn ThisDevice() -> impl IntoView {
    let persistent = RwSignal::new(None::<bool>);
    let refused = RwSignal::new(false);
    let (engine, vault) = (Engine::from_context(), VaultState::from_context());
    let (forgetting, unsaved) = (RwSignal::new(false), RwSignal::new(None));
    let ask_first = move |_| {
        if let Some(id) = vault.open_id() {
            ask_to_forget(engine, id, unsaved, forgetting);
        }
    };
    spawn_local(async move {
        let is_persistent = storage::is_persistent().await;
        persistent.try_set(Some(is_persistent));
    });
    let ask = move |_| {
        refused.set(false);
        spawn_local(async move {
            let is_persistent = storage::persist().await;
            persistent.try_set(Some(is_persistent));
            refused.try_set(!is_persistent);
        });
    };
    let persistence_text = move || match persistent.get() {
        Some(true) => words::PERSISTENT,
        Some(false) if refused.get() => words::REFUSED_PERSISTENCE,
        Some(false) => words::NOT_PERSISTENT,
        None => "",
    };
    view! {
        <section class="card" aria-labelledby="device-heading">
            <h2 class="card__heading" id="device-heading">{words::DEVICE}</h2>
            <dl class="facts facts--long">
                <div><dt>{words::STORED}</dt><dd>{words::STORED_TEXT}</dd></div>
                <div>
                    <dt>{words::PERSISTENCE}</dt>
                    <dd>
                        <span role="status">{move || persistence_text()}</span>
                        {move || (persistent.get() == Some(false)).then(|| view! {
                            <button type="button" class="button button--small device__ask" on:click=ask>
                                {words::ASK_PERSISTENCE}
                            </button>
                        })}
                    </dd>
                </div>
            </dl>
            <p class="muted">{words::FORGET_HINT}</p>
            <div class="form__actions">
                <button type="button" class="button button--bad" on:click=ask_first>
                    <Icon glyph=Glyph::Delete/>
                    {words::FORGET}
                </button>
            </div>
        </section>
        <ForgetDialog open=forgetting unsaved=unsaved/>
    }
}

/// Says what will be removed, then locks the vault and removes this device's copy.
#[component]
fn ForgetDialog(open: RwSignal<bool>, unsaved: RwSignal<Option<Unsaved>>) -> impl IntoView {
    let vault = VaultState::from_context();
    let forget = move |_| {
        if let Some(id) = vault.open_id() {
            lock::forget_vault(vault, id);
        }
    };
    view! {
        <Dialog open=open id="forget-heading" heading=words::FORGET_HEADING>
            <p>{words::FORGET_TEXT}</p>
            <p class="muted">{words::FORGET_NEWEST}</p>
            <UnsavedNote unsaved=unsaved/>
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{words::KEEP}</button>
                <button type="button" class="button button--danger" on:click=forget>{words::FORGET_BUTTON}</button>
            </div>
        </Dialog>
    }
}
