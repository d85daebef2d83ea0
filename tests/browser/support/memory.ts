// Reads the memory of a running process (Linux).
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import type { Search } from "./search.ts";

const PIECE = 8 * 1024 * 1024;
/** Mappings of the kernel, which cannot be read from outside and hold no data of the process. */
const KERNEL = /\[(vvar|vvar_vclock|vsyscall)\]/;

/** Searches every readable page. Returns the number of bytes read. */
export function searchMemory(pid: number, search: Search): number {
  const memory = openSync(`/proc/${pid}/mem`, "r");
  const piece = Buffer.alloc(PIECE);
  let total = 0;
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, "utf8").split("\n")) {
      const range = /^([0-9a-f]+)-([0-9a-f]+) r/.exec(line);
      if (!range || KERNEL.test(line)) continue;
      const end = Number.parseInt(range[2], 16);
      let kept = 0;
      for (let at = Number.parseInt(range[1], 16); at < end;) {
        const wanted = Math.min(PIECE - kept, end - at);
        const read = readPart(memory, piece, kept, wanted, at);
        if (read === 0) break;
        total += read;
        at += read;
        const length = kept + read;
        search.look(piece.subarray(0, length));
        kept = Math.min(search.longest - 1, length);
        piece.copyWithin(0, length - kept, length);
      }
    }
  } finally {
    closeSync(memory);
  }
  return total;
}

/** Reads a range, which may have been unmapped in the meantime. */
function readPart(file: number, into: Buffer, offset: number, length: number, position: number): number {
  try {
    return readSync(file, into, offset, length, position);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EIO") return 0;
    throw error;
  }
}
