use crystallum_messages::{CreateOptions, GetOptions};
use js_sys::Reflect;
use serde::Serialize;
use serde_bytes::{ByteBuf, Bytes};
use wasm_bindgen::JsValue;
use web_sys::{CredentialCreationOptions, CredentialRequestOptions};
use webauthn_rs_proto::{
    AllowCredentials, AttestationConveyancePreference, AuthenticatorSelectionCriteria,
    CreationChallengeResponse, PubKeyCredParams, PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor, PublicKeyCredentialRequestOptions, RelyingParty, RequestChallengeResponse,
    ResidentKeyRequirement, User, UserVerificationPolicy,
};

/// The relying party's name in the authenticator's prompts.
const SERVICE: &str = "Crystallum";
const PUBLIC_KEY: &str = "public-key";

/// Returns the options for creating a passkey.
pub(super) fn for_creation(ceremony: &CreateOptions) -> CredentialCreationOptions {
    let options: CredentialCreationOptions = CreationChallengeResponse {
        public_key: PublicKeyCredentialCreationOptions {
            rp: RelyingParty { name: SERVICE.into(), id: ceremony.rp_id.clone() },
            user: User {
                id: ceremony.vault.0.to_vec(),
                name: ceremony.name.clone(),
                display_name: ceremony.name.clone(),
            },
            challenge: ceremony.challenge.clone(),
            pub_key_cred_params: ceremony
                .algorithms
                .iter()
                .map(|&alg| PubKeyCredParams { type_: PUBLIC_KEY.into(), alg })
                .collect(),
            timeout: Some(ceremony.timeout),
            exclude_credentials: (!ceremony.exclude.is_empty())
                .then(|| ceremony.exclude.iter().map(excluded_credential).collect()),
            authenticator_selection: Some(AuthenticatorSelectionCriteria {
                authenticator_attachment: None,
                resident_key: Some(ResidentKeyRequirement::Required),
                require_resident_key: true,
                user_verification: UserVerificationPolicy::Required,
            }),
            hints: None,
            attestation: Some(AttestationConveyancePreference::None),
            attestation_formats: None,
            extensions: None,
        },
    }
    .into();
    add_prf(&options, &ceremony.prf_first, Some(&ceremony.prf_second));
    options
}

/// Describes an existing passkey. Its authenticator refuses to create another one.
fn excluded_credential(id: &ByteBuf) -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor { type_: PUBLIC_KEY.into(), id: id.to_vec(), transports: None }
}

/// Returns the options for requesting an assertion.
pub(super) fn for_request(ceremony: &GetOptions) -> CredentialRequestOptions {
    let options: CredentialRequestOptions = RequestChallengeResponse {
        public_key: PublicKeyCredentialRequestOptions {
            challenge: ceremony.challenge.clone(),
            timeout: Some(ceremony.timeout),
            rp_id: ceremony.rp_id.clone(),
            allow_credentials: ceremony
                .allow
                .iter()
                .map(|id| AllowCredentials { type_: PUBLIC_KEY.into(), id: id.to_vec(), transports: None })
                .collect(),
            user_verification: UserVerificationPolicy::Required,
            hints: None,
            extensions: None,
        },
        mediation: None,
    }
    .into();
    if let Some(first) = &ceremony.prf_first {
        add_prf(&options, first, ceremony.prf_second.as_ref().map(|second| second.as_slice()));
    }
    options
}

/// The member `extensions` of the options, for which the crate has no `prf`. The inputs of the PRF
/// are not secret.
#[derive(Serialize)]
struct Extensions<'a> {
    prf: Prf<'a>,
}

#[derive(Serialize)]
struct Prf<'a> {
    eval: PrfInputs<'a>,
}

#[derive(Serialize)]
struct PrfInputs<'a> {
    first: &'a Bytes,
    #[serde(skip_serializing_if = "Option::is_none")]
    second: Option<&'a Bytes>,
}

/// Adds `extensions.prf` to the options.
fn add_prf(options: &JsValue, first: &[u8], second: Option<&[u8]>) {
    let eval = PrfInputs { first: Bytes::new(first), second: second.map(Bytes::new) };
    let extensions = serde_wasm_bindgen::to_value(&Extensions { prf: Prf { eval } })
        .expect("bytes in plain objects can be represented");
    let public_key =
        Reflect::get(options, &"publicKey".into()).expect("the options were made above and are an object");
    Reflect::set(&public_key, &"extensions".into(), &extensions).expect("a plain object takes any property");
}
