use crystallum_messages::{Device, Failure};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    engine::Engine,
    features::{
        devices::{
            list::DeviceList,
            occasion::Occasion,
            remove::{RemoveDevicesDialog, RemoveDevicesQuestion},
            rename::RenameDialog,
            words,
        },
        security::words::BACK,
    },
    state::{alarms::Alarms, sync::Synchronisation},
    ui::{
        empty_list::EmptyList,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        one_pane::OnePane,
        page_heading::{PageHeading, focus_heading},
    },
};

/// Lists the devices of the vault, with the actions for each.
#[component]
pub(crate) fn Devices() -> impl IntoView {
    let (engine, sync, alarms) =
        (Engine::from_context(), Synchronisation::from_context(), Alarms::from_context());
    let found = RwSignal::new(None::<Result<Vec<Device>, Failure>>);
    Effect::new(move || {
        sync.changes.track();
        spawn_local(async move {
            let result = engine.list_devices().await;
            if !result.as_ref().is_err_and(|failure| alarms.handle_failure(failure)) {
                found.try_set(Some(result));
            }
        });
    });
    let done_message = RwSignal::new(None::<String>);
    let done = Callback::new(move |message: String| {
        done_message.set(Some(message));
        // The row whose button had the focus is replaced or gone.
        request_animation_frame(focus_heading);
    });
    let (renaming, chosen) = (RwSignal::new(false), RwSignal::new(None::<Device>));
    let rename = Callback::new(move |device: Device| {
        done_message.set(None);
        chosen.set(Some(device));
        renaming.set(true);
    });
    let question = RemoveDevicesQuestion::new();
    let remove = Callback::new(move |(occasion, devices): (Occasion, Vec<Device>)| {
        done_message.set(None);
        question.ask(occasion, devices);
    });
    view! {
        <OnePane>
            <a class="pane__back pane__back--always" href="/security"><Icon glyph=Glyph::Back/>{BACK}</a>
            <PageHeading title=words::TITLE>{words::TITLE}</PageHeading>
            <div role="status">
                {move || done_message.get().map(|text| view! {
                    // It contains a name.
                    <p class="told-line"><Icon glyph=Glyph::Check/><span translate="no">{text}</span></p>
                })}
            </div>
            <p>{words::TEXT}</p>
            {move || match found.get() {
                None => view! {
                    <div aria-busy="true">
                        <p class="unseen" role="status">{words::LOADING}</p>
                        <div class="pane__skeleton pane__skeleton--card skeleton"></div>
                    </div>
                }.into_any(),
                Some(Err(failure)) => view! { <FailureNote failure=Signal::stored(Some(failure))/> }.into_any(),
                Some(Ok(devices)) => {
                    let is_alone = devices.len() < 2;
                    view! {
                        <DeviceList devices=devices rename=rename remove=remove/>
                        {is_alone.then(|| view! {
                            <EmptyList heading=words::ALONE><p>{words::ALONE_TEXT}</p></EmptyList>
                        })}
                    }.into_any()
                }
            }}
            <RenameDialog open=renaming device=chosen done=done/>
            <RemoveDevicesDialog question=question id="remove-devices-heading" done=done/>
        </OnePane>
    }
}
