use crystallum_messages::Device;
use leptos::prelude::*;

use crate::{
    features::devices::{occasion::Occasion, remove::format_joined, words},
    ui::{
        icon::{Glyph, Icon},
        time_ago::TimeAgo,
    },
};

/// Lists the devices, this one first, with the actions for each.
#[component]
pub(super) fn DeviceList(
    devices: Vec<Device>,
    rename: Callback<Device>,
    remove: Callback<(Occasion, Vec<Device>)>,
) -> impl IntoView {
    let others: Vec<Device> = devices.iter().filter(|device| !device.this).cloned().collect();
    let rows = devices
        .into_iter()
        .enumerate()
        .map(|(at, device)| view! { <Row at=at device=device rename=rename remove=remove/> });
    view! {
        <section class="card" aria-labelledby="devices-heading">
            <h2 class="card__heading" id="devices-heading">{words::LIST}</h2>
            <ul class="ways" role="list" aria-labelledby="devices-heading">{rows.collect_view()}</ul>
            {(others.len() > 1).then(|| view! {
                <div class="form__actions">
                    <button
                        type="button"
                        class="button button--bad"
                        on:click=move |_| remove.run((Occasion::AllOthers, others.clone()))
                    >
                        <Icon glyph=Glyph::Delete/>
                        {words::REMOVE_OTHERS}
                    </button>
                </div>
            })}
        </section>
    }
}

#[component]
fn Row(
    at: usize,
    device: Device,
    rename: Callback<Device>,
    remove: Callback<(Occasion, Vec<Device>)>,
) -> impl IntoView {
    let name = words::name(&device);
    // Devices with the same name differ only in this.
    let facts = format!("device-{at}");
    let joined = words::joined(&device, format_joined(&device).as_deref());
    // Where there is a name, what the device says of itself stands below it.
    let platform = (!device.name.is_empty() && !device.platform.is_empty()).then(|| device.platform.clone());
    let newest = match device.newest {
        Some((change, time)) => view! { {words::newest(change)} <TimeAgo time=time/> }.into_any(),
        None => words::NOT_SEEN.into_any(),
    };
    let is_this = device.this;
    let rename_label = format!("{} {name}", words::RENAME);
    let remove_label = format!("{} {name}", words::REMOVE);
    let device = StoredValue::new(device);
    let described = facts.clone();
    view! {
        <li class="way">
            <span class="way__icon"><Icon glyph=Glyph::Device/></span>
            <div class="way__text">
                <p class="way__name">
                    <span translate="no">{name}</span>
                    {is_this.then(|| view! { " " <span class="way__this">{words::THIS}</span> })}
                </p>
                <p class="muted" id=facts.clone()>
                    {platform.map(|platform| format!("{platform} · "))}
                    <span translate="no">{joined}</span>
                </p>
                <p class="muted number">{newest}</p>
            </div>
            <div class="way__actions">
                <button
                    type="button"
                    class="button button--small"
                    aria-label=rename_label
                    aria-describedby=facts
                    on:click=move |_| rename.run(device.get_value())
                >
                    {words::RENAME}
                </button>
                {(!is_this).then(|| view! {
                    <button
                        type="button"
                        class="button button--small button--bad"
                        aria-label=remove_label
                        aria-describedby=described
                        on:click=move |_| remove.run((Occasion::One, vec![device.get_value()]))
                    >
                        {words::REMOVE}
                    </button>
                })}
            </div>
        </li>
    }
}
