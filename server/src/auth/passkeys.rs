//! Verification of passkeys. The client chooses its own WebAuthn options, so everything they should
//! contain is checked here.

use crystallum_api::{Assertion, Id, Registration};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::{
    AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw,
    AuthenticatorAttestationResponseRaw, RegistrationExtensionsClientOutputs,
};

use crate::app::origin::Origin;

/// The passkey verifier for one origin.
pub(crate) struct Passkeys(Webauthn);

/// The error for an authenticator response that does not verify.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rejected;

impl Passkeys {
    /// Creates a verifier. The RP id is the exact host of the origin.
    pub(crate) fn new(origin: &Origin) -> Result<Self, WebauthnError> {
        WebauthnBuilder::new(origin.host(), origin.url())?.rp_name("Crystallum").build().map(Self)
    }

    /// Creates a challenge for a new passkey. The client chooses the user entity, so this one is a
    /// placeholder that is never used.
    pub(crate) fn start_registration(&self) -> Result<(Vec<u8>, PasskeyRegistration), WebauthnError> {
        let (options, state) = self.0.start_passkey_registration(Uuid::new_v4(), "-", "-", None)?;
        Ok((options.public_key.challenge, state))
    }

    /// Verifies challenge, origin, RP id, algorithm, user presence, user verification, and the
    /// attestation if there is one.
    pub(crate) fn finish_registration(
        &self,
        credential: &Registration,
        state: &PasskeyRegistration,
    ) -> Result<Passkey, Rejected> {
        check_top_level(credential.response.client_data_json.as_slice())?;
        let response = RegisterPublicKeyCredential {
            id: BASE64URL_NOPAD.encode(credential.raw_id.as_slice()),
            raw_id: credential.raw_id.0.clone(),
            response: AuthenticatorAttestationResponseRaw {
                attestation_object: credential.response.attestation_object.0.clone(),
                client_data_json: credential.response.client_data_json.0.clone(),
                transports: None,
            },
            type_: "public-key".to_owned(),
            extensions: RegistrationExtensionsClientOutputs::default(),
        };
        let passkey = self.0.finish_passkey_registration(&response, state).map_err(|_| Rejected)?;
        if passkey.cred_id().as_slice() != credential.raw_id.as_slice() {
            return Err(Rejected);
        }
        Ok(passkey)
    }

    /// Creates a challenge for any passkey of this server.
    pub(crate) fn start_login(&self) -> Result<(Vec<u8>, DiscoverableAuthentication), WebauthnError> {
        let (options, state) = self.0.start_discoverable_authentication()?;
        Ok((options.public_key.challenge, state))
    }

    /// Returns the account that an assertion claims to belong to.
    pub(crate) fn claimed_account(credential: &Assertion) -> Result<Id, Rejected> {
        credential.response.user_handle.as_slice().try_into().map(Id).map_err(|_| Rejected)
    }

    /// Verifies challenge, origin, RP id, user presence, user verification, signature, and
    /// signature counter. Returns the updated passkey if it must be stored again.
    pub(crate) fn finish_login(
        &self,
        credential: &Assertion,
        state: DiscoverableAuthentication,
        mut passkey: Passkey,
    ) -> Result<Option<Passkey>, Rejected> {
        check_top_level(credential.response.client_data_json.as_slice())?;
        let response = PublicKeyCredential {
            id: BASE64URL_NOPAD.encode(credential.raw_id.as_slice()),
            raw_id: credential.raw_id.0.clone(),
            response: AuthenticatorAssertionResponseRaw {
                authenticator_data: credential.response.authenticator_data.0.clone(),
                client_data_json: credential.response.client_data_json.0.clone(),
                signature: credential.response.signature.0.clone(),
                user_handle: Some(credential.response.user_handle.0.clone()),
            },
            extensions: AuthenticationExtensionsClientOutputs::default(),
            type_: "public-key".to_owned(),
        };
        let result =
            self.0.finish_discoverable_authentication_v2(&response, state, &passkey).map_err(|_| Rejected)?;
        if !result.user_verified() {
            return Err(Rejected);
        }
        let changed = passkey.update_credential(&result).ok_or(Rejected)?;
        Ok(changed.then_some(passkey))
    }
}

/// Rejects a ceremony that ran inside a frame of another site.
fn check_top_level(client_data: &[u8]) -> Result<(), Rejected> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Frame {
        #[serde(default)]
        cross_origin: bool,
        top_origin: Option<String>,
    }
    let frame: Frame = serde_json::from_slice(client_data).map_err(|_| Rejected)?;
    if frame.cross_origin || frame.top_origin.is_some() { Err(Rejected) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_frames() {
        assert_eq!(check_top_level(br#"{"type":"webauthn.get"}"#), Ok(()));
        assert_eq!(check_top_level(br#"{"crossOrigin":false}"#), Ok(()));
        for wrong in [
            &br#"{"crossOrigin":true}"#[..],
            br#"{"crossOrigin":false,"topOrigin":"https://example.com"}"#,
            br#"{"crossOrigin":"no"}"#,
            b"[]",
            b"",
            b"\xff",
        ] {
            assert_eq!(check_top_level(wrong), Err(Rejected));
        }
    }

    #[test]
    fn gives_a_fresh_long_challenge_every_time() {
        let origin = Origin::parse("http://localhost:8080", 0).unwrap();
        let passkeys = Passkeys::new(&origin).unwrap();
        let mut challenges = vec![
            passkeys.start_registration().unwrap().0,
            passkeys.start_registration().unwrap().0,
            passkeys.start_login().unwrap().0,
            passkeys.start_login().unwrap().0,
        ];
        assert!(challenges.iter().all(|challenge| challenge.len() >= 16));
        challenges.sort();
        challenges.dedup();
        assert_eq!(challenges.len(), 4);
    }
}
