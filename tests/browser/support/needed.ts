// What the tests find in their environment. `cargo xtask test` sets it.

/** What every pass needs, besides its browser. */
const ALL = {
  CRYSTALLUM_SERVER: "the path of crystallum-server",
  CRYSTALLUM_DIST: "the folder of the built app",
};

/** Ends the run with one line when a variable is not set. */
export function need(browser: Record<string, string>): void {
  const missing = Object.entries({ ...browser, ...ALL }).filter(([name]) => !process.env[name]);
  if (missing.length === 0) return;
  const list = missing.map(([name, what]) => `${name} (${what})`).join(", ");
  process.stderr.write(`The browser tests need ${list}; cargo xtask test sets them.\n`);
  process.exit(1);
}
