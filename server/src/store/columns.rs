//! The values of columns.

pub(crate) use crystallum_share_store::sqlite::decode_id;

/// Decodes a non-negative number from a column.
pub(super) fn decode_number(value: i64) -> sqlx::Result<u64> {
    u64::try_from(value).map_err(|_| sqlx::Error::Decode("a number below zero".into()))
}

/// Encodes a number for a column.
pub(super) fn encode_number(value: u64) -> sqlx::Result<i64> {
    i64::try_from(value).map_err(|_| sqlx::Error::Encode("a number above 2^63".into()))
}
