use crystallum_messages::Exchange;
use leptos::prelude::*;

use crate::words::{exchange, form};

/// Where an exchange keeps its keys, and what a key should be allowed to do.
#[component]
pub(crate) fn Guide(exchange: Exchange) -> impl IntoView {
    let guide = exchange::guide(exchange);
    let lines =
        [(form::LOCATION, guide.location), (form::GRANT, guide.grant), (form::WITHHOLD, guide.withhold)];
    let line = |(name, text): (&'static str, &'static str)| {
        view! { <div class="guide__line"><dt>{name}</dt><dd>{text}</dd></div> }
    };
    view! { <dl class="guide">{lines.into_iter().map(line).collect_view()}</dl> }
}
