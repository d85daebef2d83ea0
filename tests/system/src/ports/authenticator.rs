use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crystallum_engine::Authenticator;
use crystallum_messages::{Asserted, CreateOptions, GetOptions, Prf, Refusal, Registered};
use crystallum_test_support::{CreateRequest, GetRequest, Passkeys, PrfMode, SoftwareAuthenticator};
use passkey::client::WebauthnError;
use passkey::types::webauthn::AuthenticationExtensionsPrfOutputs;
use serde_bytes::ByteBuf;
use tokio::sync::oneshot;

/// A software authenticator as the engine sees it. It records the ceremonies and can be told to
/// refuse them or to change their outputs. Clones share it.
#[derive(Clone)]
pub struct ScriptedAuthenticator(Rc<Inner>);

type Change = Box<dyn Fn(&mut Prf)>;
type Meanwhile = Box<dyn FnOnce()>;

struct Inner {
    software: RefCell<SoftwareAuthenticator>,
    next: RefCell<Option<Passkeys>>,
    refusal: Cell<Option<(u32, Refusal)>>,
    change: RefCell<Option<Change>>,
    touches: Cell<u32>,
    outputs: RefCell<Vec<Vec<u8>>>,
    asked: RefCell<Vec<GetOptions>>,
    created: RefCell<Vec<CreateOptions>>,
    meanwhile: RefCell<Option<Meanwhile>>,
    answered: RefCell<Option<oneshot::Receiver<()>>>,
}

impl ScriptedAuthenticator {
    /// Creates an authenticator for a page of `origin`, with these passkeys.
    pub fn new(origin: &str, passkeys: &Passkeys, mode: PrfMode) -> Self {
        let mut software = SoftwareAuthenticator::for_origin(origin).with_prf(mode);
        software.passkeys = passkeys.clone();
        Self(Rc::new(Inner {
            software: RefCell::new(software),
            next: RefCell::default(),
            refusal: Cell::new(None),
            change: RefCell::new(None),
            touches: Cell::new(0),
            outputs: RefCell::default(),
            asked: RefCell::default(),
            created: RefCell::default(),
            meanwhile: RefCell::default(),
            answered: RefCell::default(),
        }))
    }

    /// Refuses the `n`th ceremony from now on, where 1 is the next one.
    pub fn refuse_touch(&self, n: u32, refusal: Refusal) {
        self.0.refusal.set(Some((self.touches() + n, refusal)));
    }

    /// Uses other passkeys from now on.
    pub fn hold(&self, passkeys: &Passkeys) {
        self.0.software.borrow_mut().passkeys = passkeys.clone();
    }

    /// Uses other passkeys from the next `create()` on.
    pub fn then_hold(&self, passkeys: &Passkeys) {
        self.0.next.replace(Some(passkeys.clone()));
    }

    /// Changes every `prf` output from now on.
    pub fn change_prf(&self, change: impl Fn(&mut Prf) + 'static) {
        self.0.change.replace(Some(Box::new(change)));
    }

    /// Runs `work` while the next `get()` waits for its owner, after whatever else the device does
    /// in the meantime.
    pub fn meanwhile(&self, work: impl FnOnce() + 'static) {
        self.0.meanwhile.replace(Some(Box::new(work)));
    }

    /// Leaves the next ceremony unanswered until the returned sender is used.
    pub fn leave_unanswered(&self) -> oneshot::Sender<()> {
        let (sender, answered) = oneshot::channel();
        self.0.answered.replace(Some(answered));
        sender
    }

    /// Waits until the owner of the device answers.
    async fn wait_for_owner(&self) {
        let answered = self.0.answered.take();
        if let Some(answered) = answered {
            answered.await.expect("the test answers the ceremony, or the engine drops it");
        }
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

    /// Returns the options of every `create()` so far.
    pub fn created(&self) -> Vec<CreateOptions> {
        self.0.created.borrow().clone()
    }

    /// Counts a ceremony and returns the authenticator for it.
    fn touch(&self) -> Result<SoftwareAuthenticator, Refusal> {
        self.0.touches.set(self.0.touches.get() + 1);
        match self.0.refusal.get() {
            Some((at, refusal)) if at == self.touches() => Err(refusal),
            _ => Ok(self.0.software.borrow().clone()),
        }
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

impl Authenticator for ScriptedAuthenticator {
    async fn create(&self, options: CreateOptions) -> Result<Registered, Refusal> {
        self.0.created.borrow_mut().push(options.clone());
        self.wait_for_owner().await;
        if let Some(passkeys) = self.0.next.take() {
            self.hold(&passkeys);
        }
        let request = CreateRequest {
            rp_id: &options.rp_id,
            challenge: &options.challenge,
            account: &options.vault.0,
            name: &options.name,
            algorithms: &options.algorithms,
            prf: Some([&options.prf_first, &options.prf_second]),
        };
        let made = self.touch()?.create(&request).await.map_err(refusal)?;
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
        self.wait_for_owner().await;
        let meanwhile = self.0.meanwhile.take();
        if let Some(meanwhile) = meanwhile {
            tokio::task::yield_now().await;
            meanwhile();
        }
        let request = GetRequest {
            rp_id: &options.rp_id,
            challenge: &options.challenge,
            allow: options.allow.iter().map(|id| id.as_slice()).collect(),
            prf_first: options.prf_first.as_ref().map(|input| input.as_slice()),
            prf_second: options.prf_second.as_ref().map(|input| input.as_slice()),
        };
        let signed = self.touch()?.get(&request).await.map_err(refusal)?;
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
