// What an HMAC-SHA-256 implementation may keep of its key: the two padded keys, and the states of
// the hash function after each of them (FIPS 198-1, FIPS 180-4).
import type { Canary } from "./search.ts";

const BLOCK = 64;

/** The fractional part of a root, in 32 bits. */
const fraction = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32) >>> 0;

const PRIMES: number[] = [];
for (let candidate = 2; PRIMES.length < 64; candidate += 1) {
  if (PRIMES.every((prime) => candidate % prime !== 0)) PRIMES.push(candidate);
}
const INITIAL = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const ROUND = PRIMES.map((prime) => fraction(Math.cbrt(prime)));

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** Returns the state of SHA-256 after one block. */
export function stateAfter(block: Buffer): number[] {
  const words = Array.from({ length: 16 }, (_, at) => block.readUInt32BE(4 * at));
  for (let at = 16; at < 64; at += 1) {
    const [a, b] = [words[at - 15], words[at - 2]];
    const s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    words.push((words[at - 16] + s0 + words[at - 7] + s1) | 0);
  }
  let [a, b, c, d, e, f, g, h] = INITIAL;
  for (let at = 0; at < 64; at += 1) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND[at] + words[at]) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + INITIAL[at]) >>> 0);
}

/** Returns a key and everything that an HMAC under it may leave behind. */
export function traces({ name, bytes }: Canary): Canary[] {
  const padded = (value: number): Buffer => {
    const block = Buffer.alloc(BLOCK, value);
    bytes.forEach((byte, at) => block.writeUInt8(byte ^ value, at));
    return block;
  };
  const words = (state: number[], bigEndian: boolean): Buffer => {
    const out = Buffer.alloc(32);
    state.forEach((word, at) => (bigEndian ? out.writeUInt32BE(word, 4 * at) : out.writeUInt32LE(word, 4 * at)));
    return out;
  };
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  return [
    { name, bytes },
    { name: `${name}, inner padding`, bytes: inner.subarray(0, bytes.length) },
    { name: `${name}, outer padding`, bytes: outer.subarray(0, bytes.length) },
    ...[inner, outer].flatMap((block, at) => [
      { name: `${name}, ${at === 0 ? "inner" : "outer"} state`, bytes: words(stateAfter(block), false) },
      { name: `${name}, ${at === 0 ? "inner" : "outer"} state, big-endian`, bytes: words(stateAfter(block), true) },
    ]),
  ];
}
