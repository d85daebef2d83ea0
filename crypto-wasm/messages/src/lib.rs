//! The messages between the page and the engine. These are the only types that both share.
//!
//! The page sends [`ToEngine`], the engine [`FromEngine`]. Every [`Request`] gets one [`Response`]
//! with the same number. Each domain has a module with its commands, replies and failures, which
//! [`Command`], [`Reply`] and [`Failure`] unite. The engine sends [`Event`]s on its own, among them
//! the [`Ceremony`] that the page is to run with the authenticator. The page answers that with
//! [`ToEngine::Answer`].
//!
//! Secrets are in messages only where they are typed or shown:
//!
//! - credentials in [`keys::Command::Add`], [`keys::Command::Edit`] and the replies to
//!   [`keys::Command::Reveal`] and [`keys::Command::RevealVersion`];
//! - drafts of credentials in [`session::Command::SaveDraft`] and the reply to
//!   [`session::Command::Draft`], which the page sends only when the user goes on with the draft;
//! - recovery phrases in [`wallets::Command::Add`], [`wallets::Command::CheckPhrase`] and the
//!   replies to [`wallets::Command::GeneratePhrase`] and [`wallets::Command::Rebuild`];
//! - recovery codes in [`entry::Command::Recover`], [`entry::Command::CheckCode`],
//!   [`access::Command::ConfirmSheet`] and the replies to [`access::Command::Sheet`] and
//!   [`access::Command::NewSheet`];
//! - PRF outputs in an [`Outcome`], towards the engine.

pub mod access;
mod alarm;
mod boundary;
mod ceremony;
mod domains;
pub mod entry;
mod event;
mod exchange;
mod failure;
mod failures;
pub mod going_over;
mod ids;
mod impossible;
pub mod keys;
mod kinds;
mod records;
mod secret;
pub mod session;
mod shares;
mod sync;
pub mod trash;
mod typed_text;
pub mod wallets;

pub use access::{Device, DeviceJoin, MAX_SIGN_IN_METHOD_NAME, Qr, Sheet, SignInMethod};
pub use alarm::{Alarm, Alarms, EndedAlarm, GoneOver, KeptAlarm, MakeAgain, NotGoneOver, NotPutBack};
pub use boundary::{FromEngine, Message, Request, Response, ToEngine, Unreadable, number_of};
pub use ceremony::{
    Asserted, Ceremony, CeremonyReason, CreateOptions, GetOptions, Outcome, PasskeyFault, Prf, Refusal,
    Registered,
};
pub use crystallum_exchanges::{Exchange, Field, MAX_CREDENTIAL};
pub use domains::{Command, OtherDomain, Reply};
pub use entry::{Copied, Copyable, KnownVault, MAX_NAME, Notice, Opened, Purpose, SignUp, Unsaved, Welcome};
pub use event::{Event, LockReason};
pub use failure::Failure;
pub use failures::{CeremonyFailure, ServerFailure, VaultFailure};
pub use ids::{AsideId, DeviceId, RecordId, SignInMethodId, StoreId, VaultId};
pub use impossible::ImpossibleState;
pub use keys::{Credentials, KeyDetail, KeyDraft, KeyEdit, KeyRow, Page, Version};
pub use kinds::{AsideKind, SignInMethodKind};
pub use records::{MAX_LABEL, MAX_NOTE, OverviewVersion, Saved, UnreadableReason, UnreadableRow};
pub use secret::SecretText;
pub use session::AsideRow;
pub use shares::{ShareState, ShareView};
pub use sync::SyncState;
pub use trash::{TrashKind, TrashRow};
pub use typed_text::{CodeProblem, PhraseProblem};
pub use wallets::{
    MAX_SHARES, Rebuilt, Split, StoreLocation, StoreView, WalletDetail, WalletDraft, WalletEdit, WalletRow,
};
