pub(crate) const TITLE: &str = "Create a vault";
pub(crate) const STEPS: &str = "Steps";
pub(crate) const STEP_NAMES: [&str; 3] = ["Passkey", "Recovery sheet", "Done"];
pub(crate) const STEP_DONE: &str = "(done)";

pub(crate) const NAME_HEADING: &str = "Name your vault";
pub(crate) const NAME_WHY: &str = "The name tells your vaults apart. Your devices and your passkey manager keep it in the clear; the server gets it only encrypted.";
pub(crate) const NAME_LABEL: &str = "Vault name";
pub(crate) const NAME_DEFAULT: &str = "My vault";
pub(crate) const NAME_EMPTY: &str = "Give the vault a name.";
pub(crate) const NAME_LONG: &str = "Use 64 characters or fewer.";
pub(crate) const UNLOCK_KNOWN: &str = "Unlock it";
pub(crate) const INVITE_LABEL: &str = "Invitation code";
pub(crate) const INVITE_HINT: &str =
    "This server takes new vaults by invitation. Its operator gave you the code.";
pub(crate) const INVITE_EMPTY: &str = "Enter the invitation code.";
pub(crate) const CREATE_PASSKEY: &str = "Create passkey";
pub(crate) const PASSKEY_WHY: &str =
    "The passkey opens the vault. Your device will ask for your fingerprint, face or PIN to make it.";

pub(crate) const DONE_HEADING: &str = "Your vault is ready";
pub(crate) const DONE_TEXT: &str = "It is stored, encrypted, on this device and on the server.";
pub(crate) const TWO_METHODS: &str =
    "It has two ways in: the passkey you just made, and your recovery sheet.";
pub(crate) const ONE_METHOD: &str = "For now this vault has one way in: the passkey you just made.";
pub(crate) const ONE_METHOD_TEXT: &str = "If you lose it, nobody can open the vault; the server cannot either. The vault reminds you until a recovery sheet is confirmed or another passkey is added.";
pub(crate) const OPEN: &str = "Open my vault";

pub(crate) const PRF_HEADING: &str = "This authenticator cannot open a vault";
pub(crate) const PRF_MISSING: &str = "The passkey was made, but it gives no key for encryption. What is missing is the WebAuthn PRF extension.";
pub(crate) const PRF_WORKS: &str = "These have it:";
pub(crate) const PRF_LIST: [&str; 3] = [
    "iCloud Keychain, from macOS 15 and iOS 18 on",
    "Google Password Manager, on Android and in Chrome",
    "Security keys with hmac-secret and a PIN, such as YubiKey 5",
];
pub(crate) const PRF_NOTHING: &str = "Nothing was stored: no vault was made, here or on the server.";
pub(crate) const PRF_DELETE: &str = "The passkey that was just made is of no use. You can delete it in your passkey manager; it is listed under this site's name.";
pub(crate) const PRF_AGAIN: &str = "Try another authenticator";

/// Mentions a vault that this browser already knows, beside the form for another one.
pub(crate) fn known(name: &str) -> String {
    format!("This browser knows the vault “{name}”.")
}
