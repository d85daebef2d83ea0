use crystallum_messages::Exchange;
use leptos::prelude::*;

use crate::slug;

/// The initials of an exchange on its tint. The name stands beside it.
#[component]
pub(crate) fn ExchangeTile(exchange: Exchange) -> impl IntoView {
    view! {
        <span class="exchange-tile" data-exchange=slug::exchange_slug(exchange) aria-hidden="true">
            {slug::initials(exchange)}
        </span>
    }
}
