// What another device writes appears by itself.
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Authenticator } from "./support/authenticator.ts";
import type { Guard } from "./support/guard.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";

/** Creates a vault on the page, opens it in a second browser, and unlocks it on the page again. */
async function openTwice(person: Person, browser: Browser, guard: Guard, origin: string): Promise<Person> {
  const paper = await person.createVaultWithSheet("Desk of Ada");
  const context = await browser.newContext({ locale: "en-GB" });
  const elsewhere = new Person(await context.newPage(), guard, origin);
  await Authenticator.attach(elsewhere.page);
  await elsewhere.recover(paper.code);
  await elsewhere.skipSheet();
  // Recovering has ended the first session.
  await person.page.reload();
  await person.unlock();
  await expect(person.button("I know it")).toBeVisible();
  return elsewhere;
}

/** Records the hints of a page's streams, from its next load on. */
async function recordHints(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const told: string[] = [];
    const Plain = globalThis.EventSource;
    globalThis.EventSource = class extends Plain {
      constructor(url: string | URL, options?: EventSourceInit) {
        super(url, options);
        this.addEventListener("message", (event) => told.push(String(event.data)));
      }
    };
    Object.assign(globalThis, { told });
  });
  return () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told.length);
}

test("a change of another device appears within seconds, and nobody asks for it", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  const elsewhere = await openTwice(person, browser, guard, origin);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await elsewhere.addKey(BINANCE);
  await expect(person.row(BINANCE.label)).toBeVisible();
  // One question, or two if the first came before the whole change.
  expect(asked.filter((path) => path === "/api/delta").length).toBeLessThanOrEqual(2);

  // A locked vault asks for nothing.
  await person.lock();
  asked.length = 0;
  await elsewhere.addKey(OKX);
  expect(asked.filter((path) => path === "/api/delta" || path === "/api/hints")).toEqual([]);
  await elsewhere.page.context().close();
  await person.unlock();
  await expect(person.row(OKX.label)).toBeVisible();
});

test("a change that is told while the answer to an earlier question arrives appears, too", async ({
  page,
  person,
  browser,
  guard,
  origin,
  wire,
}) => {
  const told = await recordHints(page);
  const elsewhere = await openTwice(person, browser, guard, origin);
  const [session] = await page.context().cookies();
  const held = wire.hold("GET", /^\/api\/delta/, `${session.name}=${session.value}`);
  await elsewhere.addKey(BINANCE);
  // The server has made its answer, in which the next change is not.
  await expect.poll(() => held.held).toBe(1);
  const before = await told();
  await elsewhere.addKey(OKX);
  await expect.poll(told).toBeGreaterThan(before);
  held.release("go");
  await expect(person.row(BINANCE.label)).toBeVisible();
  await expect(person.row(OKX.label)).toBeVisible();
  await elsewhere.page.context().close();
});
