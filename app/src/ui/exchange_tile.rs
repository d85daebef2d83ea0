use crystallum_exchanges::Exchange;
use leptos::prelude::*;

/// A coloured tile with the initials of an exchange. It is decorative, since the name is always
/// beside it.
#[component]
pub(crate) fn ExchangeTile(exchange: Exchange) -> impl IntoView {
    let tile = exchange.tile();
    view! {
        <span class="exchange-tile" data-exchange=exchange.code() style=("--hue", tile.hue.to_string()) aria-hidden="true">
            {tile.initials}
        </span>
    }
}
