// Sealing and opening by crypto-wasm/FORMAT.md, with @noble/ciphers and @noble/hashes.
import { gcm } from "@noble/ciphers/aes.js";
import { concatBytes, equalBytes, utf8ToBytes } from "@noble/ciphers/utils.js";
import { expand as hkdfExpand } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";

const NONCE = new Uint8Array(12);
const SALT = 2;
const COMMITMENT = SALT + 32;
const BODY = COMMITMENT + 32;
const TAG = 16;
const TEXT = new TextDecoder("utf-8", { fatal: true });

/** The classes of section 3. */
export const CLASSES = { overview: [512, 2048], phrase: [128], share: [128] };

export function u8(value) {
  return Uint8Array.of(value);
}

export function u32(value) {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function u64(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** `enc(label, fields)` of section 1.1; fields are `[tag, value]` in ascending order. */
export function enc(label, fields) {
  const name = utf8ToBytes(label);
  const length = fields.reduce((sum, [, value]) => sum + 3 + value.length, 4 + name.length);
  const out = new Uint8Array(length);
  out[0] = name.length;
  out.set(name, 1);
  let at = 1 + name.length;
  out.set([1, 1, fields.length], at);
  at += 3;
  for (const [tag, value] of fields) {
    out.set([tag, value.length >> 8, value.length & 255], at);
    out.set(value, at + 3);
    at += 3 + value.length;
  }
  return out;
}

/** Decodes an `enc` into its values by tag. */
export function dec(label, bytes) {
  const name = utf8ToBytes(label);
  const start = 1 + name.length;
  const head = bytes[0] === name.length && equalBytes(bytes.subarray(1, start), name);
  if (!head || bytes[start] !== 1 || bytes[start + 1] !== 1) throw new Error("another encoding");
  const values = new Map();
  let at = start + 3;
  let last = 0;
  for (let left = bytes[start + 2]; left > 0; left -= 1) {
    const [tag, high, low] = bytes.subarray(at, at + 3);
    const end = at + 3 + high * 256 + low;
    if (tag <= last || end > bytes.length) throw new Error("another encoding");
    values.set(tag, bytes.subarray(at + 3, end));
    last = tag;
    at = end;
  }
  if (at !== bytes.length) throw new Error("more than an encoding");
  return values;
}

export function expand(key, info, length) {
  return hkdfExpand(sha256, key, info, length);
}

/**
 * `derive(parent, name, ctx)` of section 2 for the first key epoch; a store's keys have its id as
 * well.
 */
export function derive(parent, name, vault, store) {
  const fields = [
    [1, vault],
    [2, u32(1)],
  ];
  if (store) fields.push([3, store]);
  return expand(parent, enc(`crystallum/1/derive/${name}`, fields), 32);
}

function messageKey(key, purpose, context, salt) {
  const okm = expand(key, enc(`crystallum/1/seal/${purpose}`, [[1, salt], ...context]), 64);
  return [okm.subarray(0, 32), okm.subarray(32)];
}

/** Opens a blob of section 3. Throws when the key or the associated data is another one. */
export function open(key, purpose, context, blob) {
  const classes = CLASSES[purpose];
  const size = blob.length - BODY - TAG;
  if (blob[0] !== 1 || blob[1] !== 1 || !classes.includes(size)) throw new Error("not a blob");
  const [sealing, commitment] = messageKey(key, purpose, context, blob.subarray(SALT, COMMITMENT));
  if (!equalBytes(commitment, blob.subarray(COMMITMENT, BODY))) throw new Error("another key or place");
  const padded = gcm(sealing, NONCE).decrypt(blob.subarray(BODY));
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const fits = classes.find((size) => size - 4 >= length) === padded.length;
  for (let at = 4 + length; fits && at < padded.length; at += 1) {
    if (padded[at] !== 0) throw new Error("padding that is not zero");
  }
  if (!fits) throw new Error("another class");
  return padded.subarray(4, 4 + length);
}

/** Seals data by section 3, with this randomness. */
export function seal(key, purpose, context, data, random) {
  const size = CLASSES[purpose].find((size) => size - 4 >= data.length);
  const padded = new Uint8Array(size);
  padded.set(u32(data.length));
  padded.set(data, 4);
  const place = enc(`crystallum/1/seal/${purpose}`, context);
  const parts = [utf8ToBytes("crystallum/1/salt"), random, sha256(padded), sha256(place)];
  const salt = hmac(sha256, key, concatBytes(...parts));
  const [sealing, commitment] = messageKey(key, purpose, context, salt);
  return concatBytes(u8(1), u8(1), salt, commitment, gcm(sealing, NONCE).encrypt(padded));
}

/** Opens and reads the overview of an exchange key at version 1 (section 5). */
export function openOverview(key, vault, record, blob) {
  const context = [
    [2, vault],
    [3, u32(1)],
    [4, record],
    [5, u8(1)],
    [6, u64(1)],
    [7, u8(1)],
  ];
  const values = dec("crystallum/1/record/exchange-key.overview", open(key, "overview", context, blob));
  const text = (tag) => TEXT.decode(values.get(tag));
  const number = (tag) => {
    const bytes = values.get(tag);
    return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  };
  return {
    exchange: text(1),
    label: text(2),
    masked: text(3),
    note: text(4),
    created: number(5),
    updated: number(6),
    hasPassphrase: values.get(7)[0] === 1,
  };
}
