use crystallum_messages::Exchange;
use leptos::prelude::*;

use crate::ui::slug;

/// A coloured tile with the initials of an exchange. It is decorative, since the name is always
/// beside it.
#[component]
pub(crate) fn ExchangeTile(exchange: Exchange) -> impl IntoView {
    view! {
        <span class="exchange-tile" data-exchange=slug::exchange_slug(exchange) aria-hidden="true">
            {slug::initials(exchange)}
        </span>
    }
}
