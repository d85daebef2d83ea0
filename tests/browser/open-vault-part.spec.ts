// The part of the app that only an open vault needs arrives after the first view works.
import { cp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { DIST, expect, test } from "./support/fixtures.ts";

const NAME = "Tide table";
const PART = /^\/vault-[0-9a-f]+\.wasm$/;
const ACCOUNTS = "POST /api/accounts";
const UNREACHABLE = "The server does not answer";

/** Keeps the browser from finding the part where an earlier page has stored it. */
async function dropCache(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
}

test("a vault is unlocked before its screens are there, and shown when they are", async ({ page, person, wire }) => {
  await person.createVault(NAME);
  await person.lock();
  await dropCache(page);
  const held = wire.injectFault("stall", "GET", PART);
  await page.reload();
  await person.unlock();
  await expect(page).toHaveURL(/\/vault$/);
  await expect(person.status("Opening")).toBeVisible();
  // The page that locked may have asked for it, too.
  await expect.poll(() => held.hits).toBeGreaterThan(0);
  held.release("go");
  await expect(person.heading(NAME)).toBeVisible();
});

test("screens that do not arrive are asked for again, and what is missing is said", async ({
  page,
  person,
  wire,
  guard,
}) => {
  guard.allow(/^console: Failed to load resource/);
  await person.createVault(NAME);
  await person.lock();
  await dropCache(page);
  const cut = wire.injectFault("cut", null, PART);
  await page.reload();
  // The file, and whether it can be reached.
  await expect.poll(() => cut.hits).toBeGreaterThan(1);
  const { hits } = cut;
  await person.unlock();
  await expect(person.heading(UNREACHABLE)).toBeVisible();
  await expect(page.getByText("Your vault is as it was")).toBeVisible();
  expect(cut.hits).toBeGreaterThan(hits);
  cut.heal();
  await person.button("Load again").click();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});

test("no vault is made whose recovery sheet could not be shown", async ({ page, person, wire, guard }) => {
  guard.allow(/^console: Failed to load resource/);
  const cut = wire.injectFault("cut", null, PART);
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(page.getByRole("alert")).toBeVisible();
  expect(wire.count(ACCOUNTS)).toBe(0);
  cut.heal();
  await person.button("Create passkey").click();
  await person.leaveSheet();
  await expect(person.heading(NAME)).toBeVisible();
});

test.describe("a changed file", () => {
  test.use({
    serverOptions: async ({ folder }, use) => {
      const app = join(folder, "app");
      await cp(DIST, app, { recursive: true });
      await use({ app, signUp: "open" });
    },
  });

  // Attack T42 of tests/ATTACKS.md.
  test("one byte in the screens of an open vault is refused, and no vault is made", async ({
    page,
    person,
    serverOptions,
    guard,
    wire,
  }) => {
    guard.allow(/integrity|digest|Failed to load|Failed to fetch/i);
    const names = (await readdir(serverOptions.app)).filter((name) => PART.test(`/${name}`));
    expect(names).toHaveLength(1);
    const path = join(serverOptions.app, names[0]);
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    await rm(`${path}.br`, { force: true });

    await person.startVault(NAME);
    await person.button("Create passkey").click();
    await expect(person.heading("A file of this app was not the expected one")).toBeVisible();
    expect(wire.count(ACCOUNTS)).toBe(0);
    expect(guard.take().filter((complaint) => complaint.startsWith("uncaught"))).toEqual([]);
  });
});
