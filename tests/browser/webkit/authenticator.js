// A passkey that lives in the page, for browsers that have none. The test server sends this script
// before the page's own. Like many authenticators it gives `prf` output only for an existing
// passkey, and it asks nobody.
"use strict";

(() => {
  const PLACE = "test.passkey";
  const PRESENT_AND_VERIFIED = 0x05;
  const HAS_PASSKEY = 0x40;
  const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

  const text = (string) => new TextEncoder().encode(string);
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const view = (source) => (ArrayBuffer.isView(source) ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength) : new Uint8Array(source));
  const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const fromBase64url = (string) =>
    Uint8Array.from(atob(string.replaceAll("-", "+").replaceAll("_", "/")), (byte) => byte.charCodeAt(0));

  const clientData = (type, challenge) =>
    text(JSON.stringify({ type, challenge: base64url(view(challenge)), origin: location.origin, crossOrigin: false }));

  const authenticatorData = async (rpId, flags, passkey = []) =>
    join(await sha256(text(rpId)), [flags, 0, 0, 0, 0], passkey);

  /** A public key in COSE's form. */
  const cose = ({ x, y }) =>
    join([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 32], fromBase64url(x), [0x22, 0x58, 32], fromBase64url(y));

  /** An attestation of the format `none`, in CBOR. */
  const attestation = (data) =>
    join([0xa3, 0x63], text("fmt"), [0x64], text("none"), [0x67], text("attStmt"), [0xa0, 0x68], text("authData"), [0x58, data.length], data);

  /** A signature as authenticators give it, in DER. Web Crypto gives two numbers of 32 bytes. */
  const der = (signature) => {
    const number = (bytes) => {
      const short = bytes.slice(bytes.findIndex((byte) => byte !== 0));
      const positive = short[0] < 0x80 ? short : join([0], short);
      return join([0x02, positive.length], positive);
    };
    const numbers = join(number(signature.slice(0, 32)), number(signature.slice(32)));
    return join([0x30, numbers.length], numbers);
  };

  const prf = async (secret, input) => {
    const salt = await sha256(join(text("WebAuthn PRF"), [0], view(input)));
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return crypto.subtle.sign("HMAC", key, salt);
  };

  const credential = (id, response, results) => ({
    id: base64url(id),
    rawId: id.buffer,
    type: "public-key",
    response,
    getClientExtensionResults: () => ({ prf: results }),
  });

  const create = async ({ publicKey }) => {
    const pair = await crypto.subtle.generateKey(ES256, true, ["sign"]);
    const key = await crypto.subtle.exportKey("jwk", pair.privateKey);
    const [id, secret] = [16, 32].map((length) => crypto.getRandomValues(new Uint8Array(length)));
    const user = view(publicKey.user.id);
    localStorage.setItem(PLACE, JSON.stringify({ key, id: base64url(id), secret: base64url(secret), user: base64url(user) }));
    const passkey = join(Array(16).fill(0), [0, id.length], id, cose(key));
    const data = await authenticatorData(publicKey.rp.id, PRESENT_AND_VERIFIED | HAS_PASSKEY, passkey);
    const response = {
      clientDataJSON: clientData("webauthn.create", publicKey.challenge),
      attestationObject: attestation(data),
    };
    return credential(id, response, { enabled: true });
  };

  const get = async ({ publicKey }) => {
    const stored = localStorage.getItem(PLACE);
    if (stored === null) throw new DOMException("There is no passkey.", "NotAllowedError");
    const passkey = JSON.parse(stored);
    const key = await crypto.subtle.importKey("jwk", passkey.key, ES256, false, ["sign"]);
    const data = await authenticatorData(publicKey.rpId, PRESENT_AND_VERIFIED);
    const clientDataJSON = clientData("webauthn.get", publicKey.challenge);
    const signed = join(data, await sha256(clientDataJSON));
    const signature = der(new Uint8Array(await crypto.subtle.sign(ES256, key, signed)));
    const response = { clientDataJSON, authenticatorData: data, signature, userHandle: fromBase64url(passkey.user) };
    const inputs = publicKey.extensions?.prf?.eval ?? {};
    const outputs = Object.entries(inputs).map(async ([name, input]) => [name, await prf(fromBase64url(passkey.secret), input)]);
    const results = Object.fromEntries(await Promise.all(outputs));
    return credential(fromBase64url(passkey.id), response, { results });
  };

  globalThis.PublicKeyCredential = class PublicKeyCredential {};
  Object.defineProperty(navigator, "credentials", { value: { create, get } });
})();
