use crystallum_exchanges::Exchange;
use leptos::prelude::*;

use crate::{
    features::entry::words::welcome,
    ui::{
        exchange_tile::ExchangeTile,
        icon::{Glyph, Icon},
    },
};

/// An illustration of what a key looks like on screen and on the server. The text beside it says
/// the same.
#[component]
pub(crate) fn SealedFigure() -> impl IntoView {
    view! {
        <div class="sealed-figure" aria-hidden="true">
            <div class="sealed-figure__card">
                <span class="sealed-figure__place">{welcome::FIGURE_SCREEN}</span>
                <div class="sealed-figure__row">
                    <ExchangeTile exchange=Exchange::Binance/>
                    <span class="sealed-figure__label">{welcome::FIGURE_LABEL}</span>
                    <code class="sealed-figure__key">{welcome::FIGURE_KEY}</code>
                </div>
            </div>
            <span class="sealed-figure__step"><Icon glyph=Glyph::Passkey/>{welcome::FIGURE_STEP}</span>
            <div class="sealed-figure__card sealed-figure__card--server">
                <span class="sealed-figure__place">{welcome::FIGURE_SERVER}</span>
                <code class="sealed-figure__bytes">{welcome::FIGURE_BYTES}</code>
            </div>
        </div>
    }
}
