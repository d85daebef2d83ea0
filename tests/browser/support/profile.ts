// Looks through the folder that a browser keeps for a person.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isTable, unpacked } from "./leveldb.ts";
import type { Search } from "./search.ts";

export interface Looked {
  files: number;
  bytes: number;
  /** Bytes that came out of LevelDB's files. */
  unpacked: number;
}

interface Options {
  /** Only LevelDB's tables. */
  tables?: boolean;
  /** As they lie there, not unpacked. */
  raw?: boolean;
}

/** Looks through every file, and through what those of LevelDB hold unpacked. */
export function lookThroughProfile(folder: string, search: Search, { tables = false, raw = false }: Options = {}): Looked {
  const looked = { files: 0, bytes: 0, unpacked: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || (tables && !isTable(entry.name))) continue;
    const file = read(join(entry.parentPath, entry.name));
    if (!file) continue;
    looked.files += 1;
    looked.bytes += file.length;
    search.look(file);
    if (raw) continue;
    for (const bytes of unpacked(entry.name, file)) {
      looked.unpacked += bytes.length;
      search.look(bytes);
    }
  }
  return looked;
}

/** A browser that runs may remove a file before it is read. */
function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
