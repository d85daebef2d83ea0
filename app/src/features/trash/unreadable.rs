use crystallum_messages::UnreadableRow;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::trash::{question::Purge, words},
    state::sync::Synchronisation,
    ui::icon::{Glyph, Icon},
};

/// Loads the records that this device cannot read, now and whenever the vault changes. A failure is
/// shown by the list beside it, which is loaded from the same engine.
fn load_unreadable() -> RwSignal<Vec<UnreadableRow>> {
    let (engine, sync) = (Engine::from_context(), Synchronisation::from_context());
    let list = RwSignal::new(Vec::new());
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            if let Ok(found) = engine.list_unreadable().await {
                list.try_set(found);
            }
        });
    });
    list
}

/// Leads to the records that cannot be read, if there are any.
#[component]
pub(crate) fn UnreadableLink() -> impl IntoView {
    let list = load_unreadable();
    view! {
        {move || {
            let count = list.with(Vec::len);
            (count > 0).then(|| view! {
                <a class="vault__trash" href="/trash"><Icon glyph=Glyph::Warn/>{words::unreadable(count)}</a>
            })
        }}
    }
}

/// The records that cannot be read. All that can be done with one is to delete it.
#[component]
pub(super) fn UnreadableList(
    /// Asks for confirmation before a record is deleted permanently.
    ask: Callback<Purge>,
) -> impl IntoView {
    let list = load_unreadable();
    let row = move |row: UnreadableRow| {
        let what = words::unreadable_kind(row.why);
        let id = format!("unreadable-{}", row.id);
        view! {
            <li class="trash__row">
                <div class="trash__what">
                    <p class="trash__label" id=id.clone()>{what}</p>
                    <p class="muted">{words::unreadable_text(row.why)}</p>
                </div>
                <div class="trash__actions">
                    <button
                        type="button"
                        class="button button--bad"
                        aria-describedby=id
                        on:click=move |_| ask.run(Purge::of_unreadable(row))
                    >
                        {words::PURGE}
                    </button>
                </div>
            </li>
        }
    };
    view! {
        <Show when=move || !list.with(Vec::is_empty)>
            <h2>{words::UNREADABLE}</h2>
            <ul class="trash" role="list" aria-label=words::UNREADABLE>
                {move || list.get().into_iter().map(row).collect_view()}
            </ul>
        </Show>
    }
}
