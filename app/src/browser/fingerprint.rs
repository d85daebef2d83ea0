//! Recognises a text without keeping it.

use js_sys::{ArrayBuffer, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

/// A salted hash of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    salt: [u8; 16],
    hash: Vec<u8>,
}

impl Fingerprint {
    /// Computes the fingerprint of a text. Returns `None` if the browser cannot.
    pub(crate) async fn of(text: &str) -> Option<Self> {
        let mut salt = [0; 16];
        window().crypto().ok()?.get_random_values_with_u8_array(&mut salt).ok()?;
        Some(Self { salt, hash: hash(salt, text).await.ok()? })
    }

    /// Returns whether the text is the same one.
    pub(crate) async fn matches(&self, text: &str) -> bool {
        hash(self.salt, text).await.is_ok_and(|hash| hash == self.hash)
    }
}

async fn hash(salt: [u8; 16], text: &str) -> Result<Vec<u8>, JsValue> {
    let bytes = salted(salt, text);
    let array = Uint8Array::from(bytes.as_slice());
    let digest = window().crypto()?.subtle().digest_with_str_and_buffer_source("SHA-256", &array)?;
    // The browser has taken its copy already.
    array.fill(0, 0, array.length());
    let digest: ArrayBuffer = JsFuture::from(digest).await?.dyn_into()?;
    Ok(Uint8Array::new(&digest).to_vec())
}

/// Returns what is hashed. Clipboards may change line ends, so those do not count.
fn salted(salt: [u8; 16], text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(salt.len().saturating_add(text.len())));
    bytes.extend_from_slice(&salt);
    bytes.extend(text.bytes().filter(|&byte| byte != b'\r'));
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_do_not_count_and_everything_else_does() {
        assert_eq!(salted([1; 16], "a\r\nb"), salted([1; 16], "a\nb"));
        assert_ne!(salted([1; 16], "a\nb"), salted([1; 16], "ab"));
        assert_ne!(salted([1; 16], "ab"), salted([2; 16], "ab"));
    }
}
