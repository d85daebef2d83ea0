// Everybody can use it: by keyboard alone, and with a screen reader that follows the focus. What axe says is in screens.spec.ts.
import type { Locator } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

test("the main path works by keyboard alone", async ({ page, person, guard }) => {
  for (const [name, text] of Object.entries(BINANCE)) if (name !== "exchange") guard.keep(name, text);
  /** Presses Tab until the control has the focus, as somebody would. */
  const reach = async (target: Locator): Promise<void> => {
    await expect(target).toBeVisible();
    for (let steps = 0; steps < 40; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${target}`);
  };
  const press = async (target: Locator): Promise<void> => {
    await expect(target).toBeEnabled();
    await reach(target);
    await page.keyboard.press("Enter");
  };
  const type = async (target: Locator, text: string): Promise<void> => {
    await reach(target);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
  };

  await page.goto("/");
  await press(person.button("Create a vault"));
  await type(person.field("Vault name"), "By keyboard");
  await press(person.button("Create passkey"));
  await press(person.button("Open my vault"));
  await expect(person.heading("By keyboard")).toBeFocused();

  await page.keyboard.press("n");
  await expect(person.heading("Add an exchange key")).toBeFocused();
  await press(person.button("Binance"));
  await expect(person.heading("Add a Binance key")).toBeFocused();
  await type(person.field("Label"), BINANCE.label);
  await type(person.field("API key"), BINANCE.apiKey);
  await type(person.field("API secret"), BINANCE.secret);
  await press(person.button("Save key"));
  await expect(person.heading(BINANCE.label)).toBeFocused();

  await page.keyboard.press("Escape");
  await expect(person.heading("By keyboard")).toBeFocused();
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search keys" });
  await expect(search).toBeFocused();
  await page.keyboard.type("binance");
  await expect(person.rows()).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(person.row(BINANCE.label)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(person.heading(BINANCE.label)).toBeFocused();
  await press(person.button("Reveal"));
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.keyboard.press("?");
  await expect(person.dialog("Keyboard shortcuts")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(person.dialog("Keyboard shortcuts")).toBeHidden();
  await expect(person.heading(BINANCE.label), "closing the sheet does not leave the key").toBeVisible();

  await page.keyboard.press("l");
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await press(person.button("Unlock with passkey"));
  await expect(person.heading("By keyboard")).toBeFocused();
});

test("each page has one main heading, its own title, and gives it the focus", async ({ page, person }) => {
  const arrived = async (heading: string, title: string): Promise<void> => {
    await expect(person.heading(heading)).toBeFocused();
    await expect(page).toHaveTitle(`${title} · Crystallum`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByRole("main")).toHaveCount(1);
  };
  await page.goto("/");
  await person.button("Create a vault").click();
  await arrived("Name your vault", "Create a vault");
  await person.button("Create passkey").click();
  await arrived("Your vault is ready", "Your vault is ready");
  await person.button("Open my vault").click();
  await arrived("My vault", "Vault");
  await person.link("Add exchange key").click();
  await arrived("Add an exchange key", "Add an exchange key");
  await person.button("Binance").click();
  await arrived("Add a Binance key", "Add a Binance key");
  await page.goBack();
  await arrived("Add an exchange key", "Add an exchange key");
  await person.addKey(BINANCE);
  await arrived(BINANCE.label, "Key");
  await person.link("Edit").click();
  await arrived(`Edit ${BINANCE.label}`, "Edit key");
});
