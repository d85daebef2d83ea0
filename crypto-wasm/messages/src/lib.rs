//! What screens and engine say to each other; the only types they share.
//!
//! A screen sends a [`Request`] and gets one [`Response`] with the same number. The engine sends [`Event`]s by itself, among them the
//! [`Ceremony`] that it wants the page to run with the authenticator; the page answers with [`Command::Answer`].
//! A secret crosses where it must be typed or shown: credentials by [`Command::Add`], [`Command::Edit`] and the answers to [`Command::Reveal`] and [`Command::RevealVersion`];
//! a phrase by [`Command::AddWallet`], [`Command::CheckPhrase`] and the answers to [`Command::MakePhrase`] and [`Command::RebuildWallet`]; a recovery code by
//! [`Command::Recover`], [`Command::CheckCode`], [`Command::ConfirmSheet`] and the answers to [`Command::Sheet`] and [`Command::NewSheet`]. PRF output crosses once, towards the engine, in an [`Outcome`].

mod ceremony;
mod command;
mod exchange;
mod failure;
mod history;
mod ids;
mod reply;
mod secret;
mod wallet;
mod ways;
mod wire;

pub use ceremony::{Asserted, Ceremony, CreateOptions, GetOptions, Outcome, Prf, Refusal, Registered, Touch};
pub use command::{Command, KeyDraft, KeyEdit, Purpose, Request};
pub use exchange::{Exchange, Field, FieldRule};
pub use failure::Failure;
pub use history::{TrashKind, TrashRow, Version};
pub use ids::{DeviceId, RecordId, StoreId, VaultId, WayId};
pub use reply::{
    Alarm, Event, FromEngine, KeyDetail, KeyRow, KnownVault, LockReason, Notice, Opened, OverviewVersion,
    Page, Reply, Response, Saved, SignUp, SyncState, Welcome,
};
pub use secret::{Credentials, SecretText};
pub use wallet::{
    PhraseProblem, Rebuilt, ShareState, ShareView, Split, StorePlace, StoreView, WalletDetail, WalletDraft,
    WalletEdit, WalletRow,
};
pub use ways::{CodeProblem, Qr, Sheet, Way, WayKind};
pub use wire::{Message, Unreadable, number_of};

/// Longest vault name, in characters.
pub const MAX_NAME: usize = 64;
/// Longest name of a way in, in characters.
pub const MAX_WAY_NAME: usize = 64;
/// Most shares of a wallet.
pub const MAX_SHARES: usize = 16;
/// Longest label of a record, in characters.
pub const MAX_LABEL: usize = 64;
/// Longest note, in bytes of UTF-8.
pub const MAX_NOTE: usize = 1200;
/// Longest API key, secret or passphrase, in bytes of UTF-8.
pub const MAX_SECRET: usize = 5000;
