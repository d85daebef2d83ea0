use argon2::{Algorithm, Argon2, Params, Version};
use wasm_bindgen::prelude::wasm_bindgen;

/// Hashes a password with Argon2id (RFC 9106) and one lane to 32 bytes.
#[wasm_bindgen]
pub fn argon2id(password: &[u8], salt: &[u8], kibibytes: u32, passes: u32) -> Vec<u8> {
    let params = Params::new(kibibytes, passes, 1, Some(32)).expect("numbers that Argon2 allows");
    let mut out = vec![0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, &mut out)
        .expect("a salt of at least eight bytes");
    out
}
