// Locking locks every tab, and leaves nothing of the vault in any of them.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";
import { TWELVE, addWallet, canariesOf, readPhrase } from "./support/phrases.ts";
import { Search, type Canary } from "./support/search.ts";

const NAME = "Desk of Ada";
const OTHER_TAB = /\/unlock\?locked=other-tab$/;
const canary = (name: string, text: string): Canary => ({ name, bytes: Buffer.from(text) });

/** Returns everything in a page that its scripts can reach. */
async function contents(page: Page): Promise<string> {
  return page.evaluate(() => {
    const seen: string[] = [document.title, location.href, JSON.stringify(history.state)];
    const look = (root: Document | ShadowRoot): void => {
      seen.push(root instanceof Document ? root.documentElement.outerHTML : root.innerHTML);
      for (const element of root.querySelectorAll("*")) {
        if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
          seen.push(element.value, element.defaultValue);
        }
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    for (const storage of [localStorage, sessionStorage]) seen.push(JSON.stringify({ ...storage }));
    return seen.join("\n");
  });
}

// Attack T48 of tests/ATTACKS.md.
test("after a lock no tab and no page in the history holds anything of the vault", async ({
  page,
  person,
  context,
  guard,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  await person.fillKey(OKX);
  await person.button("Show").first().click();
  const typing = await contents(page);
  await person.button("Save key").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  await person.button("Reveal").click();
  await expect(person.text(OKX.secret)).toBeVisible();
  const revealed = await contents(page);
  await addWallet(page, person, "Cold savings", TWELVE);
  expect(await readPhrase(page, person)).toBe(TWELVE.words);
  const shown = await contents(page);

  // One tab that waits for this one, and one that contains a recovery code.
  const waiting = new Person(await context.newPage(), guard);
  await waiting.page.goto("/unlock");
  await waiting.unlock();
  await expect(waiting.heading("Your vault is open in another tab")).toBeVisible();
  const recovering = new Person(await context.newPage(), guard);
  await recovering.page.goto("/recover");
  await recovering.field("Recovery code").fill(paper.code);
  const code = await contents(recovering.page);

  const texts = [...Object.entries(BINANCE), ...Object.entries(OKX)].filter(([name]) => name !== "exchange");
  const search = new Search([
    ...texts.map(([name, text]) => canary(`${name} ${text.slice(0, 8)}`, text)),
    ...canariesOf(TWELVE),
    canary("label of the wallet", "Cold savings"),
    canary("recovery code", paper.code),
  ]);
  const found = async (text: string) => {
    search.look(Buffer.from(text));
    return search.take();
  };
  // The search finds the values before the lock.
  expect(await found(typing + revealed)).toEqual(expect.arrayContaining([expect.stringContaining(OKX.secret.slice(0, 8))]));
  expect(await found(shown)).toEqual(expect.arrayContaining(["label of the wallet: raw"]));
  expect(await found(code)).toEqual(["recovery code: raw"]);

  await page.bringToFront();
  await person.lock();
  await expect(waiting.heading("Unlock your vault")).toBeVisible();
  await expect(recovering.page).toHaveURL(OTHER_TAB);
  await expect(recovering.heading("Unlock your vault")).toBeVisible();
  for (const tab of [page, waiting.page, recovering.page]) {
    expect(await found(await contents(tab)), tab.url()).toEqual([]);
  }
  for (let steps = 0; steps < 3; steps += 1) {
    await page.goBack();
    await expect(person.button("Unlock with passkey")).toBeEnabled();
    expect(await found(await contents(page)), "a page behind").toEqual([]);
  }
});

test("other tabs leave at once after a lock", async ({ page, person, context, guard }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  const other = new Person(await context.newPage(), guard);
  await other.page.goto("/recover");
  await expect(other.button("Continue")).toBeVisible();

  // A page of the server that is not the app. Browsers request an icon for such pages.
  guard.allow(/404/);
  const third = await context.newPage();
  await third.goto("/api/health");

  // In both directions: another tab locks the open one, and the open one locks the others.
  const times: string[] = [];
  const timed = async (what: string, tab: Page, act: () => Promise<void>): Promise<void> => {
    const left = tab.waitForEvent("framenavigated").then(() => Date.now());
    const from = Date.now();
    await act();
    times.push(`${what} after ${(await left) - from} ms`);
    await expect(tab).toHaveURL(OTHER_TAB);
  };
  await timed("the open vault was left", page, () =>
    third.evaluate(() => new BroadcastChannel("crystallum").postMessage("lock")),
  );
  await expect(person.status("Your vault was locked from another tab.")).toBeVisible();
  await expect(person.text(BINANCE.secret)).toHaveCount(0);
  await expect(other.page).toHaveURL(OTHER_TAB);

  await other.page.goto("/recover");
  await expect(other.button("Continue")).toBeVisible();
  await page.bringToFront();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await timed("the other tab was left", other.page, () => person.button("Lock").click());
  await expect(other.status("Your vault was locked from another tab.")).toBeVisible();
  test.info().annotations.push(...times.map((description) => ({ type: "time", description })));
  console.info(times.join(", "));
});
