// Searches the profile folder of a browser.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isTable, unpacked } from "./leveldb.ts";
import type { Search } from "./search.ts";

export interface Looked {
  files: number;
  bytes: number;
  /** The number of bytes decompressed from LevelDB's files. */
  unpacked: number;
}

interface Options {
  /** Search only LevelDB's tables. */
  tables?: boolean;
  /** Search the files as they are, without decompression. */
  raw?: boolean;
}

/** Searches every file, and the decompressed contents of those of LevelDB. */
export function searchProfile(folder: string, search: Search, { tables = false, raw = false }: Options = {}): Looked {
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

/** Reads a file, which a running browser may have removed in the meantime. */
function read(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
