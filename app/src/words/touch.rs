use crystallum_messages::Touch;

pub(crate) const AGAIN_HEADING: &str = "One more touch";
pub(crate) const AGAIN_TEXT: &str = "Your passkey is made. This authenticator gives the vault's key only when it is asked once more, so it will ask you a second time.";
pub(crate) const AGAIN_BUTTON: &str = "Touch again";
pub(crate) const GIVE_UP: &str = "Cancel";

/// Said before the device's own prompt appears.
pub(crate) fn asking(touch: Touch) -> &'static str {
    match touch {
        Touch::Create => "Your device will ask for your fingerprint, face or PIN to make the passkey.",
        Touch::Again => "Your device will ask once more for your fingerprint, face or PIN.",
        Touch::Unlock => "Your device will ask for your fingerprint, face or PIN to open the vault.",
        Touch::Renew => "Your device will ask for your fingerprint, face or PIN to sign in again.",
    }
}
