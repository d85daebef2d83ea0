use crystallum_messages::RecordId;
use leptos::{ev::KeyboardEvent, html, prelude::*};

use crate::{
    features::keys::{
        key_row::{KeyRow, RowState},
        key_window::{KeyWindow, ROW_HEIGHT},
        row_order, rows,
        search_field::SearchField,
        words::vault,
    },
    state::{sync::Synchronisation, vault::VaultState},
    ui::{empty_list::EmptyList, failure_note::FailureNote},
};

/// The keys of the vault with a search field. Only the visible rows are in the document, and only
/// the windows that they need are fetched.
#[component]
pub(crate) fn KeyList(
    query: RwSignal<String>,
    search: NodeRef<html::Input>,
    #[prop(into)] open: Signal<Option<RecordId>>,
) -> impl IntoView {
    let window = KeyWindow::new(query);
    window.keep_filled(Synchronisation::from_context());
    let KeyWindow { pane, total, active, focus_request, .. } = window;
    let keydown = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "ArrowUp" && active.get_untracked() == 0 {
            event.prevent_default();
            if let Some(search) = search.try_get_untracked().flatten() {
                drop(search.focus());
            }
        } else if let Some(row) = window.row_for_key(&key) {
            event.prevent_default();
            window.move_to_row(row);
        }
    };
    let tab_stop = window.tab_stop();
    let row = move |element: u32| {
        let index = Memo::new(move |_| window.in_page.with(|range| rows::row_of_element(element, range)));
        let row = Memo::new(move |_| window.rows.with(|rows| rows.row(index.get()).cloned()));
        let state = RowState { index, total, open, active: tab_stop, focus_request, focused: active };
        view! { <KeyRow state=state row=row height=ROW_HEIGHT/> }
    };
    let order = row_order::keep_in_order(window);
    let is_empty = move || total.get() == Some(0);
    view! {
        <div class="key-list">
            <div class="key-list__search">
                <SearchField query=query label=vault::SEARCH key="/" node=search down=move |()| window.move_to_row(active.get_untracked())/>
            </div>
            <Counts query=query total=total/>
            <FailureNote failure=window.failure/>
            <Show when=move || is_empty()>
                {move || if query.with(|words| words.trim().is_empty()) {
                    view! { <EmptyVault/> }.into_any()
                } else {
                    view! { <p class="key-list__none" role="status">{move || vault::found(0, query.get().trim())}</p> }.into_any()
                }}
            </Show>
            <div class="key-list__scroll" class:key-list__scroll--empty=move || is_empty() node_ref=pane on:scroll=move |_| window.measure()>
                <ul
                    class="key-list__rows"
                    role="list"
                    aria-label=vault::KEYS
                    style:height=move || format!("{}px", u64::from(total.get().unwrap_or(8)) * u64::from(ROW_HEIGHT))
                    on:keydown=keydown
                >
                    <For each=move || order.get() key=|element| *element children=row/>
                </ul>
            </div>
        </div>
    }
}

/// Shows how many keys there are or match the query, and the number of the vault's newest change.
#[component]
fn Counts(query: RwSignal<String>, total: Memo<Option<u32>>) -> impl IntoView {
    let vault = VaultState::from_context();
    view! {
        <div class="key-list__count">
            <p role="status">
                {move || {
                    query.with(|words| {
                        let total = total.get().filter(|&total| total > 0)?;
                        let words = words.trim();
                        Some(if words.is_empty() { vault::count(total) } else { vault::found(total, words) })
                    })
                }}
            </p>
            <p>{move || vault.change().map(vault::change)}</p>
        </div>
    }
}

/// Explains in an empty vault how to add the first key.
#[component]
fn EmptyVault() -> impl IntoView {
    let steps = vault::EMPTY_STEPS.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <EmptyList heading=vault::EMPTY_HEADING>
            <p>{vault::EMPTY_TEXT}</p>
            <ol class="empty-vault__steps">{steps}</ol>
        </EmptyList>
    }
}
