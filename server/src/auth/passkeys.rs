//! Verification of passkeys. The client chooses its own WebAuthn options, so everything they should
//! contain is checked here.

use crystallum_api::{Assertion, Id, Registration};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use webauthn_rs::prelude::{
    Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use webauthn_rs_proto::{
    AuthenticationExtensionsClientOutputs, AuthenticatorAssertionResponseRaw,
    AuthenticatorAttestationResponseRaw, RegistrationExtensionsClientOutputs,
};

use crate::app::origin::Origin;

/// A passkey that nobody has. Its public key is the base point of P-256, most passkeys' curve.
const PLACEHOLDER: &str = r#"{"cred":{"cred_id":"","cred":{"type_":"ES256","key":{"EC_EC2":{"curve":"SECP256R1",
    "x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}}},
    "counter":0,"transports":null,"user_verified":true,"backup_eligible":false,"backup_state":false,
    "registration_policy":"required","extensions":{"cred_protect":"Ignored","hmac_create_secret":"NotRequested",
    "appid":"NotRequested","cred_props":"Ignored"},"attestation":{"data":"None","metadata":"None"},
    "attestation_format":"none"}}"#;
/// Where an assertion has its flags, and which of them says that the passkey can be backed up.
const FLAGS: usize = 32;
const BACKUP_ELIGIBLE: u8 = 0x08;

/// The passkey verifier for one origin.
pub(crate) struct Passkeys {
    webauthn: Webauthn,
    /// The states of a registration and of a login, in which only the challenge differs.
    registration: Value,
    login: Value,
    /// [`PLACEHOLDER`].
    placeholder: Value,
    #[cfg(test)]
    work: tests::Work,
}

/// The error for an authenticator response that does not verify.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rejected;

impl Passkeys {
    /// Creates a verifier. The RP id is the exact host of the origin.
    pub(crate) fn new(origin: &Origin) -> Result<Self, WebauthnError> {
        let webauthn = WebauthnBuilder::new(origin.host(), origin.url())?.rp_name("Crystallum").build()?;
        // The client chooses the user entity, so this one is a placeholder that is never used.
        let (_, registration) = webauthn.start_passkey_registration(Uuid::new_v4(), "-", "-", None)?;
        let (_, login) = webauthn.start_discoverable_authentication()?;
        let state = |state: serde_json::Result<Value>| state.map_err(WebauthnError::ParseJSONFailure);
        Ok(Self {
            registration: state(serde_json::to_value(registration))?,
            login: state(serde_json::to_value(login))?,
            placeholder: state(serde_json::from_str(PLACEHOLDER))?,
            webauthn,
            #[cfg(test)]
            work: tests::Work::default(),
        })
    }

    /// Verifies challenge, origin, RP id, algorithm, user presence, user verification, and the
    /// attestation if there is one.
    pub(crate) fn finish_registration(
        &self,
        credential: &Registration,
        challenge: &[u8; 32],
    ) -> Result<Passkey, Rejected> {
        let state: PasskeyRegistration = with_bytes(&self.registration, "/rs/challenge", challenge)?;
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
        let passkey = self.webauthn.finish_passkey_registration(&response, &state).map_err(|_| Rejected)?;
        if passkey.cred_id().as_slice() != credential.raw_id.as_slice() {
            return Err(Rejected);
        }
        Ok(passkey)
    }

    /// Returns the account that an assertion claims to belong to.
    pub(crate) fn claimed_account(credential: &Assertion) -> Result<Id, Rejected> {
        credential.response.user_handle.as_slice().try_into().map(Id).map_err(|_| Rejected)
    }

    /// Verifies challenge, origin, RP id, user presence, user verification, signature, and
    /// signature counter. Returns the updated passkey if it must be stored again.
    ///
    /// Without a passkey, a placeholder is verified, so that the time taken does not reveal whether
    /// the passkey exists.
    pub(crate) fn finish_login(
        &self,
        credential: &Assertion,
        challenge: &[u8; 32],
        passkey: Option<Passkey>,
    ) -> Result<Option<Passkey>, Rejected> {
        let (known, passkey) = match passkey {
            Some(passkey) => (true, passkey),
            None => (false, self.placeholder(credential)?),
        };
        match self.verify(credential, challenge, passkey) {
            Ok(changed) if known => Ok(changed),
            // These depend on the passkey, and are found before its signature is verified.
            Err(
                WebauthnError::CredentialBackupEligibilityInconsistent
                | WebauthnError::CredentialMayNotBeHardwareBound,
            ) => {
                drop(self.verify(credential, challenge, self.placeholder(credential)?));
                Err(Rejected)
            }
            Ok(_) | Err(_) => Err(Rejected),
        }
    }

    /// Returns the placeholder as the passkey that an assertion claims to be of.
    fn placeholder(&self, credential: &Assertion) -> Result<Passkey, Rejected> {
        let flags = credential.response.authenticator_data.as_slice().get(FLAGS).copied().unwrap_or(0);
        let mut passkey = self.placeholder.clone();
        *passkey.pointer_mut("/cred/backup_eligible").ok_or(Rejected)? =
            (flags & BACKUP_ELIGIBLE != 0).into();
        with_bytes(&passkey, "/cred/cred_id", credential.raw_id.as_slice())
    }

    fn verify(
        &self,
        credential: &Assertion,
        challenge: &[u8; 32],
        mut passkey: Passkey,
    ) -> Result<Option<Passkey>, WebauthnError> {
        let rejected = |Rejected| WebauthnError::InvalidClientDataType;
        let state = with_bytes(&self.login, "/ast/challenge", challenge).map_err(rejected)?;
        check_top_level(credential.response.client_data_json.as_slice()).map_err(rejected)?;
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
        let result = self.webauthn.finish_discoverable_authentication_v2(&response, state, &passkey);
        #[cfg(test)]
        self.work.count(&result);
        let result = result?;
        if !result.user_verified() {
            return Err(WebauthnError::UserNotVerified);
        }
        let changed = passkey.update_credential(&result).ok_or(WebauthnError::CredentialNotFound)?;
        Ok(changed.then_some(passkey))
    }
}

/// Returns a template with other bytes in one place.
fn with_bytes<T: DeserializeOwned>(template: &Value, place: &str, bytes: &[u8]) -> Result<T, Rejected> {
    let mut value = template.clone();
    *value.pointer_mut(place).ok_or(Rejected)? = BASE64URL_NOPAD.encode(bytes).into();
    serde_json::from_value(value).map_err(|_| Rejected)
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
mod tests;
