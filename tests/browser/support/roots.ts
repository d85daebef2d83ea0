// Recomputes the keys of a vault from PRF outputs and a stolen database, as crypto-wasm/FORMAT.md says.
import { createDecipheriv, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { query } from "./database.ts";
import type { Canary } from "./search.ts";

const KEYSLOT = 64;

/** `enc(label, fields)` of section 1.1; fields in ascending order of their tags. */
function enc(label: string, fields: [tag: number, value: Buffer][]): Buffer {
  const parts: Buffer[] = [
    Buffer.from([label.length]),
    Buffer.from(label, "ascii"),
    Buffer.from([1, 1, fields.length]),
  ];
  for (const [tag, value] of fields) {
    const head = Buffer.alloc(3);
    head.writeUInt8(tag, 0);
    head.writeUInt16BE(value.length, 1);
    parts.push(head, value);
  }
  return Buffer.concat(parts);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function expand(key: Buffer, info: Buffer, length: number): Buffer {
  let output: Buffer = Buffer.alloc(0);
  let block: Buffer = Buffer.alloc(0);
  for (let at = 1; output.length < length; at += 1) {
    block = createHmac("sha256", key)
      .update(block)
      .update(info)
      .update(Buffer.from([at]))
      .digest();
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, length);
}

function derive(parent: Buffer, name: string, vault: Buffer): Buffer {
  const context = enc(`crystallum/1/derive/${name}`, [
    [1, vault],
    [2, u32(1)],
  ]);
  return expand(parent, context, 32);
}

interface Slot {
  id: Buffer;
  scope: number;
  credential: Buffer;
  blob: Buffer;
}

/** Reads `enc("crystallum/1/keyslot/passkey", {1: credential id, 2: blob})`. */
function slotOf(id: string, scope: number, wrap: string): Slot {
  const bytes = Buffer.from(wrap, "base64url");
  const label = "crystallum/1/keyslot/passkey";
  const start = 1 + label.length + 3;
  if (
    !bytes.subarray(0, start).equals(
      enc(label, [
        [1, Buffer.alloc(0)],
        [2, Buffer.alloc(0)],
      ]).subarray(0, start),
    )
  ) {
    throw new Error("not the wrap of a passkey");
  }
  const length = bytes.readUInt16BE(start + 1);
  const credential = bytes.subarray(start + 3, start + 3 + length);
  return { id: Buffer.from(id, "base64url"), scope, credential, blob: bytes.subarray(start + 3 + length + 3) };
}

/** Opens a slot; throws unless the commitment and the tag are right, so what comes out is the root. */
function open(slot: Slot, output: Buffer, vault: Buffer): { kek: Buffer; root: Buffer } {
  const label = "crystallum/1/derive/keyslot.passkey";
  const kekInfo = enc(label, [
    [1, Buffer.from("localhost")],
    [2, Buffer.from([slot.scope])],
    [3, slot.credential],
  ]);
  const kek = Buffer.from(hkdfSync("sha256", output, Buffer.alloc(0), kekInfo, 32));
  const salt = slot.blob.subarray(2, 34);
  const info = enc("crystallum/1/seal/keyslot", [
    [1, salt],
    [2, vault],
    [3, u32(1)],
    [4, slot.id],
    [5, Buffer.from([1])],
    [6, Buffer.from([slot.scope])],
  ]);
  const keys = expand(kek, info, 64);
  if (!timingSafeEqual(keys.subarray(32), slot.blob.subarray(34, 66))) throw new Error("another key");
  const decipher = createDecipheriv("aes-256-gcm", keys.subarray(0, 32), Buffer.alloc(12));
  decipher.setAuthTag(slot.blob.subarray(-16));
  const padded = Buffer.concat([decipher.update(slot.blob.subarray(66, 66 + KEYSLOT)), decipher.final()]);
  return { kek, root: padded.subarray(4, 4 + padded.readUInt32BE(0)) };
}

interface Change {
  kind: string;
  id: string;
  scope: number;
  wrap: string;
}

/** Both roots of the one vault in a data folder, and what opens the rest, each by its name. */
export function rootsOf(data: string, first: Buffer, second: Buffer): Canary[] {
  const [[account, changes]] = query(data, "SELECT account, changes FROM commits WHERE counter = 1");
  const vault = Buffer.from(String(account), "hex");
  const slots = (JSON.parse(String(changes)) as Change[])
    .filter(({ kind }) => kind === "keyslot")
    .map(({ id, scope, wrap }) => slotOf(id, scope, wrap));
  const scope = (wanted: number) => slots.find((slot) => slot.scope === wanted)!;
  const root = open(scope(1), first, vault);
  const cold = open(scope(2), second, vault);
  const items = derive(root.root, "items", vault);
  return [
    { name: "root", bytes: root.root },
    { name: "cold root", bytes: cold.root },
    { name: "key of the root's slot", bytes: root.kek },
    { name: "key of the cold root's slot", bytes: cold.kek },
    { name: "items key", bytes: items },
    { name: "overview key", bytes: derive(items, "overview", vault) },
    { name: "secret key", bytes: derive(items, "secret", vault) },
    { name: "vault signing seed", bytes: derive(root.root, "manifest", vault) },
  ];
}
