use crystallum_exchanges::Exchange;
use leptos::prelude::*;

/// A coloured tile with the initials of an exchange. It is decorative, since the name is always
/// beside it.
#[component]
pub(crate) fn ExchangeTile(exchange: Exchange) -> impl IntoView {
    view! {
        <span class="exchange-tile" data-exchange=exchange.code() aria-hidden="true" translate="no">
            {exchange.initials()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exchange_has_a_colour() {
        let css = include_str!("forms.css");
        for exchange in Exchange::ALL.into_iter().filter(|&exchange| exchange != Exchange::Other) {
            let rule = format!(".exchange-tile[data-exchange=\"{}\"] {{ --hue: ", exchange.code());
            assert!(css.contains(&rule), "the style sheet misses {rule}");
        }
    }
}
