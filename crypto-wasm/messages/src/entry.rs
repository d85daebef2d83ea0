//! Opening a vault: creating, unlocking, joining and recovering it.

use serde::{Deserialize, Serialize};

use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::ids::{DeviceId, VaultId};
use crate::impossible::ImpossibleState;
use crate::secret::SecretText;
use crate::sync::SyncState;
use crate::typed_text::CodeProblem;

/// The longest name of a vault, in characters.
pub const MAX_NAME: usize = 64;

/// The commands that need no open vault. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Joins this device to the vault after a [`Notice`] ->
    /// [`Opened`](Reply::Opened).
    AcceptNotice,
    /// Checks whether a text is a recovery code, without the server -> [`Done`](Reply::Done)
    /// or `CodeRejected`.
    CheckCode {
        /// The typed text.
        code: SecretText,
    },
    /// Copies the next records into the vault that [`CreateFromCopy`](Self::CreateFromCopy) has
    /// created. After a failure it goes on where it stopped -> [`Copied`](Reply::Copied).
    CopyNext,
    /// Counts what a new vault would take from the open one, which is in an alarm ->
    /// [`Copyable`](Reply::Copyable).
    CountCopyable,
    /// Creates a vault. Runs one or two ceremonies. Its recovery sheet can then be shown ->
    /// [`Opened`](Reply::Opened).
    Create {
        /// The vault's name.
        name: String,
        /// The invitation code, if the server requires one.
        invite: Option<String>,
    },
    /// Creates a vault from the open one, which is in an alarm and stays as it is. Runs one or two
    /// ceremonies, and opens the new vault, which is empty until
    /// [`CopyNext`](Self::CopyNext) -> [`Opened`](Reply::Opened).
    CreateFromCopy {
        /// The new vault's name.
        name: String,
        /// The invitation code, if the server requires one.
        invite: Option<String>,
    },
    /// Finishes a recovery after `Recover`: registers a passkey, joins this device, and replaces
    /// the used code. The new sheet can then be shown -> [`Opened`](Reply::Opened).
    FinishRecovery {
        /// The name of the new passkey.
        name: String,
    },
    /// Removes the local copy of a vault that is not open -> [`Done`](Reply::Done).
    Forget {
        /// The vault.
        vault: VaultId,
    },
    /// Returns what this device knows before a vault is opened ->
    /// [`Welcome`](Reply::Welcome).
    Hello,
    /// Fetches a challenge so that the next click needs no network -> [`Done`](Reply::Done).
    Prepare(Purpose),
    /// Signs in with the recovery code and returns which state the server offers ->
    /// [`Notice`](Reply::Notice), also if this device knows the vault.
    Recover {
        /// The code, or the text of the sheet's QR code.
        code: SecretText,
        /// The change number on the sheet, if the user typed the code and this number.
        change: Option<u64>,
    },
    /// Returns who may create a vault on this server -> [`SignUp`](Reply::SignUp).
    SignUp,
    /// Returns which changes of a vault are on this device only, before it is forgotten ->
    /// [`Unsaved`](Reply::Unsaved).
    Unsaved {
        /// The vault.
        vault: VaultId,
    },
    /// Opens a vault. Runs one ceremony -> [`Opened`](Reply::Opened) or
    /// [`Notice`](Reply::Notice).
    Unlock {
        /// The vault to open; `None` for the one that the user's passkey is for.
        vault: Option<VaultId>,
    },
}

/// The replies to commands that need no open vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `CopyNext`.
    Copied(Copied),
    /// To `CountCopyable`.
    Copyable(Copyable),
    /// The command succeeded and has nothing to return.
    Done,
    /// To `Recover`, and to `Unlock` on a device that does not know the vault. Nothing else is
    /// shown before the user accepts it.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
    /// To `SignUp`; `None` if the server does not answer.
    SignUp(Option<SignUp>),
    /// To `Unsaved`.
    Unsaved(Unsaved),
    /// To `Hello`.
    Welcome(Welcome),
}

failures! {
    /// Why a vault could not be opened.
    Failure {
        CodeRejected(problem: CodeProblem),
        CodeUnknown,
        NameRejected,
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
}

/// The kind of ceremony that a challenge is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// [`Command::Create`].
    Create,
    /// [`Command::Unlock`], [`Renew`](crate::session::Command::Renew), and every command that a
    /// passkey of the vault confirms.
    Unlock,
}

/// What is known before a vault is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The vaults that this device has opened before, last used first.
    pub vaults: Vec<KnownVault>,
    /// Whether the browser has promised to keep this device's storage; `None` if unknown.
    pub persistent: Option<bool>,
}

/// A vault that this device knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownVault {
    /// The vault.
    pub id: VaultId,
    /// Its name, as stored on this device.
    pub name: String,
    /// When it was last opened on this device, in milliseconds since 1970.
    pub last_used: u64,
}

/// What a new vault can take from this device's copy of another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copyable {
    /// Exchange keys, those in the trash included.
    pub keys: u32,
    /// Exchange keys whose secrets have not arrived on this device.
    pub awaited: u32,
    /// Wallets. Their phrases are in shares, which belong to the other vault.
    pub wallets: u32,
    /// Records that this version or this vault cannot read.
    pub unreadable: u32,
}

/// How far a new vault has taken the records of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// How many records the new vault has.
    pub done: u32,
    /// How many are still to come.
    pub left: u32,
}

/// The changes of a vault that the server does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unsaved {
    /// The number of changes.
    pub changes: u32,
    /// The labels of their records, as far as they have any, if the vault is open.
    pub labels: Vec<String>,
}

/// Who may create a vault on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Everybody with an invitation code.
    Invite,
    /// Everybody.
    Open,
}

/// An open vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The vault.
    pub id: VaultId,
    /// Its name.
    pub name: String,
    /// The number of the newest change.
    pub change: u64,
    /// The number of exchange keys.
    pub records: u32,
    /// The number of sign-in methods that count. If it is one, losing that method loses the vault.
    pub sign_in_methods: u8,
    /// Whether this device and the server are in sync.
    pub sync: SyncState,
}

/// The state that is shown before anything else on a device that does not know the vault. The
/// device can verify who signed this state, but not that it is the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The vault.
    pub vault: VaultId,
    /// The number of the newest change that the server returned.
    pub change: u64,
    /// When it was written by the writer's clock, in milliseconds since 1970.
    pub time: u64,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The first 8 bytes of its hash as 16 hexadecimal digits, to compare with another device.
    pub fingerprint: String,
}
