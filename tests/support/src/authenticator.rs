use async_trait::async_trait;
use crystallum_api::{
    Assertion, AssertionResponse, Challenge, CredentialType, Id, Registration, RegistrationResponse,
};
use data_encoding::BASE64URL_NOPAD;
use passkey::authenticator::extensions::HmacSecretConfig;
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData, WebauthnError};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{
    AuthenticatedPublicKeyCredential, CreatedPublicKeyCredential, UserVerificationRequirement,
};
use serde_json::{Value, json};
use url::Url;

use crate::passkeys::Passkeys;

/// The COSE number of ECDSA with P-256.
const ES256: i64 = -7;

/// How an authenticator supports the `prf` extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrfMode {
    /// It gives outputs when a passkey is registered.
    AtCreate,
    /// It gives outputs only when a passkey is used, as most security keys do.
    AtGet,
    /// It does not support the extension.
    Never,
}

/// A software authenticator and its browser. Its owner consents to every ceremony at once and is
/// verified when the page asks for that. Clones share the passkeys.
#[derive(Clone)]
pub struct SoftwareAuthenticator {
    /// The origin of the page.
    pub origin: Url,
    /// The RP id that [`register`](Self::register) and [`sign`](Self::sign) ask for.
    pub rp_id: String,
    /// Whether the page asks for user verification.
    pub verification: UserVerificationRequirement,
    /// The COSE number of the algorithm that [`register`](Self::register) asks for.
    pub algorithm: i64,
    /// The passkeys that it holds.
    pub passkeys: Passkeys,
    /// How it supports the `prf` extension.
    pub prf: PrfMode,
    counts: bool,
}

/// What a page asks for when it creates a passkey.
pub struct CreateRequest<'a> {
    /// The RP id.
    pub rp_id: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// The user handle.
    pub account: &'a [u8],
    /// The name of the account.
    pub name: &'a str,
    /// The COSE numbers of the algorithms that the page accepts.
    pub algorithms: &'a [i64],
    /// The two inputs of the `prf` extension.
    pub prf: Option<[&'a [u8]; 2]>,
}

/// What a page asks for when it uses a passkey.
pub struct GetRequest<'a> {
    /// The RP id.
    pub rp_id: &'a str,
    /// The challenge.
    pub challenge: &'a [u8],
    /// The ids of the credentials that the page accepts. If there are none, it accepts all.
    pub allow: Vec<&'a [u8]>,
    /// The first input of the `prf` extension.
    pub prf_first: Option<&'a [u8]>,
    /// The second input of the `prf` extension, which needs the first one.
    pub prf_second: Option<&'a [u8]>,
}

impl SoftwareAuthenticator {
    /// Creates an authenticator without passkeys, for a page of this origin.
    pub fn for_origin(origin: &str) -> Self {
        let origin = Url::parse(origin).expect("a server's origin");
        Self {
            rp_id: origin.domain().expect("an origin with a name").to_owned(),
            origin,
            verification: UserVerificationRequirement::Required,
            algorithm: ES256,
            passkeys: Passkeys::default(),
            prf: PrfMode::Never,
            counts: false,
        }
    }

    /// Adds a signature counter, as hardware keys have.
    pub fn with_signature_counter(mut self) -> Self {
        self.counts = true;
        self
    }

    /// Supports the `prf` extension in this mode.
    pub fn with_prf(mut self, mode: PrfMode) -> Self {
        self.prf = mode;
        self
    }

    /// Creates a passkey for the account. Asks for `prf` outputs if the authenticator supports
    /// them.
    pub async fn register(&self, challenge: &Challenge, account: Id) -> Registration {
        let inputs = [[1; 32], [2; 32]];
        let request = CreateRequest {
            rp_id: &self.rp_id,
            challenge: challenge.challenge.as_slice(),
            account: &account.0,
            name: "My vault",
            algorithms: &[self.algorithm],
            prf: (self.prf != PrfMode::Never).then_some([&inputs[0], &inputs[1]]),
        };
        let made = self.create(&request).await.expect("an origin and options that fit");
        Registration {
            raw_id: made.raw_id.to_vec().into(),
            response: RegistrationResponse {
                attestation_object: made.response.attestation_object.to_vec().into(),
                client_data_json: made.response.client_data_json.to_vec().into(),
            },
            r#type: CredentialType::PublicKey,
        }
    }

    /// Signs a challenge with its newest passkey.
    pub async fn sign(&self, challenge: &Challenge) -> Assertion {
        let request = GetRequest {
            rp_id: &self.rp_id,
            challenge: challenge.challenge.as_slice(),
            allow: Vec::new(),
            prf_first: None,
            prf_second: None,
        };
        let signed = self.get(&request).await.expect("a passkey that fits");
        let handle = signed.response.user_handle.expect("a resident key has a user handle");
        Assertion {
            raw_id: signed.raw_id.to_vec().into(),
            response: AssertionResponse {
                authenticator_data: signed.response.authenticator_data.to_vec().into(),
                client_data_json: signed.response.client_data_json.to_vec().into(),
                signature: signed.response.signature.to_vec().into(),
                user_handle: handle.to_vec().into(),
            },
            r#type: CredentialType::PublicKey,
        }
    }

    /// Runs `navigator.credentials.create()`.
    pub async fn create(
        &self,
        request: &CreateRequest<'_>,
    ) -> Result<CreatedPublicKeyCredential, WebauthnError> {
        let algorithms = request.algorithms.iter().map(|alg| json!({ "type": "public-key", "alg": alg }));
        let options = json!({ "publicKey": {
            "rp": { "id": request.rp_id, "name": "Crystallum" },
            "user": { "id": text(request.account), "name": request.name, "displayName": request.name },
            "challenge": text(request.challenge),
            "pubKeyCredParams": algorithms.collect::<Vec<_>>(),
            "authenticatorSelection": {
                "residentKey": "required",
                "requireResidentKey": true,
                "userVerification": self.verification,
            },
            "attestation": "none",
            "extensions": prf(request.prf.map(|[first, _]| first), request.prf.map(|[_, second]| second)),
        }});
        let options = serde_json::from_value(options).map_err(|_| WebauthnError::NotSupportedError)?;
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        client.register(&self.origin, options, DefaultClientData).await
    }

    /// Runs `navigator.credentials.get()`.
    pub async fn get(
        &self,
        request: &GetRequest<'_>,
    ) -> Result<AuthenticatedPublicKeyCredential, WebauthnError> {
        let allow = request.allow.iter().map(|id| json!({ "type": "public-key", "id": text(id) }));
        let options = json!({ "publicKey": {
            "rpId": request.rp_id,
            "challenge": text(request.challenge),
            "allowCredentials": allow.collect::<Vec<_>>(),
            "userVerification": self.verification,
            "extensions": prf(request.prf_first, request.prf_second),
        }});
        let options = serde_json::from_value(options).map_err(|_| WebauthnError::NotSupportedError)?;
        let mut client = Client::new(self.authenticator()).allows_insecure_localhost(true);
        client.authenticate(&self.origin, options, DefaultClientData).await
    }

    fn authenticator(&self) -> Authenticator<Passkeys, ConsentingOwner, RustCryptoBackend> {
        let passkeys = self.passkeys.clone();
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), passkeys, ConsentingOwner, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        let config = HmacSecretConfig::new_with_uv_only();
        match self.prf {
            PrfMode::AtCreate => authenticator.hmac_secret(config.enable_on_make_credential()),
            PrfMode::AtGet => authenticator.hmac_secret(config),
            PrfMode::Never => authenticator,
        }
    }
}

/// Returns the extensions of a ceremony.
fn prf(first: Option<&[u8]>, second: Option<&[u8]>) -> Value {
    if first.is_none() {
        return json!({});
    }
    let inputs = [("first", first), ("second", second)];
    let eval = inputs.into_iter().filter_map(|(name, input)| Some((name.to_owned(), text(input?).into())));
    json!({ "prf": { "eval": eval.collect::<serde_json::Map<_, _>>() } })
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// An owner who is always present and verified.
struct ConsentingOwner;

#[async_trait]
impl UserValidationMethod for ConsentingOwner {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        presence: bool,
        verification: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        Ok(UserCheck { presence, verification })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}
