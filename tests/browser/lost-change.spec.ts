// A change that waited and is gone with what the browser had stored.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { expectSent, saveOffline } from "./support/offline.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";
const LOST = "A change that waited here is lost";

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

/** Clears the engine's database, as a browser that runs out of space, and opens the first page. */
async function comeBackWithoutDatabase(page: Page, origin: string): Promise<void> {
  await page.goto("about:blank");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
  await page.goto(`${origin}/`);
}

// Attack T49 of tests/ATTACKS.md.
test("a change that was lost with the browser's storage is told once", async ({ page, person, wire, origin }) => {
  const rule = await saveOffline(person, wire, NAME);
  await person.lock();
  await page.reload();
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await expect(page.getByText(LOST), "it is not lost yet").toHaveCount(0);
  const note = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  for (const text of [NAME, BINANCE.label, BINANCE.secret]) expect(note).not.toContain(text);

  rule.heal();
  await comeBackWithoutDatabase(page, origin);
  await expect(person.status(LOST)).toContainText("it still waited", { ignoreCase: true });
  await person.link("I already have one").click();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  await expect(person.status(LOST)).toBeVisible();
  await person.button("I have read this").click();
  await expect(page.getByText(LOST)).toHaveCount(0);
  await page.reload();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  await expect(page.getByText(LOST)).toHaveCount(0);
});

test("a change that was sent, or given up knowingly, is not told as lost", async ({ page, person, wire, server, origin }) => {
  const rule = await saveOffline(person, wire, NAME);
  await person.lock();
  await person.button("Forget this vault on this device").click();
  const question = person.dialog("Forget this vault here?");
  await expect(question).toContainText("1 change is not saved on the server.");
  await question.getByRole("button", { name: "Keep it" }).click();
  rule.heal();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await expectSent(person, server);
  await comeBackWithoutDatabase(page, origin);
  await expect(person.button("Create a vault")).toBeVisible();
  await expect(page.getByText(LOST)).toHaveCount(0);
});
