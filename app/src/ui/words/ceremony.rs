use crystallum_messages::CeremonyReason;

pub(crate) const CANCEL: &str = "Cancel";

/// The texts of a ceremony that waits for a click.
pub(crate) struct ClickPrompt {
    pub(crate) heading: &'static str,
    pub(crate) text: &'static str,
    pub(crate) button: &'static str,
}

/// Returns the texts that are shown before a second ceremony.
pub(crate) fn click_prompt(reason: CeremonyReason) -> ClickPrompt {
    match reason {
        CeremonyReason::NextPasskey => ClickPrompt {
            heading: "Now the new passkey",
            text: "You are confirmed. The next touch makes the new passkey: choose where it shall be kept, then touch that device or key.",
            button: "Make the new passkey",
        },
        _ => ClickPrompt {
            heading: "One more touch",
            text: "Your passkey is made. This authenticator gives the vault's key only when it is asked once more, so it will ask you a second time.",
            button: "Touch again",
        },
    }
}

/// Returns the text that is shown before the device's own prompt appears.
pub(crate) fn device_prompt(reason: CeremonyReason) -> &'static str {
    match reason {
        CeremonyReason::Create => {
            "Your device will ask for your fingerprint, face or PIN to make the passkey."
        }
        CeremonyReason::Again => "Your device will ask once more for your fingerprint, face or PIN.",
        CeremonyReason::Confirm => {
            "Your device will ask for your fingerprint, face or PIN to confirm that it is you."
        }
        CeremonyReason::NewPasskey => {
            "Your device will ask where to keep the new passkey, and for your fingerprint, face or PIN."
        }
        CeremonyReason::NextPasskey => {
            "Your device will ask where to keep the next passkey. Choose another place than the first."
        }
        CeremonyReason::Unlock => "Your device will ask for your fingerprint, face or PIN to open the vault.",
        CeremonyReason::Renew => "Your device will ask for your fingerprint, face or PIN to sign in again.",
        CeremonyReason::Wallet => {
            "Your device will ask for your fingerprint, face or PIN: wallets open with a touch of their own."
        }
    }
}
