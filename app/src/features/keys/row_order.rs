//! Keeps the elements of the key list in the order of their rows, for assistive technology that
//! reads them in sequence.

use std::time::Duration;

use leptos::prelude::*;

use crate::features::keys::{key_window::KeyWindow, rows};

/// How long the list must stay still before its elements are put in order.
const REST_DELAY: Duration = Duration::from_millis(150);

/// Returns the elements in the order of their rows. Moving elements during scrolling is the most
/// expensive step, so it waits until scrolling has stopped. A change in their number cannot wait.
pub(super) fn keep_in_order(window: KeyWindow) -> RwSignal<Vec<u32>> {
    let KeyWindow { pane, in_page, active, focus_request, .. } = window;
    let order = RwSignal::new(Vec::<u32>::new());
    let rest_timer = StoredValue::new(None::<TimeoutHandle>);
    let has_focus = move || {
        let focused = document().active_element();
        pane.try_get_untracked().flatten().is_some_and(|pane| pane.contains(focused.as_deref()))
    };
    let put_in_order = move || {
        let had_focus = has_focus();
        in_page.with_untracked(|range| order.try_set(rows::elements_in_row_order(range)));
        if had_focus {
            request_animation_frame(move || {
                if !has_focus() {
                    focus_request.try_set(active.try_get_untracked());
                }
            });
        }
    };
    let stop_timer = move || {
        if let Some(timer) = rest_timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    Effect::new(move || {
        let count = in_page.with(|range| range.len());
        stop_timer();
        if order.with_untracked(Vec::len) == count {
            rest_timer.set_value(set_timeout_with_handle(put_in_order, REST_DELAY).ok());
        } else {
            put_in_order();
        }
    });
    on_cleanup(stop_timer);
    order
}
