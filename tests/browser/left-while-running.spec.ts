// What a command has done is known to the app even if its page was left, or its dialog closed,
// while it ran.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";

test("a new recovery sheet is shown although its page was left while it was made", async ({ person, wire }) => {
  const { code } = await person.createVaultWithSheet(NAME);
  await person.link("Security").click();
  await person.link("New recovery sheet").click();
  const held = wire.injectFault("stall", "POST", /^\/api\/sign-in-methods$/);
  await person.button("Make a new sheet").click();
  await expect.poll(() => held.hits).toBe(1);
  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  held.release("go");
  expect((await person.readSheet()).code).not.toBe(code);
});

test("a new recovery sheet does not take a form away, and is announced", async ({ person, wire }) => {
  const { code } = await person.createVaultWithSheet(NAME);
  await person.link("Security").click();
  await person.link("New recovery sheet").click();
  const held = wire.injectFault("stall", "POST", /^\/api\/sign-in-methods$/);
  await person.button("Make a new sheet").click();
  await expect.poll(() => held.hits).toBe(1);
  await person.link("Vault").click();
  await person.fillKey(BINANCE);
  held.release("go");
  await expect(person.link("Make a recovery sheet")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);
  await person.button("Save key").click();
  await expect(person.status(`${BINANCE.label} is saved.`)).toBeVisible();
  await person.link("Make a recovery sheet").click();
  expect((await person.readSheet()).code).not.toBe(code);
});

test("a vault that was deleted is left although the question was closed", async ({ page, person, wire }) => {
  await person.createVault(NAME);
  await person.link("Settings").click();
  await person.button("Delete vault").click();
  const question = person.dialog("Delete this vault?");
  await question.getByLabel("Type the vault's name").fill(NAME);
  const held = wire.injectFault("stall", "POST", /^\/api\/account\/delete$/);
  await question.getByRole("button", { name: "Delete for good" }).click();
  await expect.poll(() => held.hits).toBe(1);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  held.release("go");
  await expect(person.status("Your vault was deleted, here and on the server.")).toBeVisible();
});
