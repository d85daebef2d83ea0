use crystallum_messages::Opened;

/// The stages of creating a vault.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Stage {
    /// The user names the vault and creates the passkey.
    Naming,
    /// The authenticator does not support PRF.
    PrfMissing,
    /// Everything is done. The flag says whether the sheet was confirmed.
    Ready(Opened, bool),
    /// The vault is open, and its recovery sheet is shown.
    Sheet(Opened),
}
