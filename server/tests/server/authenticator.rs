use async_trait::async_trait;
use crystallum_api::{
    Assertion, AssertionResponse, Bytes, Challenge, CredentialType, Id, Registration, RegistrationResponse,
};
use passkey::authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData};
use passkey::crypto::iana::Algorithm;
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::{
    AttestationConveyancePreference, AuthenticatorSelectionCriteria, CredentialCreationOptions,
    CredentialRequestOptions, PublicKeyCredentialCreationOptions, PublicKeyCredentialParameters,
    PublicKeyCredentialRequestOptions, PublicKeyCredentialRpEntity, PublicKeyCredentialType,
    PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement,
};
use url::Url;

/// A user who always consents and who verifies when asked to.
struct AlwaysConsents;

#[async_trait]
impl UserValidationMethod for AlwaysConsents {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _: UiHint<'a, Passkey>,
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

/// A software authenticator and its browser.
pub(crate) struct SoftwareAuthenticator {
    pub(crate) origin: Url,
    pub(crate) rp_id: String,
    pub(crate) verification: UserVerificationRequirement,
    pub(crate) algorithm: Algorithm,
    store: Option<Passkey>,
    counts: bool,
}

impl SoftwareAuthenticator {
    pub(crate) fn for_origin(origin: &str) -> Self {
        let origin = Url::parse(origin).unwrap();
        let rp_id = origin.domain().unwrap().to_owned();
        let verification = UserVerificationRequirement::Required;
        Self { origin, rp_id, verification, algorithm: Algorithm::ES256, store: None, counts: false }
    }

    /// Adds a signature counter, as hardware keys have one.
    pub(crate) fn with_signature_counter(mut self) -> Self {
        self.counts = true;
        self
    }

    /// Creates a passkey for the account.
    pub(crate) async fn create(&mut self, challenge: &Challenge, account: Id) -> Registration {
        let options = CredentialCreationOptions {
            public_key: PublicKeyCredentialCreationOptions {
                rp: PublicKeyCredentialRpEntity { id: Some(self.rp_id.clone()), name: "Crystallum".into() },
                user: PublicKeyCredentialUserEntity {
                    id: account.0.to_vec().into(),
                    display_name: "My vault".into(),
                    name: "My vault".into(),
                },
                challenge: challenge.challenge.0.clone().into(),
                pub_key_cred_params: vec![PublicKeyCredentialParameters {
                    ty: PublicKeyCredentialType::PublicKey,
                    alg: self.algorithm,
                }],
                timeout: None,
                exclude_credentials: None,
                authenticator_selection: Some(AuthenticatorSelectionCriteria {
                    authenticator_attachment: None,
                    resident_key: Some(ResidentKeyRequirement::Required),
                    require_resident_key: true,
                    user_verification: self.verification,
                }),
                hints: None,
                attestation: AttestationConveyancePreference::None,
                attestation_formats: None,
                extensions: None,
            },
        };
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), None, AlwaysConsents, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(self.counts);
        let mut client = Client::new(authenticator).allows_insecure_localhost(true);
        let made = client.register(&self.origin, options, DefaultClientData).await.unwrap();
        self.store = client.authenticator().store().clone();
        Registration {
            raw_id: Bytes(made.raw_id.to_vec()),
            response: RegistrationResponse {
                attestation_object: Bytes(made.response.attestation_object.to_vec()),
                client_data_json: Bytes(made.response.client_data_json.to_vec()),
            },
            r#type: CredentialType::PublicKey,
        }
    }

    /// Signs a challenge with its passkey.
    pub(crate) async fn get(&mut self, challenge: &Challenge) -> Assertion {
        let options = CredentialRequestOptions {
            public_key: PublicKeyCredentialRequestOptions {
                challenge: challenge.challenge.0.clone().into(),
                timeout: None,
                rp_id: Some(self.rp_id.clone()),
                allow_credentials: None,
                user_verification: self.verification,
                hints: None,
                attestation: AttestationConveyancePreference::None,
                attestation_formats: None,
                extensions: None,
            },
        };
        let authenticator =
            Authenticator::new(Aaguid::new_empty(), self.store.clone(), AlwaysConsents, RustCryptoBackend);
        let mut client = Client::new(authenticator).allows_insecure_localhost(true);
        let made = client.authenticate(&self.origin, options, DefaultClientData).await.unwrap();
        self.store = client.authenticator().store().clone();
        Assertion {
            raw_id: Bytes(made.raw_id.to_vec()),
            response: AssertionResponse {
                authenticator_data: Bytes(made.response.authenticator_data.to_vec()),
                client_data_json: Bytes(made.response.client_data_json.to_vec()),
                signature: Bytes(made.response.signature.to_vec()),
                user_handle: Bytes(made.response.user_handle.unwrap().to_vec()),
            },
            r#type: CredentialType::PublicKey,
        }
    }
}
