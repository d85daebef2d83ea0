pub(crate) const TITLE: &str = "Use the recovery sheet";
pub(crate) const HEADING: &str = "Open your vault with the recovery sheet";
pub(crate) const TEXT: &str = "For when no passkey is left. The code opens the vault here, a new passkey is made on this device, and you get a new sheet: this code works once.";
pub(crate) const CODE: &str = "Recovery code";
pub(crate) const CODE_HINT: &str = "32 characters in 8 groups, or everything that the QR code reads. Checked on this device before anything is sent.";
pub(crate) const CODE_EMPTY: &str = "Type the code that stands on the sheet.";
pub(crate) const CODE_GOOD: &str = "The code is complete and free of typing mistakes.";
pub(crate) const CHANGE: &str = "Change number on the sheet";
pub(crate) const CHANGE_HINT: &str = "With it, a server cannot pass off an older state than your sheet knows. What the QR code reads has it already.";
pub(crate) const CHANGE_WRONG: &str = "Digits only, as on the sheet.";
pub(crate) const BUTTON: &str = "Continue";
pub(crate) const OPENING: &str = "Opening the vault; this can take a moment.";
pub(crate) const TO_PASSKEY: &str = "I still have a passkey";

pub(crate) const NOTICE_HEADING: &str = "Your code fits. Is this your newest state?";
pub(crate) const NOTICE_TEXT: &str =
    "The state below was signed by your vault. A code alone cannot tell whether it is the newest one.";
pub(crate) const NOTICE_ADVICE: &str = "Compare it with your sheet, or with a device that has opened the vault. If the change number is higher there than here, do not go on.";
pub(crate) const FINGERPRINT_HINT: &str =
    "Differs from the one on your sheet when the change number is higher.";

pub(crate) const PASSKEY_TITLE: &str = "Make a passkey";
pub(crate) const PASSKEY_HEADING: &str = "Make a passkey on this device";
pub(crate) const PASSKEY_TEXT: &str = "From now on it opens the vault. In the same step the code you typed dies and a new one is made. Passkeys that the vault had still open it. If one was stolen, remove it afterwards under Security.";
pub(crate) const NAME: &str = "Name of the passkey";
pub(crate) const NAME_HINT: &str = "What your list of ways in calls it, such as “Laptop”.";
pub(crate) const FINISH: &str = "Create passkey";

pub(crate) const STEPS: [&str; 4] = ["Code", "Compare", "Passkey", "New sheet"];
