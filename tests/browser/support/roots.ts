// Recomputes the keys of a vault from PRF outputs and a stolen database, by sections 2 and 4 of
// crypto-wasm/FORMAT.md.
import { hkdfSync } from "node:crypto";
import { query } from "./database.ts";
import { dec, derive, enc, expand, extract, u8, u32, unseal } from "./format.ts";
import type { Canary } from "./search.ts";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ROOT = 1;
const COLD = 2;

/** Both roots of a vault. */
export interface Roots {
  vault: Buffer;
  root: Buffer;
  cold: Buffer;
}

interface Change {
  kind: string;
  id: string;
  slot_kind: number;
  scope: number;
  /** Missing once the slot was removed. */
  wrap?: string;
}

interface Slot {
  id: Buffer;
  kind: number;
  scope: number;
  wrap: Buffer;
}

function slots(data: string): { vault: Buffer; slots: Slot[] } {
  const rows = query(data, "SELECT account, changes FROM commits ORDER BY counter");
  const changes = rows.flatMap(([, text]) => JSON.parse(String(text)) as Change[]);
  const found = changes.flatMap(({ kind, id, slot_kind, scope, wrap }) =>
    kind === "keyslot" && wrap !== undefined
      ? [{ id: Buffer.from(id, "base64url"), kind: slot_kind, scope, wrap: Buffer.from(wrap, "base64url") }]
      : [],
  );
  return { vault: Buffer.from(String(rows[0][0]), "hex"), slots: found };
}

/** Opens a key slot; throws unless the key is the one that sealed it. */
function open(slot: Slot, kek: Buffer, blob: Buffer, vault: Buffer): Buffer {
  const context: [number, Buffer][] = [
    [2, vault],
    [3, u32(1)],
    [4, slot.id],
    [5, u8(slot.kind)],
    [6, u8(slot.scope)],
  ];
  return unseal(kek, "keyslot", context, blob);
}

/** Finds the passkey slot that this output opens. Returns its key and its contents. */
function byPasskey(data: string, scope: number, output: Buffer): { vault: Buffer; kek: Buffer; root: Buffer } {
  const { vault, slots: all } = slots(data);
  for (const slot of all.filter((candidate) => candidate.scope === scope)) {
    const fields = dec("crystallum/1/keyslot/passkey", slot.wrap);
    if (!fields) continue;
    const info = enc("crystallum/1/derive/keyslot.passkey", [
      [1, Buffer.from("localhost")],
      [2, u8(scope)],
      [3, fields.get(1)!],
    ]);
    const kek = Buffer.from(hkdfSync("sha256", output, Buffer.alloc(0), info, 32));
    try {
      return { vault, kek, root: open(slot, kek, fields.get(2)!, vault) };
    } catch {
      // The slot belongs to another passkey.
    }
  }
  throw new Error(`no slot of scope ${scope} opens with this output`);
}

/**
 * Returns both roots of the only vault in a data folder, from the two outputs of one of its
 * passkeys.
 */
export function rootsOf(data: string, first: Buffer, second: Buffer): Roots {
  const { vault, root } = byPasskey(data, ROOT, first);
  return { vault, root, cold: byPasskey(data, COLD, second).root };
}

/**
 * Returns everything that follows from these outputs, down to the keys that seal records, by name.
 */
export function keysOf(data: string, first: Buffer, second: Buffer): Canary[] {
  const [warm, cold] = [byPasskey(data, ROOT, first), byPasskey(data, COLD, second)];
  const { vault, root } = warm;
  const items = derive(root, "items", vault);
  return [
    { name: "root", bytes: root },
    { name: "cold root", bytes: cold.root },
    { name: "key of the root's slot", bytes: warm.kek },
    { name: "key of the cold root's slot", bytes: cold.kek },
    { name: "items key", bytes: items },
    { name: "overview key", bytes: derive(items, "overview", vault) },
    { name: "secret key", bytes: derive(items, "secret", vault) },
    { name: "vault signing seed", bytes: derive(root, "manifest", vault) },
  ];
}

/** Decodes the 16 bytes of a recovery code from its 32 characters without separators. */
function codeOf(text: string): Buffer {
  const digits = Array.from(text.slice(2, 28), (character) => ALPHABET.indexOf(character));
  const bits = digits.map((digit) => digit.toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.slice(0, 128).match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)));
}

/**
 * Returns a recovery code in all its spellings, and the keys that follow from it, without the
 * lookup and the verifier, which the server receives. Throws unless the code opens the roots of the
 * vault in a data folder.
 */
export function recoveryOf(data: string, groups: string[], { root, cold }: Roots): Canary[] {
  const text = groups.join("");
  const code = codeOf(text);
  const key = extract("crystallum/1/recovery", code);
  const kek = (scope: number) => expand(key, enc("crystallum/1/derive/keyslot.recovery", [[1, u8(scope)]]), 32);
  const { vault, slots: all } = slots(data);
  const opened = (scope: number) =>
    all.some((slot) => {
      const blob = slot.scope === scope && dec("crystallum/1/keyslot/recovery", slot.wrap)?.get(2);
      try {
        return blob && open(slot, kek(scope), blob, vault).equals(scope === ROOT ? root : cold);
      } catch {
        return false;
      }
    });
  if (!opened(ROOT) || !opened(COLD)) throw new Error("this code does not open the vault");
  const seed = expand(key, enc("crystallum/1/derive/recovery.sign", []), 32);
  const spellings = { "with -": groups.join("-"), "with spaces": groups.join(" "), "without separators": text };
  return [
    ...Object.entries(spellings).flatMap(([how, spelt]) => [
      { name: `recovery code ${how}`, bytes: Buffer.from(spelt) },
      { name: `recovery code ${how}, in lower case`, bytes: Buffer.from(spelt.toLowerCase()) },
    ]),
    { name: "recovery code as bytes", bytes: code },
    { name: "recovery key", bytes: key },
    { name: "recovery seed", bytes: seed },
    { name: "key of the root's recovery slot", bytes: kek(ROOT) },
    { name: "key of the cold root's recovery slot", bytes: kek(COLD) },
  ];
}
