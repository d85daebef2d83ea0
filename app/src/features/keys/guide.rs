use crystallum_exchanges::Exchange;
use leptos::prelude::*;

use crate::ui::words::form;

/// Explains where an exchange lists its API keys, and which permissions a key should have.
#[component]
pub(crate) fn Guide(exchange: Exchange) -> impl IntoView {
    let guide = exchange.guide();
    let lines =
        [(form::LOCATION, guide.location), (form::GRANT, guide.grant), (form::WITHHOLD, guide.withhold)];
    let line = |(name, text): (&'static str, &'static str)| {
        view! { <div class="guide__line"><dt>{name}</dt><dd>{text}</dd></div> }
    };
    view! { <dl class="guide">{lines.into_iter().map(line).collect_view()}</dl> }
}
