//! The messages between the page and the engine. These are the only types that both share.
//!
//! The page sends a [`Request`] and gets one [`Response`] with the same number. The engine sends
//! [`Event`]s on its own, among them the [`Ceremony`] that the page is to run with the
//! authenticator. The page answers that with [`Command::Answer`].
//!
//! Secrets are in messages only where they are typed or shown:
//!
//! - credentials in [`Command::Add`], [`Command::Edit`] and the replies to [`Command::Reveal`] and
//!   [`Command::RevealVersion`];
//! - recovery phrases in [`Command::AddWallet`], [`Command::CheckPhrase`] and the replies to
//!   [`Command::MakePhrase`] and [`Command::RebuildWallet`];
//! - recovery codes in [`Command::Recover`], [`Command::CheckCode`], [`Command::ConfirmSheet`] and
//!   the replies to [`Command::Sheet`] and [`Command::NewSheet`];
//! - PRF outputs in an [`Outcome`], towards the engine.

pub use crystallum_exchanges::{Exchange, Field};

mod access;
mod ceremony;
mod command;
mod exchange;
mod failure;
mod history;
mod ids;
mod reply;
mod secret;
mod wallet;
mod wire;

pub use access::{CodeProblem, Qr, Sheet, SignInMethod, SignInMethodKind};
pub use ceremony::{
    Asserted, Ceremony, CeremonyReason, CreateOptions, GetOptions, Outcome, Prf, Refusal, Registered,
};
pub use command::{Command, KeyDraft, KeyEdit, Purpose, Request};
pub use failure::Failure;
pub use history::{TrashKind, TrashRow, Version};
pub use ids::{DeviceId, RecordId, SignInMethodId, StoreId, VaultId};
pub use reply::{
    Alarm, Event, FromEngine, KeyDetail, KeyRow, KnownVault, LockReason, Notice, Opened, OverviewVersion,
    Page, Reply, Response, Saved, SignUp, SyncState, Welcome,
};
pub use secret::{Credentials, SecretText};
pub use wallet::{
    PhraseProblem, Rebuilt, ShareState, ShareView, Split, StoreLocation, StoreView, WalletDetail,
    WalletDraft, WalletEdit, WalletRow,
};
pub use wire::{Message, Unreadable, number_of};

/// The longest name of a vault, in characters.
pub const MAX_NAME: usize = 64;
/// The longest name of a sign-in method, in characters.
pub const MAX_SIGN_IN_METHOD_NAME: usize = 64;
/// The largest number of shares of a wallet.
pub const MAX_SHARES: usize = 16;
/// The longest label of a record, in characters.
pub const MAX_LABEL: usize = 64;
/// The longest note, in bytes of UTF-8.
pub const MAX_NOTE: usize = 1200;
/// The longest API key, API secret or passphrase, in bytes of UTF-8.
pub const MAX_SECRET: usize = 5000;
