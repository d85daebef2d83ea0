// A page opened without TLS at a name of another machine: it names the server's address too, and
// links to it only where the hosts belong together.
import { expect, test } from "./support/fixtures.ts";

const HEADING = "Crystallum lives at another address";

// The only names that are not local and still reach this machine.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({ ...launchOptions, args: [...launchOptions.args!, "--host-resolver-rules=MAP *.example 127.0.0.1"] }),
});

test.beforeEach(({ guard }) => guard.allow(/^foreign request: http:\/\/vault\.example:/, /ERR_EMPTY_RESPONSE/, /Cross-Origin-Opener-Policy header has been ignored/));

for (const { answer, link } of [
  { answer: "https://vault.example", link: true },
  { answer: "https://keys.vault.example", link: true },
  { answer: "https://example", link: true },
  { answer: "https://vault.elsewhere.example", link: false },
  { answer: "https://evilvault.example", link: false },
]) {
  test(`${answer} is named ${link ? "with" : "without"} a link`, async ({ page, person, wire }) => {
    await page.route("**/api/health", (route) => route.fulfill({ json: { sign_up: "open", origin: answer } }));
    await page.goto(`http://vault.example:${wire.port}/`);
    await expect(person.heading(HEADING)).toBeVisible();
    await expect(page.getByText(`Open ${answer}`, { exact: true })).toBeVisible();
    await expect(page.getByRole("link")).toHaveCount(link ? 1 : 0);
    expect(page.workers()).toHaveLength(0);
  });
}

test("without an answer it asks for a secure connection", async ({ page, person, wire }) => {
  wire.injectFault("cut", "GET", /^\/api\/health/);
  await page.goto(`http://vault.example:${wire.port}/`);
  await expect(person.heading("This connection is not secure")).toBeVisible();
});
