use leptos::prelude::*;

use crate::{browser::time, ui::words::general};

/// Shows how long ago something was, with the exact time as a tooltip.
#[component]
pub(crate) fn TimeAgo(
    /// Milliseconds since 1970.
    time: u64,
) -> impl IntoView {
    let time = time::to_js_time(time);
    let text = general::format_elapsed(time::elapsed(time, time::now()), || time::format_date(time));
    view! { <time datetime=time::format_iso(time) title=time::format_exact(time)>{text}</time> }
}
