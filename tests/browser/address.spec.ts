// A page that is opened at another address than the server's origin links to the origin. At any
// other address no passkey works, and the server refuses every change.
import { expect, test } from "./support/fixtures.ts";

const HEADING = "Crystallum lives at another address";

test.beforeEach(({ guard }) => guard.allow(/^foreign request: (?:blob:)?http:\/\/(?:127\.0\.0\.1|another\.localhost):/));

for (const host of ["127.0.0.1", "another.localhost"]) {
  test(`opened at ${host}, the page says where to open it`, async ({ page, person, wire, origin }) => {
    await page.goto(`http://${host}:${wire.port}/unlock`);
    await expect(person.alert("Passkeys belong to one address")).toBeVisible();
    await expect(person.heading(HEADING)).toBeVisible();
    await expect(page.getByRole("button")).toHaveCount(0);
    await person.link(`Open ${origin}`).click();
    await expect(person.button("Create a vault")).toBeEnabled();
    await expect(page).toHaveURL(`${origin}/`);
  });
}

test("at the right address it says nothing", async ({ page, person, wire }) => {
  const answered = page.waitForResponse("**/api/health");
  await page.goto("/");
  await (await answered).finished();
  await expect(person.button("Create a vault")).toBeEnabled();
  await expect(person.heading(HEADING)).toHaveCount(0);
  expect(wire.count("GET /api/health")).toBeGreaterThan(0);
});

test("at an IP address it waits for the answer, and without one it still starts", async ({ page, person, wire, guard }) => {
  guard.allow(/ERR_EMPTY_RESPONSE/);
  wire.injectFault("cut", "GET", /^\/api\/health/);
  await page.goto(`http://127.0.0.1:${wire.port}/`);
  await expect(person.heading("Keep the keys that move your money where only you can read them")).toBeVisible();
});

for (const answer of ["javascript:alert(1)", "data:text/html,x", "not an address", "", null]) {
  test(`a server that says it is at ${JSON.stringify(answer)} is not followed`, async ({ page, person, wire }) => {
    await page.route("**/api/health", (route) => route.fulfill({ json: { sign_up: "open", origin: answer } }));
    await page.goto(`http://127.0.0.1:${wire.port}/`);
    await expect(person.heading("Keep the keys that move your money where only you can read them")).toBeVisible();
    await expect(page.getByRole("link", { name: /^Open / })).toHaveCount(0);
  });
}
