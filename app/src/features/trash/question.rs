use crystallum_messages::{RecordId, TrashKind, TrashRow, UnreadableRow, trash::Command};
use leptos::prelude::*;

use crate::features::trash::words;

/// A record that is to be deleted permanently.
#[derive(Clone)]
pub(crate) struct Purge {
    id: RecordId,
    label: String,
    /// What else that does.
    aside: &'static str,
}

impl Purge {
    pub(super) fn of_row(row: &TrashRow) -> Self {
        let aside = match row.kind {
            TrashKind::Key(_) => words::PURGE_KEY,
            TrashKind::Wallet => words::PURGE_WALLET,
        };
        Self { id: row.id, label: row.label.clone(), aside }
    }

    pub(super) fn of_unreadable(row: UnreadableRow) -> Self {
        let label = words::unreadable_kind(row.why).to_owned();
        Self { id: row.id, label, aside: words::PURGE_UNREADABLE }
    }
}

/// Asks for confirmation, and says exactly what permanent deletion does.
#[component]
pub(super) fn Question(
    purge: Purge,
    asking: RwSignal<bool>,
    /// Sends a command, and shows the text once it is done.
    write: Callback<(Command, String)>,
) -> impl IntoView {
    let Purge { id, label, aside } = purge;
    let command = (Command::Purge { id }, words::purged(&label));
    view! {
        <p translate="no">{words::purge(&label)}</p>
        <p class="muted">{aside}</p>
        <div class="dialog__actions">
            <button type="button" class="button" on:click=move |_| asking.set(false)>{words::KEEP}</button>
            <button type="button" class="button button--danger" on:click=move |_| write.run(command.clone())>
                {words::PURGE}
            </button>
        </div>
    }
}
