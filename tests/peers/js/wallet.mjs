// Shares of a wallet's key, by section 8 of crypto-wasm/FORMAT.md.
import { dec, derive, enc, expand, open, seal, u32, u8 } from "./format.mjs";

/** The associated data of a dealing: vault, record, set (bytes), epoch, k, n. */
function header({ vault, record, set, epoch, k, n }) {
  return [
    [1, vault],
    [2, u32(1)],
    [3, record],
    [4, set],
    [5, u32(epoch)],
    [6, u8(k)],
    [7, u8(n)],
  ];
}

function place({ vault, record, set, epoch, k, n }, index, store) {
  return [
    [2, vault],
    [3, u32(1)],
    [4, record],
    [5, set],
    [6, u32(epoch)],
    [7, u8(k)],
    [8, u8(n)],
    [9, u8(index)],
    [10, store],
    [11, u8(1)],
  ];
}

/** The check value of a key that is combined from shares. */
export function check(key, dealing) {
  return expand(key, enc("crystallum/1/share/check", header(dealing)), 32);
}

/** Seals one share, its 32 values, for a store. */
export function sealShare(cold, dealing, index, store, values, check, random) {
  const data = enc("crystallum/1/share/value", [
    [1, values],
    [2, check],
  ]);
  const key = derive(cold, "store.share", dealing.vault, store);
  const blob = seal(key, "share", place(dealing, index, store), data, random);
  return enc("crystallum/1/share/sealed", [
    [1, dealing.record],
    [2, dealing.set],
    [3, u32(dealing.epoch)],
    [4, u8(dealing.k)],
    [5, u8(dealing.n)],
    [6, u8(index)],
    [7, store],
    [8, blob],
  ]);
}

/** Opens one sealed share. Returns its 32 values and its check value. */
export function openShare(cold, dealing, index, store, sealed) {
  const blob = dec("crystallum/1/share/sealed", sealed).get(8);
  const key = derive(cold, "store.share", dealing.vault, store);
  const data = dec("crystallum/1/share/value", open(key, "share", place(dealing, index, store), blob));
  return { values: data.get(1), check: data.get(2) };
}

/** Seals the entropy of an English phrase under the key of this dealing. */
export function sealPhrase(key, dealing, entropy, random) {
  const { vault, record, set, epoch } = dealing;
  const context = [
    [2, vault],
    [3, u32(1)],
    [4, record],
    [5, set],
    [6, u32(epoch)],
    [7, u8(1)],
  ];
  const data = enc("crystallum/1/wallet/phrase", [
    [1, entropy],
    [2, u8(1)],
  ]);
  return seal(derive(key, "wallet.phrase", vault), "phrase", context, data, random);
}
