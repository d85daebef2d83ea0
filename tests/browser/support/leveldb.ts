// Reads the files of LevelDB: tables with their blocks decompressed, logs with their fragments
// joined.
import { uncompress } from "snappyjs";

const MAGIC = Buffer.from("57fb808b247547db", "hex");
const FOOTER = 48;
/** The length of the compression type and checksum after each block. */
const TRAILER = 5;
const LOG_BLOCK = 32 * 1024;
const LOG_HEADER = 7;
/** The prefix of a stored value that the browser compressed itself. */
const PACKED_VALUE = Buffer.from([0xff, 0x11, 0x02]);

/** Reads a varint and returns it with the position of its end. */
function varint(bytes: Buffer, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 1; at < bytes.length; shift *= 128) {
    const byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * shift;
    if (byte < 0x80) return [value, at];
  }
  throw new Error("a number without an end");
}

function unpack(bytes: Buffer): Buffer {
  return Buffer.from(uncompress(bytes));
}

function block(file: Buffer, offset: number, size: number): Buffer {
  const bytes = file.subarray(offset, offset + size);
  return file[offset + size] === 1 ? unpack(bytes) : bytes;
}

/** Returns the values of a block, each with its full key. */
function entries(bytes: Buffer): [key: Buffer, value: Buffer][] {
  const found: [Buffer, Buffer][] = [];
  const end = bytes.length - 4 - 4 * bytes.readUInt32LE(bytes.length - 4);
  let key: Buffer = Buffer.alloc(0);
  for (let at = 0; at < end;) {
    let shared, rest, length;
    [shared, at] = varint(bytes, at);
    [rest, at] = varint(bytes, at);
    [length, at] = varint(bytes, at);
    key = Buffer.concat([key.subarray(0, shared), bytes.subarray(at, at + rest)]);
    found.push([key, bytes.subarray(at + rest, at + rest + length)]);
    at += rest + length;
  }
  return found;
}

/** Returns each block of a table, and each entry separately, since a block shortens its keys. */
function table(file: Buffer): Buffer[] {
  const footer = file.subarray(-FOOTER);
  let at = 0;
  [, at] = varint(footer, at);
  [, at] = varint(footer, at);
  let offset, size;
  [offset, at] = varint(footer, at);
  [size] = varint(footer, at);
  return entries(block(file, offset, size)).flatMap(([, handle]) => {
    const [from, next] = varint(handle, 0);
    const [length] = varint(handle, next);
    const bytes = block(file, from, length);
    return [bytes, ...entries(bytes).flat()];
  });
}

/**
 * Returns every record of a log with its fragments joined. A truncated last record is kept as it
 * is.
 */
function log(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  let pieces: Buffer[] = [];
  for (let start = 0; start < file.length; start += LOG_BLOCK) {
    const end = Math.min(start + LOG_BLOCK, file.length);
    for (let at = start; at + LOG_HEADER <= end;) {
      const length = file.readUInt16LE(at + 4);
      const kind = file[at + 6];
      if (kind === 0) break;
      pieces.push(file.subarray(at + LOG_HEADER, Math.min(at + LOG_HEADER + length, end)));
      at += LOG_HEADER + length;
      if (kind === 1 || kind === 4) {
        records.push(Buffer.concat(pieces));
        pieces = [];
      }
    }
  }
  return [...records, ...pieces];
}

/** Returns the values within that the browser compressed before it stored them. */
function packedValues(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(PACKED_VALUE); at >= 0; at = bytes.indexOf(PACKED_VALUE, at + 1)) {
    try {
      found.push(unpack(bytes.subarray(at + PACKED_VALUE.length)));
    } catch {
      // Other bytes that only look like the prefix.
    }
  }
  return found;
}

/** Returns the decompressed contents of a file of LevelDB, and nothing for any other file. */
export function unpacked(name: string, file: Buffer): Buffer[] {
  const isTable = file.length >= FOOTER && file.subarray(-MAGIC.length).equals(MAGIC);
  const found = isTable ? table(file) : /^\d{6}\.log$/.test(name) ? log(file) : [];
  return found.flatMap((bytes) => [bytes, ...packedValues(bytes)]);
}

/** Whether a file is a table of LevelDB. */
export function isTable(name: string): boolean {
  return name.endsWith(".ldb");
}
