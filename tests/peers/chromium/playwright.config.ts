// Run by `cargo xtask bench`, one after the other: nothing else may take the processor from what is measured.
import base from "../../browser/playwright.config.ts";

export default {
  ...base,
  testDir: ".",
  testMatch: "*.bench.ts",
  outputDir: "../../browser/results/bench",
  workers: 1,
  fullyParallel: false,
  timeout: 1_800_000,
};
