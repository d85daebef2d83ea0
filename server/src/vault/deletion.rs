//! Deletes what is stored of deleted accounts, in steps between which others write.

pub(crate) mod asked;

use std::time::Duration;

use crystallum_api::Id;
use tokio::sync::watch;

use crate::app::state::App;
use crate::store::{accounts, deletions};

/// How often deleted accounts are looked for without being asked, because the operator may have
/// deleted one, or the last attempt failed.
const INTERVAL: Duration = Duration::from_secs(10);

/// Deletes accounts until the server stops. What is left then is deleted after the next start.
pub(crate) async fn run(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut asked = app.deletions.asked.subscribe();
    let mut fails = false;
    loop {
        let target = *asked.borrow_and_update();
        let deleted = tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            deleted = delete_marked(app) => deleted,
        };
        match deleted {
            Ok(()) => {
                fails = false;
                app.deletions.done.send_replace(target);
            }
            Err(error) => {
                app.database.note_failure(&error);
                if !fails {
                    tracing::warn!(%error, "the data of a deleted account is left");
                }
                fails = true;
            }
        }
        tokio::select! {
            _ = stopped.wait_for(|stop| *stop) => return,
            _ = asked.changed() => {}
            () = tokio::time::sleep(INTERVAL) => {}
        }
    }
}

async fn delete_marked(app: &App) -> sqlx::Result<()> {
    let marked = accounts::being_deleted(&mut *app.database.reader().await?).await?;
    for account in &marked {
        delete_rows(app, *account).await?;
    }
    if !marked.is_empty() {
        app.database.note_removal();
    }
    Ok(())
}

/// Deletes the rows of an account. Whoever waits for the database comes between two steps.
async fn delete_rows(app: &App, account: Id) -> sqlx::Result<()> {
    // Another process may have marked it.
    app.states.forget(account);
    let (mut steps, mut is_gone) = (0_u64, false);
    let mut held = app.deletions.held.subscribe();
    while !is_gone {
        drop(held.wait_for(|held| !held).await);
        let mut write = app.database.begin_write().await?;
        is_gone = deletions::step(&mut write, account).await?;
        write.commit().await?;
        steps += 1;
    }
    tracing::info!(steps, "the data of a deleted account is gone");
    Ok(())
}
