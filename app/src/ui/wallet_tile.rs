use leptos::prelude::*;

use crate::ui::icon::{Glyph, Icon};

/// The tile of a wallet in a list. It is decorative, since the label is always beside it.
#[component]
pub(crate) fn WalletTile() -> impl IntoView {
    view! { <span class="exchange-tile exchange-tile--wallet" aria-hidden="true"><Icon glyph=Glyph::Wallet/></span> }
}
