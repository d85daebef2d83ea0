use crystallum_messages::{Device, Failure, access::Command};
use leptos::prelude::*;

use crate::{
    browser::time,
    engine::Engine,
    features::devices::{occasion::Occasion, words},
    ui::{action_button::ActionButton, async_action::AsyncAction, dialog::Dialog, failure_note::FailureNote},
};

/// The question before devices are removed. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct RemoveDevicesQuestion {
    open: RwSignal<bool>,
    occasion: RwSignal<Occasion>,
    devices: RwSignal<Vec<Device>>,
}

impl RemoveDevicesQuestion {
    /// Creates the question, closed.
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            occasion: RwSignal::new(Occasion::One),
            devices: RwSignal::new(Vec::new()),
        }
    }

    /// Opens the question, unless the page that shows it is gone or there is nothing to remove.
    pub(crate) fn ask(self, occasion: Occasion, devices: Vec<Device>) {
        if !devices.is_empty() {
            self.occasion.try_set(occasion);
            self.devices.try_set(devices);
            self.open.try_set(true);
        }
    }
}

/// Asks for confirmation before devices are removed, and says what removing them does and does not
/// do.
#[component]
pub(crate) fn RemoveDevicesDialog(
    question: RemoveDevicesQuestion,
    /// The id of its heading, unique in the page.
    id: &'static str,
    /// Gets what to say once they are removed.
    done: Callback<String>,
) -> impl IntoView {
    let heading = Signal::derive(move || words::remove_heading(question.occasion.get()));
    view! {
        <Dialog open=question.open id=id heading=heading>
            {move || view! { <Question question=question done=done/> }}
        </Dialog>
    }
}

#[component]
fn Question(question: RemoveDevicesQuestion, done: Callback<String>) -> impl IntoView {
    let engine = Engine::from_context();
    let action = AsyncAction::new(None);
    let RemoveDevicesQuestion { open, occasion, devices } = question;
    let (occasion, devices) = (occasion.get_untracked(), devices.get_untracked());
    let ids: Vec<_> = devices.iter().map(|device| device.id).collect();
    let count = ids.len();
    let finish = move || {
        open.set(false);
        done.run(words::removed(count));
    };
    let remove = move |()| {
        let ids = ids.clone();
        let send = move || engine.execute(Command::RemoveDevices { devices: ids.clone() });
        let is_gone = move |problem: &Failure| {
            // Another device was first.
            let is_gone = *problem == Failure::NoSuchRecord;
            if is_gone {
                finish();
            }
            is_gone
        };
        action.run_renewing(send, is_gone, move |()| finish());
    };
    view! {
        <p>{words::remove(occasion)}</p>
        <ul class="list" role="list" translate="no">{devices.iter().map(item).collect_view()}</ul>
        <p>{words::REMOVE_MEANS}</p>
        <p class="muted">{words::REMOVE_KEEPS}</p>
        {(occasion != Occasion::MethodRemoved).then(|| view! { <p class="muted">{words::REMOVE_RETURNS}</p> })}
        <FailureNote failure=action.failure/>
        <p class="muted" role="status">{move || action.pending.get().then_some(words::REMOVING)}</p>
        <div class="dialog__actions">
            <button type="button" class="button" on:click=move |_| open.set(false)>{words::keep(count)}</button>
            <ActionButton action=action class="button button--danger" click=remove>
                {words::remove_button(count)}
            </ActionButton>
        </div>
    }
}

/// Names a device by what tells it from others of the same name.
fn item(device: &Device) -> impl IntoView + use<> {
    view! {
        <li>
            {words::name(device)}
            <p class="muted">{words::joined(device, format_joined(device).as_deref())}</p>
        </li>
    }
}

/// Formats when a device came in, if that is known.
pub(super) fn format_joined(device: &Device) -> Option<String> {
    (device.joined > 0).then(|| time::format_exact(time::to_js_time(device.joined)))
}
