use crystallum_messages::{KeyRow as Row, RecordId};
use leptos::{html, prelude::*};

use crate::{browser::time, ui::words::general};

/// What a row element shows. The parts change while the element stays in the document.
#[derive(Clone, Copy)]
pub(crate) struct RowState {
    /// The row's index in the list, counted from 0.
    pub(crate) index: Memo<u32>,
    pub(crate) total: Memo<Option<u32>>,
    /// The record that is open beside the list.
    pub(crate) open: Signal<Option<RecordId>>,
    /// The row that Tab stops at.
    pub(crate) active: Memo<u32>,
    /// The row that takes the focus as soon as it is loaded.
    pub(crate) focus_request: RwSignal<Option<u32>>,
    /// Set to the row's index when its link takes the focus.
    pub(crate) focused: RwSignal<u32>,
}

/// One key in the list. The label's link covers the row. The element is reused for other rows as
/// the list scrolls, so its content is created once and then only filled in.
#[component]
pub(crate) fn KeyRow(
    state: RowState,
    row: Memo<Option<Row>>,
    /// The height of a row in pixels.
    height: u32,
) -> impl IntoView {
    let RowState { index, total, open, active, focus_request, focused } = state;
    let (item, link) = (NodeRef::<html::Li>::new(), NodeRef::<html::A>::new());
    let (tile, exchange) = (NodeRef::<html::Span>::new(), NodeRef::<html::Span>::new());
    let (masked, changed) = (NodeRef::<html::Code>::new(), NodeRef::<html::Time>::new());
    Effect::new(move || {
        let (Some(item), Some(tile), Some(link)) = (item.get(), tile.get(), link.get()) else { return };
        let (Some(exchange), Some(masked), Some(changed)) = (exchange.get(), masked.get(), changed.get())
        else {
            return;
        };
        row.with(|row| {
            drop(item.class_list().toggle_with_force("key-row--coming", row.is_none()));
            let Some(row) = row else {
                // The link must not open the record that the element showed before.
                link.set_text_content(None);
                drop(link.remove_attribute("href"));
                return;
            };
            tile.set_text_content(Some(row.exchange.initials()));
            drop(tile.set_attribute("data-exchange", row.exchange.code()));
            link.set_text_content(Some(&row.label));
            link.set_href(&format!("/vault/{}", row.id));
            exchange.set_text_content(Some(row.exchange_name()));
            masked.set_text_content(Some(&row.masked));
            let updated = time::to_js_time(row.updated);
            changed.set_text_content(Some(&general::format_elapsed(
                time::elapsed(updated, time::now()),
                || time::format_date(updated),
            )));
            changed.set_title(&time::format_exact(updated));
            drop(changed.set_attribute("datetime", &time::format_iso(updated)));
        });
    });
    Effect::new(move |before: Option<u32>| {
        let at = index.get();
        let Some(link) = link.get() else { return at };
        // The focus belongs to the row, so it is dropped when the element shows another row.
        if before.is_some_and(|before| before != at)
            && document().active_element().as_ref() == Some(link.as_ref())
        {
            drop(link.blur());
        }
        if row.with(Option::is_some) && focus_request.get() == Some(at) {
            focus_request.set(None);
            drop(link.focus());
        }
        at
    });
    let is_open = Memo::new(move |_| {
        open.get().is_some_and(|open| row.with(|row| row.as_ref().is_some_and(|row| row.id == open)))
    });
    view! {
        <li
            class="key-row"
            class:key-row--open=move || is_open.get()
            style:transform=move || format!("translateY({}px)", u64::from(index.get()) * u64::from(height))
            aria-posinset=move || index.get() + 1
            aria-setsize=move || total.get().unwrap_or_default()
            node_ref=item
        >
            <span class="exchange-tile" aria-hidden="true" translate="no" node_ref=tile></span>
            <a
                class="key-row__label"
                translate="no"
                aria-current=move || is_open.get().then_some("page")
                tabindex=move || if active.get() == index.get() { "0" } else { "-1" }
                node_ref=link
                on:focus=move |_| focused.set(index.get_untracked())
            ></a>
            <span class="key-row__sub" translate="no"><span node_ref=exchange></span>" · "<code node_ref=masked></code></span>
            <span class="key-row__time"><time node_ref=changed></time></span>
        </li>
    }
}
