// Compares our shares with npm `shamir-secret-sharing`. Their share is the values followed by x;
// ours is the values at x = index. Reads one JSON object from standard input and writes one to
// standard output; any disagreement is an error.
import { strict as assert } from "node:assert";
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/ciphers/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { combine, split } from "shamir-secret-sharing";
import { check, openShare, sealPhrase, sealShare } from "./wallet.mjs";

const { vectors, dealings, seed } = JSON.parse(readFileSync(0, "utf8"));

let drawn = 0;
/** Returns random bytes from the seed. */
function random(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 32) {
    bytes.set(sha256(utf8ToBytes(`${seed}\n${(drawn += 1)}`)).subarray(0, length - at), at);
  }
  return bytes;
}
// The package draws from Node's generator, which is replaced here.
crypto.randomBytes = random;
syncBuiltinESMExports();

/** Returns every combination of k of the items, in order. */
function* subsets(items, k, from = 0) {
  if (k === 0) yield [];
  else {
    for (let at = from; at <= items.length - k; at += 1) {
      for (const rest of subsets(items, k - 1, at + 1)) yield [items[at], ...rest];
    }
  }
}

/** Converts a share to the format of the package. */
const theirs = (values, index) => concatBytes(values, Uint8Array.of(index));

/**
 * Checks that every k shares combine to the key and k - 1 do not. Returns the number of choices.
 */
async function everyChoice(values, k, key) {
  const shares = values.map((bytes, at) => theirs(bytes, at + 1));
  let count = 0;
  for (const some of subsets(shares, k)) {
    assert.equal(bytesToHex(await combine(some)), key, `${k} shares at ${some.map((share) => share[32])}`);
    count += 1;
  }
  return count;
}

/** Checks the dealings in the recorded vectors. */
async function recorded() {
  let count = 0;
  for (const { input, output, expect } of JSON.parse(readFileSync(vectors, "utf8")).vectors) {
    if (input.wallet !== "dealing" || expect !== "accepted") continue;
    assert.equal(output.shares.length, input.n);
    count += await everyChoice(output.shares.map(hexToBytes), input.k, input.key);
  }
  return count;
}

function read(dealing) {
  const bytes = Object.fromEntries(["vault", "record", "set"].map((name) => [name, hexToBytes(dealing[name])]));
  return { ...dealing, ...bytes, cold: hexToBytes(dealing.cold), stores: dealing.stores.map(hexToBytes) };
}

/** Checks a new dealing of ours, each share of which is sealed for its store. */
async function ours(text) {
  const dealing = read(text);
  const { cold, stores, shares, k, key } = dealing;
  const opened = shares.map((hex, at) => openShare(cold, dealing, at + 1, stores[at], hexToBytes(hex)));
  for (const share of opened) assert.deepEqual(share.check, check(hexToBytes(key), dealing));
  const values = opened.map((share) => share.values);
  const fewer = values.slice(0, k - 1).map((bytes, at) => theirs(bytes, at + 1));
  if (fewer.length > 1) assert.notEqual(bytesToHex(await combine(fewer)), key);
  return everyChoice(values, k, key);
}

/**
 * Makes a dealing of theirs with the same associated data, and a phrase. Of all 255 shares it takes
 * those at x = 1 to n, the only ones that ours can have.
 */
async function back(text) {
  const dealing = read(text);
  const { cold, stores, k, n } = dealing;
  const [key, entropy] = [random(32), random(16)];
  const all = await split(key, 255, k);
  const proof = check(key, dealing);
  const at = (index) => all.find((share) => share[32] === index).slice(0, 32);
  const sealed = (index) => sealShare(cold, dealing, index, stores[index - 1], at(index), proof, random(32));
  return {
    shares: Array.from({ length: n }, (_, at) => bytesToHex(sealed(at + 1))),
    entropy: bytesToHex(entropy),
    phrase: bytesToHex(sealPhrase(key, dealing, entropy, random(32))),
  };
}

let fresh = 0;
const theirDealings = [];
const choices = await recorded();
for (const dealing of dealings) {
  fresh += await ours(dealing);
  theirDealings.push(await back(dealing));
}
process.stdout.write(JSON.stringify({ recorded: choices, fresh, dealings: theirDealings }));
