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

/// Inserts a store.
pub(crate) async fn insert(conn: &mut SqliteConnection, number: u8, store: Id) -> sqlx::Result<()> {
    let sql = "INSERT INTO stores (number, id) VALUES ($1, $2)";
    sqlx::query(sql).bind(i64::from(number)).bind(store.0.as_slice()).execute(conn).await?;
    Ok(())
}
