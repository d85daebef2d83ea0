// Finds known values in arbitrary bytes, in many encodings.

/** A value in one encoding. */
export interface Needle {
  value: string;
  spelling: string;
  bytes: Buffer;
}

/** A value that must not be found, with its name. */
export interface Canary {
  name: string;
  bytes: Buffer;
}

const ALIGNMENTS = [0, 1, 2];

/** Returns the base64 characters that depend on the value alone when `before` bytes precede it. */
function base64(value: Buffer, before: number, kind: "base64" | "base64url"): Buffer {
  const text = Buffer.concat([Buffer.alloc(before), value, Buffer.alloc(3)]).toString(kind);
  return Buffer.from(text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + value.length) * 8) / 6)));
}

/** Encodes each byte as one UTF-16 code unit. */
function wide(value: Buffer, bigEndian: boolean): Buffer {
  const units = Buffer.alloc(value.length * 2);
  value.forEach((byte, at) => units.writeUInt8(byte, at * 2 + (bigEndian ? 1 : 0)));
  return units;
}

function percent(value: Buffer): string {
  return Array.from(value, (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
}

/** Returns a value in every encoding that is searched for. */
export function needles({ name, bytes }: Canary): Needle[] {
  const spellings: [string, Buffer][] = [
    ["raw", bytes],
    ["hex", Buffer.from(bytes.toString("hex"))],
    ["HEX", Buffer.from(bytes.toString("hex").toUpperCase())],
    ["utf-16le", wide(bytes, false)],
    ["utf-16be", wide(bytes, true)],
    ["percent", Buffer.from(percent(bytes))],
    ["PERCENT", Buffer.from(percent(bytes).toUpperCase())],
    ["numbers", Buffer.from(bytes.join(","))],
  ];
  for (const kind of ["base64", "base64url"] as const) {
    for (const before of ALIGNMENTS) spellings.push([`${kind} +${before}`, base64(bytes, before, kind)]);
  }
  return spellings.map(([spelling, found]) => ({ value: name, spelling, bytes: found }));
}

/** Returns the same encodings as they occur in practice: within other bytes and not shortened. */
export function planted({ bytes }: Canary): Buffer[] {
  const inside = (before: number) => Buffer.concat([Buffer.alloc(before, 0xa7), bytes, Buffer.from([1, 2, 3])]);
  const texts = [
    bytes.toString("hex"),
    bytes.toString("hex").toUpperCase(),
    percent(bytes),
    percent(bytes).toUpperCase(),
    JSON.stringify(Array.from(bytes)),
    ...ALIGNMENTS.map((before) => inside(before).toString("base64")),
    ...ALIGNMENTS.map((before) => inside(before).toString("base64url")),
  ];
  const latin = bytes.toString("latin1");
  const little = Buffer.from(latin, "utf16le");
  const big = Buffer.from(latin, "utf16le").swap16();
  return [bytes, little, big, ...texts.map((text) => Buffer.from(text))];
}

/** Searches for many needles in one pass. */
export class Search {
  private readonly starts = new Map<number, Needle[]>();
  private readonly sieve = new Uint8Array(1 << 16);
  private readonly found = new Set<string>();
  readonly needles: Needle[];
  /** The length of the longest needle. Chunks of a stream must overlap by one byte less. */
  readonly longest: number;

  constructor(canaries: Canary[]) {
    this.needles = canaries.flatMap(needles);
    this.longest = Math.max(...this.needles.map(({ bytes }) => bytes.length));
    for (const needle of this.needles) {
      const start = needle.bytes.readUInt32LE(0);
      this.sieve[Search.hash(start)] = 1;
      this.starts.set(start, [...(this.starts.get(start) ?? []), needle]);
    }
  }

  private static hash(start: number): number {
    return (Math.imul(start, 0x9e3779b1) >>> 16) & 0xffff;
  }

  /** Searches bytes and collects what it finds. */
  look(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const { sieve, starts } = this;
    const last = buffer.length - 4;
    if (last < 0) return;
    let start = buffer.readUInt32LE(0) << 8;
    for (let at = 0; at <= last; at += 1) {
      start = (start >>> 8) | (buffer[at + 3] << 24);
      if (start === 0 || sieve[(Math.imul(start, 0x9e3779b1) >>> 16) & 0xffff] === 0) continue;
      for (const needle of starts.get(start >>> 0) ?? []) {
        if (
          buffer.compare(
            needle.bytes,
            0,
            needle.bytes.length,
            at,
            Math.min(at + needle.bytes.length, buffer.length),
          ) === 0
        ) {
          this.found.add(`${needle.value}: ${needle.spelling}`);
        }
      }
    }
  }

  /** Removes and returns what was found since the last call, as "name: spelling". */
  take(): string[] {
    const found = [...this.found].sort();
    this.found.clear();
    return found;
  }

  /** Returns everything that can be found, as "name: spelling". */
  all(): string[] {
    return this.needles.map(({ value, spelling }) => `${value}: ${spelling}`).sort();
  }
}
