use crystallum_exchanges::Exchange;
use leptos::prelude::*;

use crate::{
    features::keys::search_field::SearchField,
    ui::{exchange_tile::ExchangeTile, words::form},
};

/// A searchable list of exchanges.
#[component]
pub(crate) fn ExchangePicker(chosen: Callback<Exchange>) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let matching = move || {
        let words = query.get().trim().to_ascii_lowercase();
        Exchange::ALL
            .into_iter()
            .filter(|&exchange| {
                exchange == Exchange::Other || exchange.name().to_ascii_lowercase().contains(&words)
            })
            .collect::<Vec<_>>()
    };
    let tile = move |exchange: Exchange| {
        view! {
            <li>
                <button type="button" class="exchange-picker__tile" on:click=move |_| chosen.run(exchange)>
                    <ExchangeTile exchange=exchange/>
                    {exchange.name()}
                </button>
            </li>
        }
    };
    view! {
        <div class="exchange-picker">
            <SearchField query=query label=form::SEARCH_EXCHANGES/>
            <ul class="exchange-picker__tiles" role="list">
                <For each=matching key=|exchange| *exchange children=tile/>
            </ul>
            <p class="muted" role="status">{move || (matching().len() == 1).then_some(form::NONE_FOUND)}</p>
        </div>
    }
}
