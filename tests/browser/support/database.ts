// Reads the server's database as somebody who stole it would.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

const SCRIPT = `
import json, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
rows = db.execute(sys.argv[2]).fetchall()
print(json.dumps([[cell.hex() if isinstance(cell, bytes) else cell for cell in row] for row in rows]))
`;

type Cell = string | number | null;

/** The rows of a query; blobs come as hexadecimal digits. */
export function query(data: string, sql: string): Cell[][] {
  const python = process.env.CRYSTALLUM_PYTHON ?? "python3";
  const text = execFileSync(python, ["-c", SCRIPT, join(data, "vault.db"), sql], { encoding: "utf8" });
  return JSON.parse(text) as Cell[][];
}

/** How much there is of everything that counts. */
export function counts(data: string): { accounts: number; commits: number; records: number; tombstones: number } {
  const [row] = query(
    data,
    `SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM commits),
      (SELECT count(DISTINCT record) FROM parts), (SELECT count(*) FROM tombstones)`,
  );
  const [accounts, commits, records, tombstones] = row.map(Number);
  return { accounts, commits, records, tombstones };
}
