// What stays on every page of an open vault until the user has dealt with it: a device that entered
// the vault, and a change that the server refused.
import { expect, test } from "./support/fixtures.ts";
import { Authenticator } from "./support/authenticator.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";

const NAME = "Desk of Ada";
const ENTERED = "A new device entered this vault with the recovery sheet";
const FULL = "The server has no space left for your last change.";
const ASIDE = `The change of the key “${OKX.label}” is not at the server: it was set aside.`;

test("a device that enters is told until somebody has looked, over locks and reloads", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  const context = await browser.newContext({ locale: "en-GB" });
  const elsewhere = await context.newPage();
  await Authenticator.attach(elsewhere);
  await new Person(elsewhere, guard, origin).recover(paper.code);
  await context.close();

  for (const again of [() => person.lock(), () => page.reload()]) {
    await again();
    await person.unlock();
    await expect(person.status(ENTERED)).toBeVisible();
  }
  await person.button("I know it").click();
  await expect(page.getByText(ENTERED)).toHaveCount(0);
  await page.reload();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(page.getByText("The ways into this vault were changed")).toHaveCount(0);
  await expect(page.getByText(ENTERED)).toHaveCount(0);
});

test("a refused change is set aside, does not stand in the way, and is named before it is lost", async ({
  page,
  person,
  guard,
  wire,
}) => {
  guard.allow(/413/);
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.fillKey(OKX);
  const full = wire.injectFault("full", "POST", /^\/api\/commit$/);
  await person.button("Save key").click();
  await expect(person.status(FULL)).toBeVisible();
  await person.link("Vault").click();
  await person.openKey(BINANCE.label);
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  await expect(person.alert("The server refuses an earlier change, so this one was not stored.")).toBeVisible();
  await person.button("Keep it").click();

  await person.button("Set it aside").click();
  await expect(person.status(ASIDE)).toBeVisible();
  await expect(page.getByText(FULL)).toHaveCount(0);
  full.heal();
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  await expect(person.row(BINANCE.label)).toHaveCount(0);
  await page.reload();
  await person.unlock();
  await person.link("Settings").click();
  await person.button("Forget this vault on this device").click();
  const question = person.dialog("Forget this vault here?");
  await expect(question).toContainText(`1 change is not saved on the server. It is on this device only and would be lost. To be lost: “${OKX.label}”.`);
  await question.getByRole("button", { name: "Keep it" }).click();

  await person.button("Save it again").click();
  await expect(page.getByText(ASIDE)).toHaveCount(0);
  await person.link("Vault").click();
  await expect(person.row(OKX.label)).toBeVisible();
  await person.openKey(OKX.label);
  await person.button("Reveal").click();
  await expect(person.text(OKX.secret)).toBeVisible();
});
