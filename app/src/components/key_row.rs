use crystallum_messages::{KeyRow as Row, RecordId};
use leptos::{html, prelude::*};

use super::{exchange_tile::ExchangeTile, time_ago::TimeAgo};

/// One key in the list. The link of its label covers the row.
#[component]
pub(crate) fn KeyRow(
    /// Its place in the list, counted from 0.
    index: u32,
    /// Height of a row in pixels.
    height: u32,
    #[prop(into)] row: Signal<Option<Row>>,
    #[prop(into)] total: Signal<u32>,
    /// The record that is open beside the list.
    #[prop(into)]
    open: Signal<Option<RecordId>>,
    /// The row that the keyboard is on.
    #[prop(into)]
    active: Signal<u32>,
    /// Told when the row's link takes the focus.
    focused: Callback<u32>,
    /// The row that shall take the focus as soon as it is there.
    wanted: RwSignal<Option<u32>>,
) -> impl IntoView {
    let content = move |row: Row| {
        let id = row.id;
        let link = NodeRef::<html::A>::new();
        Effect::new(move || {
            if let (Some(link), true) = (link.get(), wanted.get() == Some(index)) {
                wanted.set(None);
                drop(link.focus());
            }
        });
        view! {
            <ExchangeTile exchange=row.exchange/>
            <a
                class="key-row__label"
                href=format!("/vault/{id}")
                aria-current=move || (open.get() == Some(id)).then_some("page")
                tabindex=move || if active.get() == index { "0" } else { "-1" }
                node_ref=link
                on:focus=move |_| focused.run(index)
            >
                {row.label}
            </a>
            <span class="key-row__sub">{row.exchange.name()} " · " <code>{row.masked}</code></span>
            <span class="key-row__time"><TimeAgo time=row.updated/></span>
        }
    };
    view! {
        <li
            class="key-row"
            class:key-row--open=move || row.with(|row| row.as_ref().is_some_and(|row| open.get() == Some(row.id)))
            style:transform=format!("translateY({}px)", u64::from(index) * u64::from(height))
            aria-posinset=index + 1
            aria-setsize=move || total.get()
        >
            {move || match row.get() {
                Some(row) => content(row).into_any(),
                None => view! {
                    <span class="exchange-tile skeleton"></span>
                    <span class="key-row__label skeleton"></span>
                    <span class="key-row__sub skeleton"></span>
                }.into_any(),
            }}
        </li>
    }
}
