use crystallum_format::encoding::Encoder;
use p256::ecdsa::signature::Signer;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::json::{array, bytes, hex, text};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::tests::support::signatures::order_minus;
use crate::tests::support::{device_key, public, unlock};
use crate::{VaultLogin, VaultVerifier};

pub(super) const FILE: File = File { name: "vault_login", section: "7.8", check, cases };

fn check(input: &Value) -> Checked {
    let (server_nonce, device_key) = (bytes(&input["server_nonce"]), array(&input["device_key"]));
    let login =
        VaultLogin { host: text(&input["host"]), server_nonce: &server_nonce, device_key: &device_key };
    let message = login.message()?;
    // Encoded by FORMAT.md alone.
    let written = Encoder::new("crystallum/1/login/vault")
        .field(1, login.host.as_bytes())
        .field(2, &server_nonce)
        .field(3, &Sha256::digest(device_key))
        .finish();
    assert_eq!(*message, *written);
    let (by_vault, by_device) = (array(&input["vault_signature"]), array(&input["device_signature"]));
    let vault = VaultVerifier::from_bytes(array(&input["vault_key"]));
    if login.is_signed_by(&vault, (&by_vault, &by_device)) {
        Ok(json!({ "message": hex(message) }))
    } else {
        Err(Refusal(None))
    }
}

const HOST: &str = "vault.example";

fn signed(host: &str, server_nonce: &[u8]) -> Value {
    let (signer, key) = (unlock(1).1, public(&device_key(0x21)));
    let login = VaultLogin { host, server_nonce, device_key: &key };
    let by_vault = signer.sign_login(&login).expect("within limits");
    let message = login.message().expect("within limits");
    let by_device: p256::ecdsa::Signature = device_key(0x21).sign(&message);
    json!({
        "host": host, "server_nonce": hex(server_nonce), "device_key": hex(key),
        "vault_key": hex(signer.verifier().as_bytes()), "vault_signature": hex(by_vault),
        "device_signature": hex(by_device.to_bytes()),
    })
}

fn cases() -> Vec<Case> {
    let login = signed(HOST, &[7; 32]);
    let with = |name: &str, value: Value| {
        let mut changed = login.clone();
        changed[name] = value;
        changed
    };
    let of = |name: &str| bytes(&login[name]);
    let flipped = |name: &str, at: usize| {
        let mut value = of(name);
        value[at] ^= 1;
        with(name, hex(value))
    };
    let device = of("device_signature");
    let s: [u8; 32] = device[32..].try_into().expect("32 bytes");
    let other_s = [&device[..32], order_minus(&s).as_slice()].concat();
    let other_host = signed("vault.example.org", &[7; 32]);
    let longest = "h".repeat(253);
    let late = |name, comment, input| hostile(name, "login", comment, input);
    vec![
        good("login", "both signatures", login.clone()),
        good("other s", "the device's signature with n - s", with("device_signature", hex(other_s))),
        good("shortest", "a host of one byte and a nonce of 16", signed("h", &[7; 16])),
        good("longest", "a host of 253 bytes and a nonce of 64", signed(&longest, &[7; 64])),
        late("another host", "for another server", with("host", json!("vault.example.org"))),
        late("another nonce", "used again with another nonce", with("server_nonce", hex([8; 32]))),
        late("another vault", "verified under another vault's key", {
            with("vault_key", hex(unlock(2).1.verifier().as_bytes()))
        }),
        late("another device", "another device's key", with("device_key", hex(public(&device_key(0x22))))),
        late("the device alone", "a flipped bit in the vault's signature", flipped("vault_signature", 40)),
        late("the vault alone", "a flipped bit in the device's signature", flipped("device_signature", 40)),
        late("the vault elsewhere", "the vault's signature is for another server", {
            with("vault_signature", other_host["vault_signature"].clone())
        }),
        late("the device elsewhere", "the device's signature is for another server", {
            with("device_signature", other_host["device_signature"].clone())
        }),
        late("no signature", "the device's signature is zero", with("device_signature", hex([0; 64]))),
        late("off the curve", "a device key that is no point", flipped("device_key", 64)),
        late("no host", "a host of no bytes", with("host", json!(""))),
        late("long host", "a host of 254 bytes", with("host", json!("h".repeat(254)))),
        late("short nonce", "a nonce of 15 bytes", with("server_nonce", hex([7; 15]))),
        late("long nonce", "a nonce of 65 bytes", with("server_nonce", hex([7; 65]))),
    ]
}

#[test]
fn recorded() {
    FILE.run(4, 14);
}
