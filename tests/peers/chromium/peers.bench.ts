// Compares our cryptography with npm packages that do the same, in one page and one run.
import { join } from "node:path";
import { beside, type Samples } from "./figures.ts";
import { Files } from "./files.ts";
import { expect, test, type Page } from "./playwright.ts";

interface Rounds {
  rounds: number;
  warmUp: number;
}

type Bench = (typeof globalThis & { bench: Record<string, (...given: unknown[]) => Promise<Samples>> })["bench"];

const RECORDS = 10_000;

let files: Files;
test.beforeAll(async () => {
  files = await Files.serve(join(import.meta.dirname, ".."), process.env.CRYSTALLUM_PEERS!);
});
test.afterAll(() => files.stop());

async function run(page: Page, name: string, ...given: (number | Rounds)[]): Promise<Samples> {
  const failures: string[] = [];
  page.on("pageerror", (error) => failures.push(error.message));
  await page.goto(`${files.origin}/chromium/page/index.html`);
  await page.waitForFunction(() => "bench" in globalThis);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const samples = await page.evaluate(
    ([name, given]) => (globalThis as unknown as { bench: Bench }).bench[name](...given),
    [name, given] as const,
  );
  expect(failures).toEqual([]);
  return samples;
}

test("Argon2id", async ({ page }) => {
  const samples = await run(page, "argon", { rounds: 7, warmUp: 1 });
  beside("Argon2id, 64 MiB, t = 3, p = 1", "hash-wasm 4.13.0", samples);
});

test("splitting", async ({ page }) => {
  const samples = await run(page, "splitting", { rounds: 15, warmUp: 3 });
  beside("split 32 bytes, 3 of 5", "shamir-secret-sharing 0.0.4", samples);
});

test("combining", async ({ page }) => {
  const samples = await run(page, "combining", { rounds: 15, warmUp: 3 });
  beside("combine 32 bytes, 3 of 5", "shamir-secret-sharing 0.0.4", samples);
});

test("overviews", async ({ page }) => {
  const samples = await run(page, "overviews", RECORDS, { rounds: 7, warmUp: 1 });
  beside(`open ${RECORDS} overviews in one call`, "@noble/ciphers and @noble/hashes 2.4.0", samples);
});
