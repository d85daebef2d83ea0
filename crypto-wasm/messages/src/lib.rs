//! What screens and engine say to each other; the only types they share.
//!
//! A screen sends a [`Request`] and gets one [`Response`] with the same number. The engine sends [`Event`]s by itself, among them the
//! [`Ceremony`] that it wants the page to run with the authenticator; the page answers with [`Command::Answer`].
//! A secret crosses by three messages only: [`Command::Add`], [`Command::Edit`] and the answer to [`Command::Reveal`];
//! PRF output crosses once, towards the engine, in an [`Outcome`].

mod ceremony;
mod command;
mod exchange;
mod failure;
mod ids;
mod reply;
mod secret;

pub use ceremony::{Asserted, Ceremony, CreateOptions, GetOptions, Outcome, Prf, Refusal, Registered, Touch};
pub use command::{Command, KeyDraft, KeyEdit, Purpose, Request};
pub use exchange::{Exchange, Field, FieldRule};
pub use failure::Failure;
pub use ids::{DeviceId, RecordId, VaultId};
pub use reply::{
    Alarm, Event, FromEngine, KeyDetail, KeyRow, KnownVault, LockReason, Notice, Opened, OverviewVersion,
    Page, Reply, Response, Saved, SignUp, SyncState, Welcome,
};
pub use secret::{Credentials, SecretText};

/// Longest vault name, in characters.
pub const MAX_NAME: usize = 64;
/// Longest label of a record, in characters.
pub const MAX_LABEL: usize = 64;
/// Longest note, in bytes of UTF-8.
pub const MAX_NOTE: usize = 1200;
/// Longest API key, secret or passphrase, in bytes of UTF-8.
pub const MAX_SECRET: usize = 5000;
