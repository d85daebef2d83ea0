// The pass in Firefox, run by `cargo xtask test`. By hand: set the variables, then `npx playwright
// test --config firefox`.
import { defineConfig } from "@playwright/test";
import { requireVariables } from "../support/environment.ts";

requireVariables({ FIREFOX: "the path of Firefox" });

export default defineConfig({
  testDir: ".",
  outputDir: "../results/firefox",
  reporter: [["list"]],
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
});
