//! The main database: one SQLite file, with one module per table.
//!
//! The SQL is also valid for PostgreSQL. Only the migrations and `database` are specific to SQLite.

pub(crate) mod accounts;
pub(crate) mod columns;
pub(crate) mod commits;
pub(crate) mod credentials;
pub(crate) mod database;
pub(crate) mod deleted_accounts;
pub(crate) mod deletions;
pub(crate) mod failure;
pub(crate) mod files;
mod free_space;
pub(crate) mod invites;
pub(crate) mod leaves;
pub(crate) mod parts;
pub(crate) mod read_probe;
pub(crate) mod recovery;
pub(crate) mod restores;
pub(crate) mod server;
pub(crate) mod sessions;
pub(crate) mod shares;
pub(crate) mod stores;
pub(crate) mod versions;
pub(crate) mod writer;
