use leptos::prelude::*;

use crate::{time, words::common};

/// How long ago something was; the exact time on hover.
#[component]
pub(crate) fn TimeAgo(
    /// Milliseconds since 1970.
    time: u64,
) -> impl IntoView {
    let time = time::js(time);
    let text = common::ago(time::ago(time, time::now()), || time::date(time));
    view! { <time datetime=time::machine(time) title=time::exact(time)>{text}</time> }
}
