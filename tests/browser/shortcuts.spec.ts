// Keys that belong to an input method, and keys that the user does not want.
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX } from "./support/person.ts";

const NAME = "Desk of Ada";

/**
 * Presses a key as browsers report it while an input method composes: most of them say so, and
 * Safari only gives the code 229 for the key that ends the composition.
 */
async function compose(at: Locator, key: string): Promise<void> {
  for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
    const isLeftAlone = await at.evaluate(
      (element, init) => element.dispatchEvent(new KeyboardEvent("keydown", init)),
      { key, bubbles: true, cancelable: true, ...how },
    );
    expect(isLeftAlone, `${key} with ${JSON.stringify(how)} is left to the input method`).toBe(true);
  }
}

const choose = (page: Page, option: string) => page.getByLabel("Single-key shortcuts").selectOption(option);

test("keys that an input method composes with mean nothing else", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  await person.link("Vault").click();
  const body = page.locator("body");
  for (const key of ["n", "?", "/", "l", "Escape"]) await compose(body, key);
  await expect(person.heading(NAME)).toBeVisible();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  const search = page.getByRole("searchbox", { name: "Search keys" });
  await search.fill("binance");
  await expect(person.rows()).toHaveCount(1);
  for (const key of ["Escape", "ArrowDown"]) await compose(search, key);
  await expect(search).toHaveValue("binance");
  await expect(search).toBeFocused();
  await search.fill("");
  await expect(person.rows()).toHaveCount(2);
  await person.row(BINANCE.label).focus();
  for (const key of ["ArrowDown", "End", "ArrowUp"]) await compose(person.row(BINANCE.label), key);
  await expect(person.row(BINANCE.label)).toBeFocused();

  // The same keys without an input method.
  await page.keyboard.press("ArrowDown");
  await expect(person.row(OKX.label)).toBeFocused();
  await page.keyboard.press("l");
  await expect(person.heading("Unlock your vault")).toBeVisible();

  await page.goto("/recover");
  const code = person.field("Recovery code");
  await code.fill("R1AB");
  await compose(code, "Enter");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("shortcuts of a single key can be switched off, and stay off", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.link("Settings").click();
  await choose(page, "Off");
  await person.heading("Settings").click();
  await page.reload();
  await person.unlock();
  await expect(person.heading("Settings")).toBeVisible();
  for (const key of ["n", "l", "/", "?"]) await page.keyboard.press(key);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(person.heading("Settings")).toBeVisible();
  await person.button("Keyboard shortcuts").click();
  const help = person.dialog("Keyboard shortcuts");
  await expect(help).toContainText("Shortcuts of a single key are switched off in the settings.");
  await expect(help.getByText("Lock", { exact: true })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  // Other keys go on working.
  await page.keyboard.press("Escape");
  await expect(person.heading(NAME)).toBeVisible();

  await person.link("Settings").click();
  await choose(page, "On");
  await person.heading("Settings").click();
  await page.keyboard.press("l");
  await expect(person.heading("Unlock your vault")).toBeVisible();
});
