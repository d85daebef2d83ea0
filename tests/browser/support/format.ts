// An independent implementation of sections 1 to 3 of crypto-wasm/FORMAT.md.
import { createDecipheriv, createHmac, timingSafeEqual } from "node:crypto";

export type Field = [tag: number, value: Buffer];

const FORMAT_AND_SUITE = Buffer.from([1, 1]);

/** Encodes `enc(label, fields)`. The fields must be in ascending order of their tags. */
export function enc(label: string, fields: Field[]): Buffer {
  const parts = [u8(label.length), Buffer.from(label, "ascii"), FORMAT_AND_SUITE, u8(fields.length)];
  for (const [tag, value] of fields) {
    const head = Buffer.alloc(3);
    head.writeUInt8(tag, 0);
    head.writeUInt16BE(value.length, 1);
    parts.push(head, value);
  }
  return Buffer.concat(parts);
}

/** Returns the fields of an encoding by tag, or null when it has another label. */
export function dec(label: string, bytes: Buffer): Map<number, Buffer> | null {
  const start = Buffer.concat([u8(label.length), Buffer.from(label, "ascii"), FORMAT_AND_SUITE]);
  if (!bytes.subarray(0, start.length).equals(start)) return null;
  const fields = new Map<number, Buffer>();
  let at = start.length + 1;
  for (let left = bytes[start.length]; left > 0; left -= 1) {
    const length = bytes.readUInt16BE(at + 1);
    fields.set(bytes[at], bytes.subarray(at + 3, at + 3 + length));
    at += 3 + length;
  }
  if (at !== bytes.length) throw new Error(`${label}: bytes are missing or left over`);
  return fields;
}

export function u8(value: number): Buffer {
  return Buffer.from([value]);
}

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function extract(salt: string, ikm: Buffer): Buffer {
  return createHmac("sha256", salt).update(ikm).digest();
}

export function expand(key: Buffer, info: Buffer, length: number): Buffer {
  let output: Buffer = Buffer.alloc(0);
  let block: Buffer = Buffer.alloc(0);
  for (let at = 1; output.length < length; at += 1) {
    block = createHmac("sha256", key).update(block).update(info).update(u8(at)).digest();
    output = Buffer.concat([output, block]);
  }
  return output.subarray(0, length);
}

/** Derives a key of section 2 for the first key epoch; with a store id, the key of that store. */
export function derive(parent: Buffer, name: string, vault: Buffer, store?: Buffer): Buffer {
  const context: Field[] = [
    [1, vault],
    [2, u32(1)],
  ];
  if (store) context.push([3, store]);
  return expand(parent, enc(`crystallum/1/derive/${name}`, context), 32);
}

/** Opens a blob of section 3; throws unless commitment and tag are right. */
export function unseal(key: Buffer, purpose: string, context: Field[], blob: Buffer): Buffer {
  const info = enc(`crystallum/1/seal/${purpose}`, [[1, blob.subarray(2, 34)], ...context]);
  const keys = expand(key, info, 64);
  if (!timingSafeEqual(keys.subarray(32), blob.subarray(34, 66))) throw new Error(`${purpose}: another key`);
  const decipher = createDecipheriv("aes-256-gcm", keys.subarray(0, 32), Buffer.alloc(12));
  decipher.setAuthTag(blob.subarray(-16));
  const padded = Buffer.concat([decipher.update(blob.subarray(66, -16)), decipher.final()]);
  return padded.subarray(4, 4 + padded.readUInt32BE(0));
}
