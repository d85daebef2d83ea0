// Opens the shares in the stores with the cold root and combines them, by section 8 of
// crypto-wasm/FORMAT.md.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { query } from "./database.ts";
import { dec, derive, enc, expand, u8, u32, unseal, type Field } from "./format.ts";
import type { Roots } from "./roots.ts";
import type { Canary } from "./search.ts";

/** A decrypted share. */
interface Share {
  epoch: number;
  index: number;
  k: number;
  value: Buffer;
  check: Buffer;
  header: Field[];
}

/** Returns the files of the share stores in a data folder. */
export function storeFiles(data: string): string[] {
  const folder = join(data, "stores");
  return readdirSync(folder).map((number) => join("stores", number, "shares.db"));
}

/** Multiplies in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
function times(one: number, other: number): number {
  let product = 0;
  for (let [a, b] = [one, other]; b > 0; b >>= 1) {
    if (b & 1) product ^= a;
    a <<= 1;
    if (a & 0x100) a ^= 0x11b;
  }
  return product;
}

function inverse(value: number): number {
  for (let other = 1; other < 256; other += 1) if (times(value, other) === 1) return other;
  throw new Error("0 has no inverse");
}

/** Interpolates the polynomials through the shares at 0. */
function combine(shares: Share[]): Buffer {
  const key = Buffer.alloc(32);
  for (const { index, value } of shares) {
    const weight = shares
      .filter((other) => other.index !== index)
      .reduce((product, other) => times(product, times(other.index, inverse(index ^ other.index))), 1);
    value.forEach((byte, at) => (key[at] ^= times(byte, weight)));
  }
  return key;
}

/** Returns every share in the stores. */
function openAll(data: string, { vault, cold }: Roots): Share[] {
  return storeFiles(data).flatMap((file) => {
    const [[id]] = query(data, "SELECT id FROM store", file);
    const store = Buffer.from(String(id), "hex");
    return query(data, "SELECT share FROM shares", file).map(([cell]) => {
      const fields = dec("crystallum/1/share/sealed", Buffer.from(String(cell), "hex"))!;
      const [record, set, epoch, k, n, index] = [1, 2, 3, 4, 5, 6].map((tag) => fields.get(tag)!);
      const header: Field[] = [vault, u32(1), record, set, epoch, k, n].map((value, at) => [at + 1, value]);
      // In the seal of a share the same fields have tags one higher, since tag 1 is the salt.
      const context: Field[] = [...header, [8, index], [9, store], [10, u8(1)]].map(([tag, value]) => [
        Number(tag) + 1,
        value as Buffer,
      ]);
      const key = derive(cold, "store.share", vault, store);
      const opened = dec("crystallum/1/share/value", unseal(key, "share", context, fields.get(8)!))!;
      return {
        epoch: epoch.readUInt32BE(0),
        index: index[0],
        k: k[0],
        value: opened.get(1)!,
        check: opened.get(2)!,
        header,
      };
    });
  });
}

/**
 * Returns every secret of the only wallet in the stores, by name: the decrypted shares, the key
 * that they combine to, and the sealing keys, without the credential that each store receives.
 * Throws unless any k shares combine to the same key, which matches its check value.
 */
export function sharesOf(data: string, roots: Roots): Canary[] {
  const shares = openAll(data, roots);
  const { epoch, k, header } = shares[0];
  const key = combine(shares.slice(0, k));
  if (!combine(shares.slice(-k)).equals(key)) throw new Error("other shares make another key");
  const check = expand(key, enc("crystallum/1/share/check", header), 32);
  for (const share of shares) if (!share.check.equals(check)) throw new Error("the check does not follow from the key");
  const stores = storeFiles(data).map((file) => Buffer.from(String(query(data, "SELECT id FROM store", file)[0][0]), "hex"));
  return [
    ...shares.map(({ index, value }) => ({ name: `share ${index} of epoch ${epoch}`, bytes: value })),
    { name: `wallet key of epoch ${epoch}`, bytes: key },
    { name: `phrase key of epoch ${epoch}`, bytes: derive(key, "wallet.phrase", roots.vault) },
    ...stores.map((store, at) => ({ name: `store key ${at + 1}`, bytes: derive(roots.cold, "store.share", roots.vault, store) })),
  ];
}
