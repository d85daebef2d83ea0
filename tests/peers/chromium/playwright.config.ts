// Run by `cargo xtask bench`, one test at a time, so that nothing else uses the processor.
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
