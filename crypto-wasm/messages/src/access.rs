//! Sign-in methods: passkeys and the recovery sheet.

use serde::{Deserialize, Serialize};

use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::ids::{DeviceId, SignInMethodId};
use crate::impossible::ImpossibleState;
use crate::kinds::SignInMethodKind;
use crate::secret::SecretText;

/// The longest name of a sign-in method, in characters.
pub const MAX_SIGN_IN_METHOD_NAME: usize = 64;

/// The commands about sign-in methods. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Ends the event of a device that entered the vault, because the user has looked ->
    /// [`Done`](Reply::Done).
    AcknowledgeJoin {
        /// The number of the change by which it entered.
        change: u64,
    },
    /// Adds a passkey. A passkey of the vault confirms it first; then the new one is registered ->
    /// [`Done`](Reply::Done).
    AddPasskey {
        /// The name of the passkey.
        name: String,
    },
    /// Confirms the recovery sheet with two groups of its code. From then on it counts as a sign-in
    /// method -> [`Done`](Reply::Done).
    ConfirmSheet {
        /// The groups, in order.
        groups: [SecretText; 2],
    },
    /// Returns every device of the vault -> [`Devices`](Reply::Devices).
    Devices,
    /// Returns the devices that entered the vault and that the user has not acknowledged yet ->
    /// [`Joins`](Reply::Joins).
    Joins,
    /// Returns every sign-in method -> [`Methods`](Reply::Methods).
    List,
    /// Creates a recovery code that replaces the old one. Runs one ceremony ->
    /// [`Sheet`](Reply::Sheet).
    NewSheet,
    /// Drops the code of a sheet that is put away before it was confirmed ->
    /// [`Done`](Reply::Done).
    PutSheetAway,
    /// Removes a sign-in method after a passkey of the vault has confirmed it ->
    /// [`Done`](Reply::Done).
    Remove {
        /// The sign-in method.
        id: SignInMethodId,
    },
    /// Removes devices other than this one, many of them in several changes. They can no longer
    /// write, and are told so -> [`Done`](Reply::Done).
    RemoveDevices {
        /// The devices.
        devices: Vec<DeviceId>,
    },
    /// Gives a device a name -> [`Done`](Reply::Done).
    RenameDevice {
        /// The device.
        device: DeviceId,
        /// The new name, at most [`MAX_SIGN_IN_METHOD_NAME`] characters.
        name: String,
    },
    /// Renames a sign-in method -> [`Done`](Reply::Done).
    Rename {
        /// The sign-in method.
        id: SignInMethodId,
        /// The new name, at most [`MAX_SIGN_IN_METHOD_NAME`] characters.
        name: String,
    },
    /// Returns the new recovery sheet, until it is confirmed or the vault is locked ->
    /// [`Sheet`](Reply::Sheet) or `NoSheet`.
    Sheet,
}

/// The replies about sign-in methods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Devices`: this one first, then the newest first.
    Devices(Vec<Device>),
    /// The command succeeded and has nothing to return.
    Done,
    /// To `Joins`, oldest first.
    Joins(Vec<DeviceJoin>),
    /// To `List`, passkeys first.
    Methods(Vec<SignInMethod>),
    /// To `Sheet` and `NewSheet`.
    Sheet(Sheet),
}

failures! {
    /// Why a command about sign-in methods failed.
    Failure {
        GroupsRejected,
        LastSignInMethods,
        NameRejected,
        NoSheet,
        PartlyRemoved,
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
}

/// A device that entered the vault after this one. The user of this device may not know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceJoin {
    /// The device.
    pub device: DeviceId,
    /// The number of the change by which it entered.
    pub change: u64,
    /// When it entered by its own clock, in milliseconds since 1970.
    pub time: u64,
    /// The kind of sign-in method that it used.
    pub kind: SignInMethodKind,
    /// The name of that method, which may be empty. `None` if the method was removed since.
    pub method: Option<String>,
    /// Whether it is still a device of the vault, so that it can be removed.
    pub live: bool,
}

/// One device of the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// Whether it is this one.
    pub this: bool,
    /// The name that the user gave it, which may be empty.
    pub name: String,
    /// Browser and system as the device named itself. Empty if it never did.
    pub platform: String,
    /// When it entered the vault by its own clock, in milliseconds since 1970; 0 if unknown.
    pub joined: u64,
    /// The sign-in method by which it entered.
    pub added_by: SignInMethodId,
    /// The kind of that method. `None` if the method was removed since.
    pub kind: Option<SignInMethodKind>,
    /// The name of that method, which may be empty.
    pub method: String,
    /// The newest change that it made, as far as this device has seen, with its time in
    /// milliseconds since 1970.
    pub newest: Option<(u64, u64)>,
}

/// One sign-in method.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInMethod {
    /// The sign-in method.
    pub id: SignInMethodId,
    /// The kind of sign-in method.
    pub kind: SignInMethodKind,
    /// The name that the user gave it; empty for the sheet and for a passkey that was never named.
    pub name: String,
    /// When it was added, in milliseconds since 1970; 0 if unknown.
    pub created: u64,
    /// Whether what the vault keeps for it can be read. A method that cannot be read opens nothing,
    /// and can be removed.
    pub readable: bool,
    /// Whether it counts as a sign-in method. A passkey does, a sheet once two groups of its code
    /// were typed, if they are readable.
    pub counts: bool,
    /// Whether the vault was opened with it this time.
    pub used_now: bool,
}

/// The contents of a recovery sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The vault's name.
    pub vault: String,
    /// When the code was created, in milliseconds since 1970.
    pub created: u64,
    /// The code: 8 groups of 4 characters.
    pub groups: Vec<SecretText>,
    /// The change number of the vault when the code was created.
    pub change: u64,
    /// The first 8 bytes of that head's hash as 16 hexadecimal digits.
    pub fingerprint: String,
    /// The code, vault, change number and full hash as a QR code.
    pub qr: Qr,
    /// The two groups that the user is asked for, counted from 1, in ascending order.
    pub ask: [u8; 2],
}

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qr {
    /// The number of squares on one side, without the quiet zone.
    pub size: u8,
    /// One character for each square, row by row: `1` is dark, `0` is light. As secret as the code.
    pub squares: SecretText,
}
