// The environment variables of the tests, which `cargo xtask test` sets.

/** The variables that every run needs, besides its browser. */
const ALL = {
  CRYSTALLUM_SERVER: "the path of crystallum-server",
  CRYSTALLUM_DIST: "the folder of the built app",
};

/** Ends the run with a one-line message when a variable is not set. */
export function requireVariables(browser: Record<string, string>): void {
  const missing = Object.entries({ ...browser, ...ALL }).filter(([name]) => !process.env[name]);
  if (missing.length === 0) return;
  const list = missing.map(([name, what]) => `${name} (${what})`).join(", ");
  process.stderr.write(`The browser tests need ${list}; cargo xtask test sets them.\n`);
  process.exit(1);
}
