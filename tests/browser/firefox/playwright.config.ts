// The pass in Firefox, run by `cargo xtask test`. By hand: set the variables, then `npx playwright test --config firefox`.
import { defineConfig } from "@playwright/test";
import { need } from "../support/needed.ts";

need({ FIREFOX: "the path of Firefox" });

export default defineConfig({
  testDir: ".",
  outputDir: "../results/firefox",
  reporter: [["list"]],
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
});
