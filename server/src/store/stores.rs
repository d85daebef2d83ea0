use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::store::columns::decode_id;

/// Returns the numbers and ids of all stores that were ever set up.
pub(crate) async fn all(conn: &mut SqliteConnection) -> sqlx::Result<Vec<(u8, Id)>> {
    let rows: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT number, id FROM stores ORDER BY number").fetch_all(conn).await?;
    rows.into_iter()
        .map(|(number, store)| {
            let number = u8::try_from(number).map_err(|error| sqlx::Error::Decode(error.into()))?;
            Ok((number, decode_id(&store)?))
        })
        .collect()
}

/// Returns the numbers of the stores that were made again, without their shares.
pub(crate) async fn made_again(conn: &mut SqliteConnection) -> sqlx::Result<Vec<u8>> {
    let sql = "SELECT number FROM stores WHERE made_again IS NOT NULL ORDER BY number";
    let rows: Vec<i64> = sqlx::query_scalar(sql).fetch_all(conn).await?;
    rows.into_iter()
        .map(|number| u8::try_from(number).map_err(|error| sqlx::Error::Decode(error.into())))
        .collect()
}

/// Records that a store was made again, or that the operator has acknowledged it.
pub(crate) async fn set_made_again(
    conn: &mut SqliteConnection,
    number: u8,
    since: Option<i64>,
) -> sqlx::Result<()> {
    let sql = "UPDATE stores SET made_again = $2 WHERE number = $1";
    sqlx::query(sql).bind(i64::from(number)).bind(since).execute(conn).await?;
    Ok(())
}

/// Inserts a store.
pub(crate) async fn insert(conn: &mut SqliteConnection, number: u8, store: Id) -> sqlx::Result<()> {
    let sql = "INSERT INTO stores (number, id) VALUES ($1, $2)";
    sqlx::query(sql).bind(i64::from(number)).bind(store.0.as_slice()).execute(conn).await?;
    Ok(())
}
