// What waits for the server is sent without being asked for.
import type { Page } from "@playwright/test";
import { counts } from "./support/database.ts";
import { expect, test } from "./support/fixtures.ts";
import { API, WAITING, expectSent, saveOffline } from "./support/offline.ts";

const NAME = "Desk of Ada";
const OFFLINE = "The server does not answer. You see the copy on this device.";

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

const signs: Record<string, (page: Page) => Promise<void>> = {
  "the browser is online again": async (page) => {
    await page.context().setOffline(true);
    await page.context().setOffline(false);
  },
  // Playwright makes every page believe that it has the focus, so the events are sent by hand.
  "the user comes back to the window": (page) => page.evaluate(() => void dispatchEvent(new Event("focus"))),
  "the tab is shown again": (page) =>
    page.evaluate(() => void document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))),
};
for (const [what, show] of Object.entries(signs)) {
  test(`a change that waits is sent as soon as ${what}`, async ({ page, person, wire, server }) => {
    const rule = await saveOffline(person, wire, NAME);
    rule.heal();
    await show(page);
    await expectSent(person, server);
  });
}

test("a change that waits is tried again after pauses that grow, until it is sent", async ({
  page,
  person,
  wire,
  server,
}) => {
  await page.clock.install();
  const rule = await saveOffline(person, wire, NAME);
  // A pause begins only when the attempt before it has failed, so the clock moves on in steps.
  const forward = async (): Promise<number> => {
    await page.clock.fastForward(15_000);
    return rule.hits;
  };
  for (const round of ["first", "second", "third"]) {
    const { hits } = rule;
    await expect.poll(forward, `the ${round} attempt`).toBeGreaterThan(hits);
    await expect(person.status(WAITING), "a failed attempt does not change what is said").toBeVisible();
    await expect(person.status(OFFLINE)).toHaveCount(0);
  }
  rule.heal();
  await expect
    .poll(async () => {
      await forward();
      return counts(server.data).commits;
    })
    .toBe(2);
  await expectSent(person, server);
});

test("a copy that was opened offline says so only until the server answers", async ({ page, person, wire }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.lock();
  const rule = wire.injectFault("cut", null, API);
  await page.reload();
  await person.unlock();
  await expect(person.status(OFFLINE)).toBeVisible();
  rule.heal();
  await page.clock.fastForward(15_000);
  await expect(person.status(OFFLINE)).toHaveCount(0);
});
