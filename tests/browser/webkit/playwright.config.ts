// The pass in WebKitGTK, run by `cargo xtask test --deep webkit`. By hand: set the variables, then
// `npx playwright test --config webkit`.
import { defineConfig } from "@playwright/test";
import { requireVariables } from "../support/environment.ts";

requireVariables({
  WEBKIT_DRIVER: "the path of WebKitWebDriver",
  WEBKIT_BROWSER: "the path of MiniBrowser",
});

export default defineConfig({
  testDir: ".",
  outputDir: "../results/webkit",
  reporter: [["list"]],
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 20_000 },
});
