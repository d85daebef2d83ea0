// A page opened at another address than the server's origin names the right one. At such an address
// no passkey works, and the server rejects every change.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import type { Proxy } from "./support/proxy.ts";

const HEADING = "Crystallum lives at another address";
const WELCOME = "Keep the keys that move your money where only you can read them";
const HEALTH = /^\/api\/health/;

test.beforeEach(({ guard }) => guard.allow(/^foreign request: (?:blob:)?http:\/\/(?:127\.0\.0\.1|another\.localhost):/));

/** Checks that neither the app nor its engine has done anything. */
async function expectNothingStarted(page: Page, wire: Proxy): Promise<void> {
  await expect(page.getByRole("button")).toHaveCount(0);
  expect(page.workers()).toHaveLength(0);
  expect(wire.requests.filter((line) => line.includes("/api/"))).toEqual(["GET /api/health"]);
  expect(await page.evaluate(() => indexedDB.databases())).toEqual([]);
}

/** Answers the page, but not the engine, with another origin. */
async function answerOrigin(page: Page, origin: unknown): Promise<void> {
  await page.route("**/api/health", (route) => route.fulfill({ json: { sign_up: "open", origin } }));
}

for (const host of ["127.0.0.1", "another.localhost"]) {
  test(`opened at ${host}, the page says where to open it`, async ({ page, person, wire, origin }) => {
    await page.goto(`http://${host}:${wire.port}/unlock`);
    await expect(person.alert("Passkeys belong to one address")).toBeVisible();
    await expect(person.heading(HEADING)).toBeVisible();
    await expectNothingStarted(page, wire);
    await person.link(`Open ${origin}`).click();
    await expect(person.button("Create a vault")).toBeEnabled();
    await expect(page).toHaveURL(`${origin}/`);
  });
}

test("on the first visit, nothing starts before the server has named its address", async ({ page, person, wire }) => {
  const stalled = wire.injectFault("stall", "GET", HEALTH);
  await page.goto(`http://127.0.0.1:${wire.port}/`);
  await expect.poll(() => stalled.hits).toBe(1);
  await expectNothingStarted(page, wire);
  stalled.release("go");
  await expect(person.heading(HEADING)).toBeVisible();
});

test("without an answer the app starts", async ({ page, person, wire, guard }) => {
  guard.allow(/ERR_EMPTY_RESPONSE/);
  wire.injectFault("cut", "GET", HEALTH);
  await page.goto(`http://127.0.0.1:${wire.port}/`);
  await expect(person.heading(WELCOME)).toBeVisible();
});

test("at the right address no notice is shown", async ({ page, person }) => {
  await page.goto("/");
  await expect(person.button("Create a vault")).toBeEnabled();
  await expect(person.heading(HEADING)).toHaveCount(0);
});

test("where the browser keeps a vault, no answer keeps the app from opening", async ({ page, person }) => {
  await person.createVault("Desk of Ada");
  await answerOrigin(page, "https://vault.elsewhere.example");
  await page.goto("/unlock");
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await person.button("Unlock with passkey").click();
  await expect(person.heading("Desk of Ada")).toBeVisible();
  await expect(person.heading(HEADING)).toHaveCount(0);
});

for (const answer of [
  "javascript:alert(1)",
  "data:text/html,x",
  "http://vault.example.com",
  "https://192.0.2.1",
  "not an address",
  "",
  null,
]) {
  // Attack T45 of tests/ATTACKS.md.
  test(`a server that says it is at ${JSON.stringify(answer)} is not believed`, async ({ page, person, wire }) => {
    await answerOrigin(page, answer);
    await page.goto(`http://127.0.0.1:${wire.port}/`);
    await expect(person.heading(WELCOME)).toBeVisible();
    await expect(page.getByRole("link", { name: /^Open / })).toHaveCount(0);
  });
}
