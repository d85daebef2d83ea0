// What is copied from the vault leaves the clipboard again, and nothing else does. The clipboard is
// read back by a page of another origin; the app has no permission unless a test gives it.
import type { Page } from "@playwright/test";
import { Elsewhere, comeBack, leave, limitWriting } from "./support/clipboard.ts";
import { expect, test as base } from "./support/fixtures.ts";
import { BINANCE, type Person } from "./support/person.ts";

const NAME = "Desk of Ada";
const COPIED = "API secret copied. The clipboard is cleared at";
const CLEARED = "The clipboard was cleared.";
const DUE = "API secret may still be on the clipboard. It is cleared at your next click or key press here";
const REPLACED = "Something else was copied meanwhile. It was left on the clipboard.";
const LEFT = "What you copied from your vault may still be on the clipboard.";
const UNKNOWN = "this page cannot tell what is on it now, so it was left as it is.";

const test = base.extend<{ elsewhere: Elsewhere }>({
  elsewhere: async ({ browser }, use) => {
    const elsewhere = await Elsewhere.open(browser);
    await use(elsewhere);
    await elsewhere.close();
  },
});

/** Lets the app itself read the clipboard, which a person would permit in the settings. */
async function permit(page: Page, origin: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
}

/** Goes from the first page to a copied secret. The page's clock is the test's. */
async function copySecret(page: Page, person: Person, elsewhere: Elsewhere): Promise<void> {
  await page.clock.install();
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.secret);
}

test("what was copied is cleared at the first touch after its time", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await expect(person.button("Clear now")).toBeVisible();
  await page.clock.fastForward(29_000);
  await person.heading(BINANCE.label).click();
  expect(await elsewhere.read(), "a touch before the time").toBe(BINANCE.secret);

  await page.clock.fastForward(10_000);
  await expect(person.status(DUE)).toBeVisible();
  await expect(page.getByText("not in front")).toHaveCount(0);
  expect(await elsewhere.read()).toBe(BINANCE.secret);
  await person.heading(BINANCE.label).click();
  await expect(person.status(CLEARED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(0);
  expect(await elsewhere.read()).toBe("");

  // Once cleared, whatever comes next is somebody else's.
  await elsewhere.copy("a shopping list");
  await person.heading(BINANCE.label).click();
  await person.lock();
  await expect(page).toHaveURL(/\/unlock$/);
  expect(await elsewhere.read()).toBe("a shopping list");
});

test("a key press counts, and Clear now does not wait", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await page.clock.fastForward(40_000);
  await expect(person.status(DUE)).toBeVisible();
  await page.keyboard.press("Shift");
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");

  await person.button("Copy API key").click();
  await expect(person.status("API key copied.")).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.apiKey);
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");
});

test("with the permission, a click is enough after a time elsewhere", async ({ page, person, elsewhere, context, origin }) => {
  await permit(page, origin);
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await leave(page);
  await page.clock.fastForward(31_000);
  await expect(person.status(DUE)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.secret);
  // Where writing needs a click, the focus alone is not enough.
  await comeBack(page);
  await person.heading(BINANCE.label).click();
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");
});

test("with the permission, coming back is enough", async ({ page, person, elsewhere, context, origin }) => {
  await permit(page, origin);
  await copySecret(page, person, elsewhere);
  await page.evaluate(() => {
    Object.assign(globalThis, { testWrite: Clipboard.prototype.write });
    Clipboard.prototype.write = () => Promise.reject(new DOMException("Document is not focused.", "NotAllowedError"));
  });
  await leave(page);
  await page.clock.fastForward(31_000);
  await expect(person.status(DUE)).toBeVisible();
  await page.evaluate(() => {
    const { testWrite } = globalThis as unknown as { testWrite: typeof Clipboard.prototype.write };
    Clipboard.prototype.write = testWrite;
  });
  await comeBack(page);
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");
});

test("locking clears it, with and without the permission", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await person.lock();
  await expect(page).toHaveURL(/\/unlock$/);
  expect(await elsewhere.read()).toBe("");

  await permit(page, origin);
  await person.unlock();
  await person.openKey(BINANCE.label);
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  await leave(page);
  await comeBack(page);
  await person.lock();
  await expect(page).toHaveURL(/\/unlock$/);
  expect(await elsewhere.read()).toBe("");
});

test("a lock without a touch says that the secret may be left", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await page.clock.fastForward(11 * 60_000);
  await expect(page).toHaveURL(/\/unlock\?locked=idle&clipboard=left$/);
  await expect(person.status(LEFT)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.secret);
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(0);
  expect(await elsewhere.read()).toBe("");
});

test("a page that was reloaded says that the secret may be left, and keeps no trace of it", async ({
  page,
  person,
  elsewhere,
}) => {
  await copySecret(page, person, elsewhere);
  await page.reload();
  await expect(person.status(LEFT)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.secret);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  for (const text of [NAME, BINANCE.label, BINANCE.secret]) expect(stored).not.toContain(text);
  await page.reload();
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");
  await page.reload();
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await expect(person.status(LEFT)).toHaveCount(0);

  // What was cleared in time is not told.
  await person.unlock();
  await person.openKey(BINANCE.label);
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
  await page.reload();
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await expect(person.status(LEFT)).toHaveCount(0);
});

test("Clear now leaves text that somebody else copied where the page may look", async ({
  page,
  person,
  elsewhere,
  context,
  origin,
}) => {
  await limitWriting(context, origin, "chromium");
  await permit(page, origin);
  await copySecret(page, person, elsewhere);
  await elsewhere.copy("a shopping list");
  await person.button("Clear now").click();
  await expect(person.status(REPLACED)).toBeVisible();
  expect(await elsewhere.read()).toBe("a shopping list");
});

test("text that somebody else copied stays", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await permit(page, origin);
  await copySecret(page, person, elsewhere);
  await leave(page);
  await elsewhere.copy("a shopping list");
  await page.clock.fastForward(31_000);
  await comeBack(page);
  await person.heading(BINANCE.label).click();
  await expect(person.status(REPLACED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(0);
  expect(await elsewhere.read()).toBe("a shopping list");

  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  await elsewhere.copy("another list");
  await person.lock();
  await expect(page).toHaveURL(/\/unlock$/);
  expect(await elsewhere.read()).toBe("another list");
});

test("a page that may not look leaves the clipboard to a person who was elsewhere", async ({
  page,
  person,
  elsewhere,
  context,
  origin,
}) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await expect(person.status("Once you have been elsewhere, this page cannot tell")).toBeVisible();
  await leave(page);
  await elsewhere.copy("a shopping list");
  await page.clock.fastForward(31_000);
  await comeBack(page);
  await person.heading(BINANCE.label).click();
  await expect(person.status(UNKNOWN)).toBeVisible();
  expect(await elsewhere.read()).toBe("a shopping list");
  await person.lock();
  await expect(page).toHaveURL(/\/unlock\?clipboard=left$/);
  expect(await elsewhere.read()).toBe("a shopping list");
});

test("text that was copied from the page itself stays", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await copySecret(page, person, elsewhere);
  await page.getByText(BINANCE.note!).selectText();
  await page.keyboard.press("Control+C");
  await expect.poll(() => elsewhere.read()).toBe(BINANCE.note);
  await page.clock.fastForward(31_000);
  await page.keyboard.press("Shift");
  await expect(person.status(UNKNOWN)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.note);
});

test("copying begins within the click, as WebKit demands", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "webkit");
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  const paper = await person.readSheet();
  await person.button("Copy code").click();
  await expect(person.status("Recovery code copied.")).toBeVisible();
  expect(await elsewhere.read()).toBe(paper.code);
  await person.leaveSheet();
  await person.addKey(BINANCE);
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  expect(await elsewhere.read()).toBe(BINANCE.secret);

  // A browser that refuses leaves the clipboard as it was, and is not said to have copied.
  await elsewhere.copy("a shopping list");
  await page.evaluate(() => {
    Clipboard.prototype.write = () => Promise.reject(new DOMException("Write permission denied.", "NotAllowedError"));
  });
  await person.button("Copy API key").click();
  await expect(person.status("The browser did not allow copying. The clipboard is as it was before")).toBeVisible();
  expect(await elsewhere.read()).toBe("a shopping list");
});

test("the times of what is revealed and copied are set and kept", async ({ page, person, elsewhere, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await page.clock.install();
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.link("Settings").click();
  await expect(page.getByLabel("Hide what is revealed after")).toHaveValue("30");
  await expect(page.getByLabel("Clear what was copied after")).toHaveValue("30");
  await page.getByLabel("Hide what is revealed after").selectOption("2 minutes");
  await page.getByLabel("Clear what was copied after").selectOption("10 seconds");
  await person.lock();
  await person.unlock();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  await page.clock.fastForward(11_000);
  await person.heading(BINANCE.label).click();
  await expect(person.status(CLEARED)).toBeVisible();
  expect(await elsewhere.read()).toBe("");
  await page.clock.fastForward(100_000);
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.clock.fastForward(10_000);
  await expect(person.text(BINANCE.secret)).toHaveCount(0);
});

test("what is revealed stays longer when the person wants it", async ({ page, person }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await expect(person.button("Show longer")).toHaveCount(0);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.clock.fastForward(25_000);
  await person.button("Show longer").click();
  await expect(page.getByText(/^Hides in 3[0-5] s$/)).toBeVisible();
  await page.clock.fastForward(28_000);
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.clock.fastForward(10_000);
  await expect(person.text(BINANCE.secret)).toHaveCount(0);
  await expect(person.button("Show longer")).toHaveCount(0);
});
