use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crystallum_engine::Authenticator;
use crystallum_messages::{Asserted, CreateOptions, GetOptions, Prf, Refusal, Registered};
use data_encoding::BASE64URL_NOPAD;
use passkey::authenticator::extensions::HmacSecretConfig;
use passkey::authenticator::{self as software, UiHint, UserCheck, UserValidationMethod};
use passkey::client::{Client, DefaultClientData, WebauthnError};
use passkey::crypto::rust_crypto::RustCryptoBackend;
use passkey::types::Passkey;
use passkey::types::ctap2::{Aaguid, Ctap2Error};
use passkey::types::webauthn::AuthenticationExtensionsPrfOutputs;
use serde_bytes::ByteBuf;
use serde_json::json;
use url::Url;

use super::Wallet;

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

/// A software authenticator whose owner confirms every ceremony at once. Clones share it.
#[derive(Clone)]
pub struct SoftAuthenticator(Rc<Inner>);

type Token = software::Authenticator<Wallet, Owner, RustCryptoBackend>;
type Change = Box<dyn Fn(&mut Prf)>;
type Meanwhile = Box<dyn FnOnce()>;

struct Inner {
    origin: Url,
    wallet: RefCell<Wallet>,
    next: RefCell<Option<Wallet>>,
    mode: Cell<PrfMode>,
    refusal: Cell<Option<(u32, Refusal)>>,
    change: RefCell<Option<Change>>,
    touches: Cell<u32>,
    outputs: RefCell<Vec<Vec<u8>>>,
    asked: RefCell<Vec<GetOptions>>,
    meanwhile: RefCell<Option<Meanwhile>>,
}

impl SoftAuthenticator {
    /// Creates an authenticator for a page of `origin`, with these passkeys.
    pub fn new(origin: &str, wallet: &Wallet, mode: PrfMode) -> Self {
        Self(Rc::new(Inner {
            origin: origin.parse().expect("a server's origin"),
            wallet: RefCell::new(wallet.clone()),
            next: RefCell::default(),
            mode: Cell::new(mode),
            refusal: Cell::new(None),
            change: RefCell::new(None),
            touches: Cell::new(0),
            outputs: RefCell::default(),
            asked: RefCell::default(),
            meanwhile: RefCell::default(),
        }))
    }

    /// Refuses the `n`th ceremony from now on, where 1 is the next one.
    pub fn refuse_touch(&self, n: u32, refusal: Refusal) {
        self.0.refusal.set(Some((self.touches() + n, refusal)));
    }

    /// Uses other passkeys from now on.
    pub fn hold(&self, wallet: &Wallet) {
        self.0.wallet.replace(wallet.clone());
    }

    /// Uses other passkeys from the next `create()` on.
    pub fn then_hold(&self, wallet: &Wallet) {
        self.0.next.replace(Some(wallet.clone()));
    }

    /// Changes every `prf` output from now on.
    pub fn change_prf(&self, change: impl Fn(&mut Prf) + 'static) {
        self.0.change.replace(Some(Box::new(change)));
    }

    /// Runs `work` while the next `get()` waits for its owner, after whatever else the device does
    /// meanwhile.
    pub fn meanwhile(&self, work: impl FnOnce() + 'static) {
        self.0.meanwhile.replace(Some(Box::new(work)));
    }

    /// Returns the number of ceremonies so far.
    pub fn touches(&self) -> u32 {
        self.0.touches.get()
    }

    /// Returns every `prf` output so far.
    pub fn outputs(&self) -> Vec<Vec<u8>> {
        self.0.outputs.borrow().clone()
    }

    /// Returns the options of every `get()` so far.
    pub fn asked(&self) -> Vec<GetOptions> {
        self.0.asked.borrow().clone()
    }

    fn touch(&self) -> Result<Token, Refusal> {
        self.0.touches.set(self.0.touches.get() + 1);
        if let Some((at, refusal)) = self.0.refusal.get()
            && at == self.touches()
        {
            return Err(refusal);
        }
        let wallet = self.0.wallet.borrow().clone();
        let token = Token::new(Aaguid::new_empty(), wallet, Owner, RustCryptoBackend);
        let config = HmacSecretConfig::new_with_uv_only();
        Ok(match self.0.mode.get() {
            PrfMode::AtCreate => token.hmac_secret(config.enable_on_make_credential()),
            PrfMode::AtGet => token.hmac_secret(config),
            PrfMode::Never => token,
        })
    }

    fn results(&self, prf: Option<AuthenticationExtensionsPrfOutputs>) -> Prf {
        let (enabled, results) = prf.map_or((None, None), |prf| (prf.enabled, prf.results));
        let mut first = None;
        let mut second = None;
        if let Some(results) = results {
            first = Some(ByteBuf::from(results.first.to_vec()));
            second = results.second.map(|second| ByteBuf::from(second.to_vec()));
        }
        self.0
            .outputs
            .borrow_mut()
            .extend([&first, &second].into_iter().flatten().map(|bytes| bytes.to_vec()));
        let mut prf = Prf { enabled, first, second };
        if let Some(change) = &*self.0.change.borrow() {
            change(&mut prf);
        }
        prf
    }
}

impl Authenticator for SoftAuthenticator {
    async fn create(&self, options: CreateOptions) -> Result<Registered, Refusal> {
        if let Some(wallet) = self.0.next.take() {
            self.hold(&wallet);
        }
        let algorithms = options.algorithms.iter();
        let request = json!({ "publicKey": {
            "rp": { "id": options.rp_id, "name": "Crystallum" },
            "user": { "id": text(&options.vault.0), "name": options.name, "displayName": options.name },
            "challenge": text(&options.challenge),
            "pubKeyCredParams": algorithms.map(|alg| json!({ "type": "public-key", "alg": alg })).collect::<Vec<_>>(),
            "authenticatorSelection":
                { "residentKey": "required", "requireResidentKey": true, "userVerification": "required" },
            "attestation": "none",
            "extensions": { "prf": { "eval":
                { "first": text(&options.prf_first), "second": text(&options.prf_second) } } },
        }});
        let request = serde_json::from_value(request).map_err(|_| Refusal::Unsupported)?;
        let mut client = Client::new(self.touch()?).allows_insecure_localhost(true);
        let made = client.register(&self.0.origin, request, DefaultClientData).await.map_err(refusal)?;
        // A browser reports it if the authenticator does not support `prf`.
        let prf = made.client_extension_results.prf;
        let none = AuthenticationExtensionsPrfOutputs { enabled: Some(false), results: None };
        Ok(Registered {
            raw_id: made.raw_id.to_vec(),
            client_data_json: made.response.client_data_json.to_vec(),
            attestation_object: made.response.attestation_object.to_vec(),
            prf: self.results(Some(prf.unwrap_or(none))),
        })
    }

    async fn get(&self, options: GetOptions) -> Result<Asserted, Refusal> {
        self.0.asked.borrow_mut().push(options.clone());
        let meanwhile = self.0.meanwhile.take();
        if let Some(meanwhile) = meanwhile {
            tokio::task::yield_now().await;
            meanwhile();
        }
        let mut eval = json!({});
        for (name, input) in [("first", &options.prf_first), ("second", &options.prf_second)] {
            if let Some(input) = input {
                eval[name] = text(input).into();
            }
        }
        let extensions =
            if options.prf_first.is_some() { json!({ "prf": { "eval": eval } }) } else { json!({}) };
        let allow = options.allow.iter().map(|id| json!({ "type": "public-key", "id": text(id) }));
        let request = json!({ "publicKey": {
            "rpId": options.rp_id,
            "challenge": text(&options.challenge),
            "allowCredentials": allow.collect::<Vec<_>>(),
            "userVerification": "required",
            "extensions": extensions,
        }});
        let request = serde_json::from_value(request).map_err(|_| Refusal::Unsupported)?;
        let mut client = Client::new(self.touch()?).allows_insecure_localhost(true);
        let signed =
            client.authenticate(&self.0.origin, request, DefaultClientData).await.map_err(refusal)?;
        Ok(Asserted {
            raw_id: signed.raw_id.to_vec(),
            client_data_json: signed.response.client_data_json.to_vec(),
            authenticator_data: signed.response.authenticator_data.to_vec(),
            signature: signed.response.signature.to_vec(),
            user_handle: signed.response.user_handle.map(|handle| handle.to_vec()).unwrap_or_default(),
            prf: self.results(signed.client_extension_results.prf),
        })
    }
}

fn text(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

/// Maps errors as browsers do, which report a missing passkey like a user who cancelled.
fn refusal(error: WebauthnError) -> Refusal {
    match error {
        WebauthnError::OriginMissingDomain
        | WebauthnError::OriginRpMissmatch
        | WebauthnError::InvalidRpId
        | WebauthnError::UnprotectedOrigin => Refusal::Forbidden,
        WebauthnError::CredentialNotFound => Refusal::Cancelled,
        _ => Refusal::Unsupported,
    }
}

/// An owner who is always present and verified.
struct Owner;

#[async_trait::async_trait]
impl UserValidationMethod for Owner {
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
