// A recovery sheet, which is shown once, is not left by accident.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import type { Person } from "./support/person.ts";

const NAME = "Desk of Ada";
const question = (person: Person) => person.dialog("Leave the recovery sheet?");

/** Goes back and stays, at the sheet and where two of its groups are asked for. */
async function goBackAndStay(page: Page, person: Person): Promise<void> {
  const paper = await person.readSheet();
  const address = page.url();
  await page.goBack();
  await expect(question(person)).toBeVisible();
  await question(person).getByRole("button", { name: "Stay here" }).click();
  await expect(question(person)).toBeHidden();
  expect(await person.readSheet()).toEqual(paper);
  expect(page.url()).toBe(address);
  await person.button("I have kept it").click();
  await expect(person.heading("Show that you kept it")).toBeVisible();
  await page.goBack();
  await expect(question(person)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question(person)).toBeHidden();
  await person.button("Show the sheet again").click();
  expect(await person.readSheet()).toEqual(paper);
}

test("Back and closing the tab ask before a new vault's sheet is gone", async ({ page, person }) => {
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await goBackAndStay(page, person);

  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;

  await page.goBack();
  await question(person).getByRole("button", { name: "Leave the sheet" }).click();
  await expect(person.heading(NAME)).toBeVisible();
});

test("what was typed for a new vault is there after Back, and its sheet is shown whatever page is open", async ({
  page,
  person,
  wire,
}) => {
  await person.startVault(NAME);
  await page.goBack();
  await person.button("Create a vault").click();
  await expect(person.field("Vault name")).toHaveValue(NAME);
  const held = wire.injectFault("stall", "POST", /^\/api\/accounts$/);
  await person.button("Create passkey").click();
  await expect.poll(() => held.hits).toBe(1);
  await page.goBack();
  await expect(person.button("Create a vault")).toBeVisible();
  held.release("go");
  await person.confirmSheet(await person.readSheet());
  await expect(person.status("Your recovery sheet is confirmed.")).toBeVisible();
  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
});

test("going on without the sheet asks, at the sheet and where its groups are asked for", async ({ page, person }) => {
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  await person.button("Continue without it").click();
  await expect(question(person)).toContainText("is not shown again");
  await question(person).getByRole("button", { name: "Stay here" }).click();
  expect(await person.readSheet()).toEqual(paper);
  await person.button("I have kept it").click();
  await person.button("Continue without it").click();
  await page.keyboard.press("Escape");
  await expect(question(person)).toBeHidden();
  await person.button("Show the sheet again").click();
  expect(await person.readSheet()).toEqual(paper);
  await person.confirmSheet(paper);
  await expect(person.heading("Your vault is ready")).toBeVisible();
});

test("links, Back and shortcuts ask before a sheet that replaces another is gone", async ({ page, person }) => {
  const { code } = await person.createVaultWithSheet(NAME);
  await person.link("Security").click();
  await person.link("New recovery sheet").click();
  await person.button("Make a new sheet").click();
  await goBackAndStay(page, person);
  for (const name of ["Back to Security", "Wallets"]) {
    await person.link(name).click();
    await question(person).getByRole("button", { name: "Stay here" }).click();
    await expect(question(person)).toBeHidden();
  }
  await page.keyboard.press("Escape");
  expect((await person.readSheet()).code).not.toBe(code);
  await person.link("Wallets").click();
  await question(person).getByRole("button", { name: "Leave the sheet" }).click();
  await expect(person.heading("Wallets")).toBeVisible();
});

test("Back asks before the sheet that follows a recovery is gone", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  const { code } = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  await page.goto("/");
  await person.link("Use my recovery sheet").click();
  await person.field("Recovery code").fill(code);
  await person.button("Continue").click();
  await expect(person.heading("Your code fits. Is this your newest state?")).toBeVisible();
  await person.button("Continue").click();
  await person.button("Create passkey").click();
  await goBackAndStay(page, person);
  await person.skipSheet();
  await expect(person.heading(NAME)).toBeVisible();
});
