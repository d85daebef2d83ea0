use crystallum_messages::{CreateOptions, GetOptions};
use js_sys::{Object, Reflect, Uint8Array};
use serde_bytes::ByteBuf;
use wasm_bindgen::JsValue;
use web_sys::{CredentialCreationOptions, CredentialRequestOptions};
use webauthn_rs_proto::{
    AllowCredentials, AttestationConveyancePreference, AuthenticatorSelectionCriteria,
    CreationChallengeResponse, PubKeyCredParams, PublicKeyCredentialCreationOptions,
    PublicKeyCredentialDescriptor, PublicKeyCredentialRequestOptions, RelyingParty, RequestChallengeResponse,
    ResidentKeyRequirement, User, UserVerificationPolicy,
};

/// The name of this service in the device's own prompts.
const SERVICE: &str = "Crystallum";
const PUBLIC_KEY: &str = "public-key";

pub(super) fn creation(wanted: &CreateOptions) -> CredentialCreationOptions {
    let options: CredentialCreationOptions = CreationChallengeResponse {
        public_key: PublicKeyCredentialCreationOptions {
            rp: RelyingParty { name: SERVICE.into(), id: wanted.rp_id.clone() },
            user: User {
                id: wanted.vault.0.to_vec(),
                name: wanted.name.clone(),
                display_name: wanted.name.clone(),
            },
            challenge: wanted.challenge.clone(),
            pub_key_cred_params: wanted
                .algorithms
                .iter()
                .map(|&alg| PubKeyCredParams { type_: PUBLIC_KEY.into(), alg })
                .collect(),
            timeout: Some(wanted.timeout),
            exclude_credentials: (!wanted.exclude.is_empty())
                .then(|| wanted.exclude.iter().map(held).collect()),
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
    add_prf(&options, &wanted.prf_first, Some(&wanted.prf_second));
    options
}

/// A passkey that is there already: its authenticator refuses to make another one.
fn held(id: &ByteBuf) -> PublicKeyCredentialDescriptor {
    PublicKeyCredentialDescriptor { type_: PUBLIC_KEY.into(), id: id.to_vec(), transports: None }
}

pub(super) fn request(wanted: &GetOptions) -> CredentialRequestOptions {
    let options: CredentialRequestOptions = RequestChallengeResponse {
        public_key: PublicKeyCredentialRequestOptions {
            challenge: wanted.challenge.clone(),
            timeout: Some(wanted.timeout),
            rp_id: wanted.rp_id.clone(),
            allow_credentials: wanted
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
    if let Some(first) = &wanted.prf_first {
        add_prf(&options, first, wanted.prf_second.as_ref().map(|second| second.as_slice()));
    }
    options
}

/// Adds `extensions.prf`, which the crate has no type for.
fn add_prf(options: &Object, first: &[u8], second: Option<&[u8]>) {
    let eval = Object::new();
    put(&eval, "first", &Uint8Array::from(first));
    if let Some(second) = second {
        put(&eval, "second", &Uint8Array::from(second));
    }
    let prf = Object::new();
    put(&prf, "eval", &eval);
    let extensions = Object::new();
    put(&extensions, "prf", &prf);
    let public_key =
        Reflect::get(options, &"publicKey".into()).expect("the options were made above and are an object");
    put(&public_key, "extensions", &extensions);
}

fn put(object: &JsValue, name: &str, value: &JsValue) {
    Reflect::set(object, &name.into(), value).expect("a plain object takes any property");
}
