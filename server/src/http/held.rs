//! Memory that stays reserved while a request is handled, also in tasks that outlive its client.

use std::sync::Arc;

use crate::http::budget::Reservation;

tokio::task_local! {
    static HELD: Option<Arc<Reservation>>;
}

/// Handles a request while its memory is reserved.
pub(crate) async fn hold<T>(reservation: Reservation, work: impl Future<Output = T>) -> T {
    HELD.scope(Some(Arc::new(reservation)), work).await
}

/// Makes a task hold the memory of the current request until it ends.
pub(crate) fn hold_in_task<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    let held = HELD.try_with(Clone::clone).ok().flatten();
    HELD.scope(held, work)
}
