// Reads the server's database directly, as someone who stole it would.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const SCRIPT = `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
def rows(sql):
    return [[cell.hex() if isinstance(cell, bytes) else cell for cell in row] for row in db.execute(sql)]
if len(sys.argv) > 2:
    print(json.dumps(rows(sys.argv[2])))
else:
    tables = [name for name, in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    print(json.dumps({table: rows("SELECT * FROM " + table) for table in tables}))
`;

type Cell = string | number | null;

function run(data: string, file: string, ...sql: string[]): unknown {
  const python = process.env.CRYSTALLUM_PYTHON ?? "python3";
  return JSON.parse(execFileSync(python, ["-c", SCRIPT, join(data, file), ...sql], { encoding: "utf8" }));
}

/**
 * Runs a query on the main database, or another file of the data folder. Blobs are returned in hex.
 */
export function query(data: string, sql: string, file = "vault.db"): Cell[][] {
  return run(data, file, sql) as Cell[][];
}

/** Returns every row of every table. */
export function everything(data: string, file: string): Record<string, Cell[][]> {
  return run(data, file) as Record<string, Cell[][]>;
}

/** The number of records in a new vault: its profile, and the record of the device that made it. */
export const OWN = 2;

/** Returns the number of accounts, commits, records and tombstones. */
export function counts(data: string): { accounts: number; commits: number; records: number; tombstones: number } {
  const [row] = query(
    data,
    `SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM commits),
      (SELECT count(DISTINCT record) FROM parts), (SELECT count(*) FROM leaves WHERE kind = 2)`,
  );
  const [accounts, commits, records, tombstones] = row.map(Number);
  return { accounts, commits, records, tombstones };
}
