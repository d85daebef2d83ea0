use crystallum_messages::Device;
use leptos::prelude::*;

use crate::features::devices::words;

/// Says on the page about security how many devices there are, and leads to their list.
#[component]
pub(crate) fn DevicesSummary(devices: Vec<Device>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="devices-heading">
            <h2 class="card__heading" id="devices-heading">{words::TITLE}</h2>
            <p class="devices__summary">{words::summary(devices.len().saturating_sub(1))}</p>
            <div class="form__actions">
                <a class="button" href="/security/devices">{words::SEE}</a>
            </div>
        </section>
    }
}
