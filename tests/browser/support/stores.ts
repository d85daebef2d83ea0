// The share stores as someone with access to the server's disk sees them. The server opens their
// files for every call.
import { execFileSync } from "node:child_process";
import { renameSync } from "node:fs";
import { join } from "node:path";

const SCRIPT = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute(sys.argv[2])
db.commit()
`;

function folder(data: string, number: number): string {
  return join(data, "stores", String(number));
}

/** Makes a store unavailable by renaming its folder. */
export function stop(data: string, number: number): void {
  renameSync(folder(data, number), `${folder(data, number)}.aside`);
}

/** Makes a store available again. */
export function resume(data: string, number: number): void {
  renameSync(`${folder(data, number)}.aside`, folder(data, number));
}

function execute(data: string, number: number, sql: string): void {
  const python = process.env.CRYSTALLUM_PYTHON ?? "python3";
  execFileSync(python, ["-c", SCRIPT, join(folder(data, number), "shares.db"), sql]);
}

/** Deletes all shares of a store. */
export function empty(data: string, number: number): void {
  execute(data, number, "DELETE FROM shares");
}

/** Alters one byte near the end of every share of a store. */
export function alter(data: string, number: number): void {
  const sql = `UPDATE shares SET share =
    CAST(substr(share, 1, length(share) - 9) || x'a5' || substr(share, length(share) - 7) AS BLOB)`;
  execute(data, number, sql);
}

/** Returns the number of shares in all five stores. */
export function held(data: string): number {
  const python = process.env.CRYSTALLUM_PYTHON ?? "python3";
  const script = `
import sqlite3, sys
count = lambda file: sqlite3.connect("file:" + file + "?mode=ro", uri=True).execute("SELECT count(*) FROM shares").fetchone()[0]
print(sum(map(count, sys.argv[1:])))
`;
  const files = [1, 2, 3, 4, 5].map((number) => join(folder(data, number), "shares.db"));
  return Number(execFileSync(python, ["-c", script, ...files], { encoding: "utf8" }));
}
