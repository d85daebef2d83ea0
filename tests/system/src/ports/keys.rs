use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use crystallum_core::DeviceId;
use crystallum_engine::{DeviceKey, NoDeviceKey};
use crystallum_test_support::SeededRng;
use crystallum_test_support::format::{sign_as_device, writer};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};

/// P-256 device keys in memory. Clones share the keys.
#[derive(Clone, Default)]
pub struct Keys(Rc<RefCell<BTreeMap<DeviceId, SigningKey>>>, Rc<Cell<bool>>);

impl Keys {
    /// Refuses to store or use keys from now on, as some browsers do in private windows.
    pub fn refuse(&self, refuses: bool) {
        self.1.set(refuses);
    }

    /// Signs a head as its writer, if the key is here.
    pub fn sign_head(&self, head: &mut [u8]) {
        if let Some(key) = self.0.borrow().get(&DeviceId::new(writer(head))) {
            sign_as_device(head, key);
        }
    }

    /// Returns the number of keys.
    pub fn count(&self) -> usize {
        self.0.borrow().len()
    }
}

impl DeviceKey for Keys {
    async fn create(&self, device: DeviceId) -> Result<[u8; 65], NoDeviceKey> {
        if self.1.get() {
            return Err(NoDeviceKey);
        }
        let mut entropy = SeededRng::next_stream();
        let key = loop {
            // Zero and numbers from the order of the curve on are not keys.
            if let Ok(key) = SigningKey::from_slice(&entropy.bytes::<32>()) {
                break key;
            }
        };
        let public = key.verifying_key().to_sec1_point(false);
        self.0.borrow_mut().insert(device, key);
        public.as_bytes().try_into().map_err(|_| NoDeviceKey)
    }

    async fn sign(&self, device: DeviceId, message: &[u8]) -> Result<[u8; 64], NoDeviceKey> {
        if self.1.get() {
            return Err(NoDeviceKey);
        }
        let keys = self.0.borrow();
        let signature: Signature = keys.get(&device).ok_or(NoDeviceKey)?.sign(message);
        Ok(signature.to_bytes().into())
    }

    async fn remove(&self, device: DeviceId) {
        self.0.borrow_mut().remove(&device);
    }
}
