use crystallum_messages::Version;
use leptos::prelude::*;

use crate::{browser::time, features::keys::words::versions as words, ui::dialog::Dialog};

/// Asks before an earlier version of the credentials takes the place of the one in use, and names
/// both.
#[component]
pub(super) fn RestoreDialog(
    /// The key's label.
    label: String,
    /// The versions of its credentials.
    list: RwSignal<Option<Vec<Version>>>,
    /// The number of the version that the user asked for.
    asked: RwSignal<Option<u64>>,
    restore: Callback<u64>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(asked.get().is_some()));
    let label = StoredValue::new(label);
    let find = move |is_wanted: &dyn Fn(&Version) -> bool| {
        list.with(|list| {
            let found = list.iter().flatten().find(|version| is_wanted(version));
            found.map(|version| {
                let time = version.time.map(|time| time::format_exact(time::to_js_time(time)));
                (version.number, time)
            })
        })
    };
    let confirm = move |_| {
        let number = asked.get_untracked();
        open.set(false);
        if let Some(number) = number {
            restore.run(number);
        }
    };
    view! {
        <Dialog
            open=open
            id="restore-heading"
            heading=words::RESTORE_HEADING
            closed=move |()| asked.set(None)
        >
            <p><strong translate="no">{label.get_value()}</strong></p>
            {move || {
                let number = asked.get()?;
                let (chosen, made) = find(&|version| version.number == number)?;
                let (current, since) = find(&|version| version.current)?;
                Some(view! {
                    <p>{words::restore((chosen, made), (current, since))}</p>
                    <p class="muted">{words::restore_back(chosen, current)}</p>
                })
            }}
            <div class="dialog__actions">
                <button type="button" class="button" on:click=move |_| open.set(false)>{words::RESTORE_KEEP}</button>
                <button type="button" class="button button--primary" on:click=confirm>{words::RESTORE_BUTTON}</button>
            </div>
        </Dialog>
    }
}
