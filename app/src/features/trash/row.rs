use crystallum_messages::{TrashKind, TrashRow, trash::Command};
use leptos::prelude::*;

use crate::{
    browser::time,
    features::trash::{question::Purge, words},
    ui::{exchange_tile::ExchangeTile, time_ago::TimeAgo, wallet_tile::WalletTile},
};

/// One record in the trash, with the buttons that restore it and delete it permanently.
#[component]
pub(super) fn Row(
    row: TrashRow,
    /// Sends a command, and shows the text once it is done.
    write: Callback<(Command, String)>,
    /// Asks for confirmation before the record is deleted permanently.
    ask: Callback<Purge>,
) -> impl IntoView {
    let purge = Purge::of_row(&row);
    let label_id = format!("trash-{}", row.id);
    let put_back = (Command::Restore { id: row.id }, words::restored(&row.label));
    let tile = match row.kind {
        TrashKind::Key(exchange) => view! { <ExchangeTile exchange=exchange/> }.into_any(),
        TrashKind::Wallet => view! {
            <WalletTile/>
        }
        .into_any(),
    };
    view! {
        <li class="trash__row">
            {tile}
            <div class="trash__what">
                <p class="trash__label" translate="no" id=label_id.clone()>{row.label}</p>
                <p class="muted"><span translate="no">{words::kind(row.kind)}</span> " · " {words::DELETED} " " <TimeAgo time=row.since/></p>
                <p class="muted">{words::until(days_left(time::to_js_time(row.until), time::now()))}</p>
            </div>
            <div class="trash__actions">
                <button
                    type="button"
                    class="button"
                    aria-describedby=label_id.clone()
                    on:click=move |_| write.run(put_back.clone())
                >
                    {words::RESTORE}
                </button>
                <button
                    type="button"
                    class="button button--bad"
                    aria-describedby=label_id
                    on:click=move |_| ask.run(purge.clone())
                >
                    {words::PURGE}
                </button>
            </div>
        </li>
    }
}

/// Returns the number of days left, rounded up and at most 30.
fn days_left(until: f64, now: f64) -> u32 {
    let left = (until - now) / 86_400_000.0;
    (0..30).find(|&days| f64::from(days) >= left).unwrap_or(30)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_bounded() {
        const DAY: f64 = 86_400_000.0;
        assert_eq!(days_left(30.0 * DAY, 0.0), 30);
        assert_eq!(days_left(29.99 * DAY, 0.0), 30);
        assert_eq!(days_left(0.5 * DAY, 0.0), 1);
        assert_eq!(days_left(0.0, DAY), 0);
        assert_eq!(days_left(400.0 * DAY, 0.0), 30);
    }
}
