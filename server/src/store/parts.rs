use crystallum_api::Id;
use futures_util::TryStreamExt;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number, encode_number};

/// A part of a record, numbered as in FORMAT.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Overview,
    Secret,
}

impl Kind {
    fn column(self) -> i64 {
        match self {
            Self::Overview => 1,
            Self::Secret => 2,
        }
    }

    fn from_column(column: i64) -> sqlx::Result<Self> {
        match column {
            1 => Ok(Self::Overview),
            2 => Ok(Self::Secret),
            _ => Err(sqlx::Error::Decode("no such part".into())),
        }
    }
}

/// The newest version of a part and the length of its blob in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Newest {
    pub(crate) version: u64,
    pub(crate) bytes: u64,
}

/// Both parts of a live record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) overview: Newest,
    pub(crate) secret: Newest,
}

/// A part with its blob.
pub(crate) struct Blob {
    pub(crate) counter: u64,
    pub(crate) record: Id,
    pub(crate) part: Kind,
    pub(crate) version: u64,
    pub(crate) blob: Vec<u8>,
}

/// Finds a live record.
pub(crate) async fn record(
    conn: &mut SqliteConnection,
    account: Id,
    record: Id,
) -> sqlx::Result<Option<Record>> {
    let sql =
        "SELECT part, version, length(blob) FROM parts WHERE account = $1 AND record = $2 ORDER BY part";
    let rows: Vec<(i64, i64, i64)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).bind(record.0.as_slice()).fetch_all(conn).await?;
    let newest = |(_, version, bytes): (i64, i64, i64)| -> sqlx::Result<Newest> {
        Ok(Newest { version: decode_number(version)?, bytes: decode_number(bytes)? })
    };
    match *rows.as_slice() {
        [] => Ok(None),
        [overview @ (1, ..), secret @ (2, ..)] => {
            Ok(Some(Record { overview: newest(overview)?, secret: newest(secret)? }))
        }
        _ => Err(sqlx::Error::Decode("half a record".into())),
    }
}

/// Inserts a part or replaces its previous version.
pub(crate) async fn put(conn: &mut SqliteConnection, account: Id, part: &Blob) -> sqlx::Result<()> {
    let sql = "INSERT INTO parts (account, record, part, version, counter, blob) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (account, record, part) \
        DO UPDATE SET version = excluded.version, counter = excluded.counter, blob = excluded.blob";
    sqlx::query(sql)
        .bind(account.0.as_slice())
        .bind(part.record.0.as_slice())
        .bind(part.part.column())
        .bind(encode_number(part.version)?)
        .bind(encode_number(part.counter)?)
        .bind(part.blob.as_slice())
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes both parts of a record.
pub(crate) async fn delete(conn: &mut SqliteConnection, account: Id, record: Id) -> sqlx::Result<()> {
    let sql = "DELETE FROM parts WHERE account = $1 AND record = $2";
    sqlx::query(sql).bind(account.0.as_slice()).bind(record.0.as_slice()).execute(conn).await?;
    Ok(())
}

/// Returns the newest blob of a part of a live record.
pub(crate) async fn blob(
    conn: &mut SqliteConnection,
    account: Id,
    record: Id,
    part: Kind,
) -> sqlx::Result<Option<Vec<u8>>> {
    let sql = "SELECT blob FROM parts WHERE account = $1 AND record = $2 AND part = $3";
    sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(record.0.as_slice())
        .bind(part.column())
        .fetch_optional(conn)
        .await
}

/// Returns the size of the blobs for each counter after `since` up to and including `last`, in
/// bytes, oldest first. Counters without blobs are omitted. No more of them are looked at than have
/// `bytes` together, so the last size may be too small; then it is all the same as large as that.
pub(crate) async fn sizes(
    conn: &mut SqliteConnection,
    account: Id,
    (since, last): (u64, u64),
    bytes: u64,
) -> sqlx::Result<Vec<(u64, u64)>> {
    let sql = "SELECT counter, octet_length(blob) FROM parts \
        WHERE account = $1 AND counter > $2 AND counter <= $3 ORDER BY counter";
    let mut rows = sqlx::query_as(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(since)?)
        .bind(encode_number(last)?)
        .fetch(conn);
    let (mut sizes, mut sum): (Vec<(u64, u64)>, _) = (Vec::new(), 0_u64);
    while sum <= bytes
        && let Some((counter, size)) = rows.try_next().await?
    {
        let (counter, size) = (decode_number(counter)?, decode_number(size)?);
        match sizes.last_mut() {
            Some((newest, of_commit)) if *newest == counter => *of_commit += size,
            _ => sizes.push((counter, size)),
        }
        sum = sum.saturating_add(size);
    }
    Ok(sizes)
}

/// Returns the newest parts that were written after `since` up to and including `last`.
pub(crate) async fn between(
    conn: &mut SqliteConnection,
    account: Id,
    since: u64,
    last: u64,
) -> sqlx::Result<Vec<Blob>> {
    let sql = "SELECT counter, record, part, version, blob FROM parts \
        WHERE account = $1 AND counter > $2 AND counter <= $3";
    type Row = (i64, Vec<u8>, i64, i64, Vec<u8>);
    let rows: Vec<Row> = sqlx::query_as(sql)
        .bind(account.0.as_slice())
        .bind(encode_number(since)?)
        .bind(encode_number(last)?)
        .fetch_all(conn)
        .await?;
    rows.into_iter()
        .map(|(counter, record, part, version, blob)| {
            let (counter, version) = (decode_number(counter)?, decode_number(version)?);
            Ok(Blob { counter, record: decode_id(&record)?, part: Kind::from_column(part)?, version, blob })
        })
        .collect()
}
