use crystallum_core::DeviceId;
use crystallum_engine::{DeviceKey, NoDeviceKey, StoreFailed};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, EcKeyGenParams, EcdsaParams, SubtleCrypto};

use crate::database::{Database, KEYS, complete};
use crate::js;

const ALGORITHM: &str = "ECDSA";
const CURVE: &str = "P-256";
const HASH: &str = "SHA-256";
const PRIVATE: &str = "privateKey";
const PUBLIC: &str = "publicKey";

/// WebCrypto keys whose private half is not extractable, stored as `CryptoKey` objects.
pub(crate) struct WebCryptoKey(Database);

impl WebCryptoKey {
    pub(crate) fn new(database: Database) -> Self {
        Self(database)
    }

    async fn make(&self, device: DeviceId) -> Result<[u8; 65], JsValue> {
        let usages = Array::of2(&"sign".into(), &"verify".into());
        let pair =
            subtle()?.generate_key_with_object(&EcKeyGenParams::new(ALGORITHM, CURVE), false, &usages)?;
        let pair = js::settle(pair.into()).await?;
        let public: CryptoKey = js::property(&pair, PUBLIC)?.dyn_into()?;
        let public = js::settle(subtle()?.export_key("raw", &public)?.into()).await?;
        let public = bytes(public)?.try_into().map_err(|_| JsValue::NULL)?;
        self.keep(device, &pair).await.map_err(|StoreFailed| JsValue::NULL)?;
        Ok(public)
    }

    async fn keep(&self, device: DeviceId, pair: &JsValue) -> Result<(), StoreFailed> {
        let (transaction, store) = self.0.writing(KEYS).await?;
        // `add` refuses to replace a key.
        store.add(pair, Some(&name(device))).map_err(|_| StoreFailed)?;
        complete(transaction).await
    }

    async fn use_key(&self, device: DeviceId, message: &[u8]) -> Result<[u8; 64], JsValue> {
        let pair = self.find(device).await.map_err(|StoreFailed| JsValue::NULL)?.ok_or(JsValue::NULL)?;
        let private: CryptoKey = js::property(&pair, PRIVATE)?.dyn_into()?;
        let algorithm = EcdsaParams::new_with_str(ALGORITHM, HASH);
        let signature =
            subtle()?.sign_with_object_and_js_u8_array(&algorithm, &private, &Uint8Array::from(message))?;
        bytes(js::settle(signature.into()).await?)?.try_into().map_err(|_| JsValue::NULL)
    }

    async fn delete(&self, device: DeviceId) -> Result<(), StoreFailed> {
        let (transaction, store) = self.0.writing(KEYS).await?;
        store.delete(name(device)).map_err(|_| StoreFailed)?;
        complete(transaction).await
    }

    async fn find(&self, device: DeviceId) -> Result<Option<JsValue>, StoreFailed> {
        let (_transaction, store) = self.0.reading(KEYS).await?;
        store.get(name(device)).map_err(|_| StoreFailed)?.await.map_err(|_| StoreFailed)
    }
}

impl DeviceKey for WebCryptoKey {
    async fn create(&self, device: DeviceId) -> Result<[u8; 65], NoDeviceKey> {
        self.make(device).await.map_err(|_| NoDeviceKey)
    }

    async fn sign(&self, device: DeviceId, message: &[u8]) -> Result<[u8; 64], NoDeviceKey> {
        self.use_key(device, message).await.map_err(|_| NoDeviceKey)
    }

    async fn remove(&self, device: DeviceId) {
        // If this fails, the key stays, but the browser has no vault left for which it can sign.
        let _gone = self.delete(device).await;
    }
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    Ok(js::scope().crypto()?.subtle())
}

fn name(device: DeviceId) -> JsValue {
    format!("{device:?}").into()
}

fn bytes(buffer: JsValue) -> Result<Vec<u8>, JsValue> {
    let buffer: ArrayBuffer = buffer.dyn_into()?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
