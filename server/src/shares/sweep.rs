//! Bringing the stores in line with the main database, at the start and every hour.

use sqlx::SqliteConnection;

use super::contract::{Key, Listed, StoreError};
use super::{Place, Stores};
use crate::store::Store;
use crate::store::shares::{self, Named};

/// Seconds for which a share is kept that no vault has, or has any more.
const GRACE: i64 = 24 * 3_600;

/// What happens to a share in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Keep,
    Claim,
    Forsake,
    Discard,
}

/// Claims what commits have named and deletes what no vault has had for a day. Stores that cannot be used are left out.
pub(crate) async fn sweep(stores: &Stores, database: &Store, now: i64) {
    for place in &stores.0 {
        if let Err(error) = sweep_one(place, database, now).await {
            tracing::warn!(store = place.number, %error, "the store was not swept");
        }
    }
}

async fn sweep_one(place: &Place, database: &Store, now: i64) -> Result<(), SweepError> {
    let mut after = None;
    loop {
        let page = place.store.list(after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.key);
        settle(place, database, &page, now).await?;
    }
}

#[derive(Debug, thiserror::Error)]
enum SweepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

async fn settle(place: &Place, database: &Store, page: &[Listed], now: i64) -> Result<(), SweepError> {
    let mut reader = database.reader().await?;
    let claimed = of_fate(Fate::Claim, place, &mut reader, page, now).await?;
    let forsaken = of_fate(Fate::Forsake, place, &mut reader, page, now).await?;
    let dead = of_fate(Fate::Discard, place, &mut reader, page, now).await?;
    drop(reader);
    if !claimed.is_empty() {
        place.store.claim(&claimed).await?;
    }
    if !forsaken.is_empty() {
        place.store.forsake(&forsaken, now).await?;
    }
    if !dead.is_empty() {
        // While this transaction is open no commit can name any of them.
        let mut alone = database.write().await?;
        let dead = of_fate(Fate::Discard, place, &mut alone, page, now).await?;
        place.store.discard(&dead).await?;
        alone.rollback().await?;
    }
    Ok(())
}

/// The shares of a page that have this fate.
async fn of_fate(
    which: Fate,
    place: &Place,
    conn: &mut SqliteConnection,
    page: &[Listed],
    now: i64,
) -> sqlx::Result<Vec<Key>> {
    let mut keys = Vec::new();
    for share in page {
        let named = shares::find(conn, share.key.account, share.key.share).await?;
        if fate(share, here(named, place), now) == which {
            keys.push(share.key);
        }
    }
    Ok(keys)
}

/// What the main database says of a share in this store.
fn here(named: Option<Named>, place: &Place) -> Option<Named> {
    named.filter(|named| named.store == place.id)
}

fn fate(share: &Listed, named: Option<Named>, now: i64) -> Fate {
    let since = match named {
        Some(Named { gone: None, .. }) if share.claimed && share.forsaken.is_none() => return Fate::Keep,
        Some(Named { gone: None, .. }) => return Fate::Claim,
        Some(Named { gone: Some(gone), .. }) => gone,
        None if !share.claimed => share.created,
        // Deleted with its account while the store could not be used; or the main database is older than the store.
        None => match share.forsaken {
            None => return Fate::Forsake,
            Some(forsaken) => forsaken,
        },
    };
    if since.saturating_add(GRACE) <= now { Fate::Discard } else { Fate::Keep }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Id;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn listed(claimed: bool, created: i64, forsaken: Option<i64>) -> Listed {
        Listed { key: Key { account: Id([1; 16]), share: Id([2; 16]) }, claimed, created, forsaken }
    }

    fn named(gone: Option<i64>) -> Option<Named> {
        Some(Named { store: Id([3; 16]), hash: [4; 32], gone })
    }

    #[test]
    fn what_a_vault_has_is_kept_for_ever() {
        for created in [0, NOW] {
            assert_eq!(fate(&listed(true, created, None), named(None), NOW), Fate::Keep);
            assert_eq!(fate(&listed(false, created, None), named(None), NOW), Fate::Claim);
            assert_eq!(fate(&listed(true, created, Some(0)), named(None), NOW), Fate::Claim);
        }
    }

    #[test]
    fn what_no_vault_has_dies_after_a_day_and_not_before() {
        let day = 86_400;
        for (since, then) in [(NOW - day, Fate::Discard), (NOW - day + 1, Fate::Keep), (NOW + 5, Fate::Keep)]
        {
            assert_eq!(fate(&listed(false, since, None), None, NOW), then, "pending");
            assert_eq!(fate(&listed(true, 0, Some(since)), None, NOW), then, "forsaken");
            assert_eq!(fate(&listed(true, 0, None), named(Some(since)), NOW), then, "gone");
            assert_eq!(fate(&listed(false, 0, None), named(Some(since)), NOW), then, "gone before its claim");
        }
        assert_eq!(fate(&listed(true, 0, None), None, NOW), Fate::Forsake);
    }
}
