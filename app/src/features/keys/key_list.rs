use std::{ops::Range, time::Duration};

use crystallum_messages::{Failure, RecordId};
use leptos::{ev::KeyboardEvent, html, prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::keys::{
        key_row::{KeyRow, RowState},
        rows::{self, Rows, WINDOW},
        search_field::SearchField,
        words::vault,
    },
    state::{alarms::Alarms, sync::Synchronisation, vault::VaultState},
    ui::failure_note::FailureNote,
};

/// The height of a row in pixels. The style sheet has the same number.
const ROW_HEIGHT: u32 = 64;
/// How long the list must not scroll before its elements are put in order.
const REST_DELAY: Duration = Duration::from_millis(150);
/// The height in pixels that is assumed before the browser has laid out the page.
const INITIAL_HEIGHT: u32 = 960;

/// The keys of the vault with a search field. Only the visible rows are in the document, and only
/// the windows that they need are fetched.
#[component]
pub(crate) fn KeyList(
    query: RwSignal<String>,
    search: NodeRef<html::Input>,
    #[prop(into)] open: Signal<Option<RecordId>>,
) -> impl IntoView {
    let (engine, vault, sync, alarms) = (
        Engine::from_context(),
        VaultState::from_context(),
        Synchronisation::from_context(),
        Alarms::from_context(),
    );
    let list = RwSignal::new(Rows::default());
    let failure = RwSignal::new(None::<Failure>);
    let active = RwSignal::new(0_u32);
    let focus_request = RwSignal::new(None::<u32>);
    let scroll = NodeRef::<html::Div>::new();
    let range = RwSignal::new(rows::visible_range(0, INITIAL_HEIGHT, ROW_HEIGHT, u32::MAX));
    let total = Memo::new(move |_| list.with(Rows::total));

    let measure = move || {
        if let Some(pane) = scroll.try_get_untracked().flatten() {
            let all = total.get_untracked().unwrap_or(u32::MAX);
            let height = pixels(pane.client_height()).max(INITIAL_HEIGHT);
            let now = rows::visible_range(pixels(pane.scroll_top()), height, ROW_HEIGHT, all);
            if range.with_untracked(|before| *before != now) {
                range.set(now);
            }
        }
    };
    let fetch = move |needed: Range<u32>| {
        while let Some(window) = list.try_update(|list| list.next_window(&needed)).flatten() {
            let generation = list.with_untracked(Rows::generation);
            let words = query.get_untracked();
            spawn_local(async move {
                match engine.list_keys(words, window * WINDOW, WINDOW).await {
                    Ok(page) => {
                        failure.set(None);
                        list.update(|list| list.insert_window(generation, window, page));
                    }
                    Err(problem) => {
                        list.update(|list| list.allow_retry(generation, window));
                        alarms.report(problem, failure);
                    }
                }
            });
        }
    };
    // A new query scrolls to the top. Changed records only refresh the visible rows.
    Effect::new(move |previous_query: Option<String>| {
        let words = query.get();
        sync.changes.track();
        if previous_query.is_some_and(|previous_query| previous_query != words) {
            active.set(0);
            if let Some(pane) = scroll.try_get_untracked().flatten() {
                pane.set_scroll_top(0);
            }
        }
        list.update(Rows::invalidate);
        measure();
        fetch(range.get_untracked());
        words
    });
    Effect::new(move || {
        total.track();
        measure();
    });
    Effect::new(move || fetch(range.get()));

    let move_to_row = move |index: u32| {
        let Some(last) = total.get_untracked().and_then(|total| total.checked_sub(1)) else { return };
        let index = index.min(last);
        active.set(index);
        if let Some(pane) = scroll.try_get_untracked().flatten() {
            let top = rows::scroll_position_for(
                index,
                pixels(pane.scroll_top()),
                pixels(pane.client_height()),
                ROW_HEIGHT,
            );
            if let Some(top) = top.and_then(|top| i32::try_from(top).ok()) {
                pane.set_scroll_top(top);
                measure();
            }
        }
        focus_request.set(Some(index));
    };
    let keydown = move |event: KeyboardEvent| {
        let at = active.get_untracked();
        let page = (scroll
            .try_get_untracked()
            .flatten()
            .map_or(INITIAL_HEIGHT, |pane| pixels(pane.client_height()))
            / ROW_HEIGHT)
            .max(1);
        let to = match event.key().as_str() {
            "ArrowDown" => at.saturating_add(1),
            "ArrowUp" if at == 0 => {
                event.prevent_default();
                if let Some(search) = search.try_get_untracked().flatten() {
                    drop(search.focus());
                }
                return;
            }
            "ArrowUp" => at - 1,
            "PageDown" => at.saturating_add(page),
            "PageUp" => at.saturating_sub(page),
            "Home" => 0,
            "End" => u32::MAX,
            _ => return,
        };
        event.prevent_default();
        move_to_row(to);
    };
    // The row that Tab stops at: the active row, or the first one in the document if that one is
    // not in it.
    let tab_stop = Memo::new(move |_| {
        let at = active.get();
        range.with(|range| if range.contains(&at) { at } else { range.start })
    });
    // Eight placeholder rows are shown until the total is known.
    let in_page = Memo::new(move |_| {
        let range = range.get();
        match total.get() {
            Some(total) => range.start.min(total)..range.end.min(total),
            None => 0..8,
        }
    });
    let row = move |element: u32| {
        let index = Memo::new(move |_| in_page.with(|range| rows::row_of_element(element, range)));
        let row = Memo::new(move |_| list.with(|list| list.row(index.get()).cloned()));
        let state = RowState { index, total, open, active: tab_stop, focus_request, focused: active };
        view! { <KeyRow state=state row=row height=ROW_HEIGHT/> }
    };
    // The elements in the order of their rows, for assistive technology that reads them in
    // sequence. Moving elements during scrolling is the most expensive step, so that waits until
    // the list rests. A change in their number cannot wait.
    let order = RwSignal::new(Vec::<u32>::new());
    let rest_timer = StoredValue::new(None::<TimeoutHandle>);
    let has_focus = move || {
        let focused = document().active_element();
        scroll.try_get_untracked().flatten().is_some_and(|pane| pane.contains(focused.as_deref()))
    };
    let put_in_order = move || {
        let had_focus = has_focus();
        in_page.with_untracked(|range| order.try_set(rows::elements_in_row_order(range)));
        if had_focus {
            request_animation_frame(move || {
                if !has_focus() {
                    focus_request.try_set(active.try_get_untracked());
                }
            });
        }
    };
    Effect::new(move || {
        let count = in_page.with(|range| range.len());
        let before = rest_timer.try_update_value(Option::take).flatten();
        if let Some(before) = before {
            before.clear();
        }
        if order.with_untracked(Vec::len) == count {
            rest_timer.set_value(set_timeout_with_handle(put_in_order, REST_DELAY).ok());
        } else {
            put_in_order();
        }
    });
    on_cleanup(move || {
        if let Some(waiting) = rest_timer.try_update_value(Option::take).flatten() {
            waiting.clear();
        }
    });
    let is_empty = move || total.get() == Some(0);
    view! {
        <div class="key-list">
            <div class="key-list__search">
                <SearchField query=query label=vault::SEARCH key="/" node=search down=move |()| move_to_row(active.get_untracked())/>
            </div>
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
            <FailureNote failure=failure/>
            <Show when=move || is_empty()>
                {move || if query.with(|words| words.trim().is_empty()) {
                    view! { <EmptyVault/> }.into_any()
                } else {
                    view! { <p class="key-list__none" role="status">{move || vault::found(0, query.get().trim())}</p> }.into_any()
                }}
            </Show>
            <div class="key-list__scroll" class:key-list__scroll--empty=move || is_empty() node_ref=scroll on:scroll=move |_| measure()>
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

/// Shown in an empty vault: how to add the first key.
#[component]
fn EmptyVault() -> impl IntoView {
    let steps = vault::EMPTY_STEPS.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    view! {
        <div class="empty-vault">
            <h2 class="empty-vault__heading">{vault::EMPTY_HEADING}</h2>
            <p>{vault::EMPTY_TEXT}</p>
            <ol class="empty-vault__steps">{steps}</ol>
        </div>
    }
}

fn pixels(length: i32) -> u32 {
    u32::try_from(length).unwrap_or_default()
}
