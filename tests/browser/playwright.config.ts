// Run by `cargo xtask test`. By hand: set the variables below, then `npx playwright test`.
import { defineConfig } from "@playwright/test";

/** What the tests find in their environment. */
const NEEDED = {
  CHROMIUM: "the path of Chromium",
  CRYSTALLUM_SERVER: "the path of crystallum-server",
  CRYSTALLUM_DIST: "the folder of the built app",
};
const missing = Object.entries(NEEDED).filter(([name]) => !process.env[name]);
if (missing.length > 0) {
  const list = missing.map(([name, what]) => `${name} (${what})`).join(", ");
  process.stderr.write(`The browser tests need ${list}; cargo xtask test sets them.\n`);
  process.exit(1);
}

export default defineConfig({
  testDir: ".",
  outputDir: "results/output",
  snapshotPathTemplate: "{testDir}/aria/{arg}{ext}",
  reporter: [["list"]],
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  use: {
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1280, height: 800 },
    contextOptions: { reducedMotion: "reduce" },
    trace: "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
      ],
    },
  },
});
