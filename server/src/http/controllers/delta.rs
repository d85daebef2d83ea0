use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use crystallum_api::{Code, Delta, Id};
use serde::Deserialize;

use crate::app::state::App;
use crate::auth::session::Authenticated;
use crate::http::error::ApiResult;
use crate::http::extract::Query;
use crate::vault::delta::delta_page;

/// The query of a delta.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Since {
    since: u64,
}

/// Returns the commits after a counter.
pub(crate) async fn delta(
    State(app): State<Arc<App>>,
    auth: Authenticated,
    Query(Since { since }): Query<Since>,
) -> ApiResult<Json<Delta>> {
    read_page(&app, (auth.account, auth.token), since).await.map(Json)
}

async fn read_page(app: &App, (account, token): (Id, [u8; 32]), since: u64) -> ApiResult<Delta> {
    let _turn = app.read_turns.take(account, token).await;
    let mut read = app.database.begin_read().await?;
    Ok(delta_page(&mut read, account, since).await?.ok_or(Code::SessionExpired)?)
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::app::build::build_app;
    use crate::app::clock::Clock;
    use crate::app::origin::Origin;
    use crate::app::settings::Settings;
    use crate::store::accounts;
    use crate::store::database::READERS;

    /// An account sends forty requests at once, and two others send one each, afterwards.
    #[tokio::test]
    async fn many_reads_of_one_account_delay_another_by_one() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::local(folder.path().join("data"));
        let origin = Origin::parse("http://localhost:8080", 8080).unwrap();
        let app = Arc::new(build_app(&settings, origin, Clock::manual(1)).await.unwrap());
        for account in 1..=3 {
            let mut conn = app.database.writer().await.unwrap();
            accounts::insert(&mut conn, Id([account; 16]), 1).await.unwrap();
        }
        let mut held = Vec::new();
        for _ in 0..READERS {
            held.push(app.database.reader().await.unwrap());
        }
        let (sender, mut finished) = mpsc::unbounded_channel();
        let mut tasks = Vec::new();
        for account in [[1; 40].as_slice(), &[2, 3]].concat() {
            let (app, sender) = (Arc::clone(&app), sender.clone());
            tasks.push(tokio::spawn(async move {
                read_page(&app, (Id([account; 16]), [account; 32]), 0).await.unwrap();
                sender.send(account).unwrap();
            }));
            // The task runs until it waits.
            tokio::task::yield_now().await;
        }
        // One connection serves one after the other.
        drop(held.pop());
        for task in tasks {
            task.await.unwrap();
        }
        let mut order = Vec::new();
        while let Ok(account) = finished.try_recv() {
            order.push(account);
        }
        assert_eq!(order.len(), 42);
        let last_of_others = order.iter().rposition(|account| *account != 1).unwrap();
        assert!(last_of_others < 5, "{order:?}");
    }
}
