// Run by `cargo xtask test`. By hand: set the variables below, then `npx playwright test`.
import { defineConfig } from "@playwright/test";
import { requireVariables } from "./support/environment.ts";

requireVariables({ CHROMIUM: "the path of Chromium" });

export default defineConfig({
  testDir: ".",
  // These have a configuration and a browser of their own.
  testIgnore: ["firefox/**", "webkit/**"],
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
