// What was copied from the vault is reported wherever the user goes, until it is gone.
import { limitWriting } from "./support/clipboard.ts";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";
const COPIED = "API secret copied. The clipboard is cleared at";
const LEFT = "API secret may still be on the clipboard.";
const CLEARED = "The clipboard was cleared.";

test("a copied secret can be cleared from every page of an open vault", async ({ page, person, context, origin }) => {
  await limitWriting(context, origin, "chromium");
  await page.clock.install();
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Copy secret").click();
  await expect(person.status(COPIED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(1);
  for (const place of ["Wallets", "Security", "Settings"]) {
    await person.link(place).click();
    await expect(person.heading(place)).toBeVisible();
    await expect(person.status(LEFT)).toBeVisible();
    await expect(person.button("Clear now")).toHaveCount(1);
  }
  await person.link("About this app, its promises and its build").click();
  await expect(person.heading("About Crystallum")).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(1);
  await person.link("Back").click();
  await expect(person.heading("Settings")).toBeVisible();
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(0);
  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(person.status(CLEARED)).toHaveCount(0);

  // The page that copied reports it itself, and the first touch after the time clears it anywhere.
  await person.openKey(BINANCE.label);
  await person.button("Copy API key").click();
  await expect(person.status("API key copied.")).toHaveCount(1);
  await person.link("Wallets").click();
  await expect(person.status("API key may still be on the clipboard.")).toBeVisible();
  await page.clock.fastForward(31_000);
  await expect(person.status("API key may still be on the clipboard.")).toBeVisible();
  await person.heading("Wallets").click();
  await expect(person.status(CLEARED)).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(0);
});

test("a copied recovery code is reported on the pages after the sheet", async ({ page, person }) => {
  await page.clock.install();
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  await person.button("Copy code").click();
  await expect(person.status("Recovery code copied.")).toBeVisible();
  await person.confirmSheet(paper);
  await expect(person.heading("Your vault is ready")).toBeVisible();
  await expect(person.button("Clear now")).toHaveCount(1);
  await person.button("Open my vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  await person.button("Clear now").click();
  await expect(person.status(CLEARED)).toBeVisible();
});
