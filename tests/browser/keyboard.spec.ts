// The main journey by keyboard alone.
import { expect, test } from "./support/fixtures.ts";
import { Keyboard } from "./support/keyboard.ts";
import { BINANCE } from "./support/person.ts";
import { TWELVE, keepPhrase } from "./support/phrases.ts";

const NAME = "By keyboard";

test("a vault is created, filled, locked, opened and recovered without a pointer", async ({
  page,
  person,
  authenticator,
  origin,
  guard,
}) => {
  test.slow();
  for (const [name, text] of Object.entries(BINANCE)) if (name !== "exchange") guard.keep(name, text);
  keepPhrase(guard, TWELVE);
  const keys = await Keyboard.at(page);

  // Create the vault, with its sheet.
  await page.goto("/");
  await keys.press(person.button("Create a vault"));
  await keys.isAt(person.heading("Name your vault"));
  await keys.type(person.field("Vault name"), NAME);
  await keys.press(person.button("Create passkey"));
  await keys.isAt(person.heading("Your recovery sheet"));
  const paper = await person.readSheet();
  await keys.press(person.button("I have kept it"));
  await keys.isAt(person.heading("Show that you kept it"));
  for (const label of await page.locator("label").filter({ hasText: /^Group [1-8]$/ }).allTextContents()) {
    await keys.type(person.field(label), paper.groups[Number(label.slice(-1)) - 1]);
  }
  await page.keyboard.press("Enter");
  await keys.isAt(person.heading("Your vault is ready"));
  await keys.press(person.button("Open my vault"));
  await keys.isAt(person.heading(NAME));

  // Add a key.
  await page.keyboard.press("n");
  await keys.isAt(person.heading("Add an exchange key"));
  await keys.press(person.button("Binance"));
  await keys.isAt(person.heading("Add a Binance key"));
  await keys.type(person.field("Label"), BINANCE.label);
  await keys.type(person.field("API key"), BINANCE.apiKey);
  await keys.type(person.field("API secret"), BINANCE.secret);
  await keys.press(person.button("Save key"));
  await keys.isAt(person.heading(BINANCE.label));
  await page.keyboard.press("Escape");
  await keys.isAt(person.heading(NAME));
  await page.keyboard.press("/");
  await keys.isAt(page.getByRole("searchbox", { name: "Search keys" }));
  await page.keyboard.type("binance");
  await expect(person.rows()).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await keys.isAt(person.row(BINANCE.label));
  await page.keyboard.press("Enter");
  await keys.isAt(person.heading(BINANCE.label));
  await keys.press(person.button("Reveal"));
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await keys.isAt(person.button("Hide"));
  await page.keyboard.press("?");
  await expect(person.dialog("Keyboard shortcuts")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(person.dialog("Keyboard shortcuts")).toBeHidden();
  await keys.isAt(person.button("Hide"));
  await keys.press(person.button("Delete key"));
  await expect(person.dialog("Delete this key?")).toBeVisible();
  await page.keyboard.press("Escape");
  await keys.isAt(person.button("Delete key"));

  // Split and rebuild a wallet.
  await keys.press(person.link("Wallets"));
  await keys.isAt(person.heading("Wallets"));
  await keys.press(person.link("Add wallet"));
  await keys.isAt(person.heading("Add a wallet"));
  await keys.press(person.button("Bring a phrase"));
  await keys.type(person.field("Recovery phrase"), TWELVE.words);
  await expect(page.getByText("The words belong together.")).toBeVisible();
  await keys.press(person.button("Go on"));
  await keys.isAt(page.getByRole("heading", { name: "Split it into shares" }));
  await keys.type(person.field("Label"), "Cold savings");
  await keys.press(page.getByRole("checkbox", { name: "Store 5" }), "Space");
  await expect(page.getByText("Any 3 of the 4 rebuild it.")).toBeVisible();
  await keys.reach(page.getByRole("radio", { name: "3", exact: true }));
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByText("Any 2 of the 4 rebuild it.")).toBeVisible();
  await keys.press(person.button("Split and save"));
  await keys.isAt(person.heading("Cold savings"));
  await keys.press(person.button("Show the phrase"));
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words).toHaveText(TWELVE.words.split(" "));
  await keys.press(person.button("Hide"));
  await expect(words).toHaveCount(0);

  // Visit security and settings.
  await keys.press(person.link("Security"));
  await keys.isAt(person.heading("Security"));
  await keys.press(person.button("Rename Passkey"));
  await keys.type(person.dialog("Rename this passkey").getByLabel("Name", { exact: true }), "This laptop");
  await page.keyboard.press("Enter");
  await expect(person.button("Rename This laptop")).toBeVisible();
  await keys.press(person.link("Settings"));
  await keys.isAt(person.heading("Settings"));
  await keys.reach(page.getByLabel("Lock when unused for"));
  await page.keyboard.press("ArrowDown");
  await expect(page.getByLabel("Lock when unused for")).not.toHaveValue("10");

  // Lock and open the vault.
  await keys.press(person.button("Lock"));
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await keys.press(person.button("Unlock with passkey"));
  await expect(page.getByRole("heading", { level: 1 })).toBeFocused();
  await page.keyboard.press("l");
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await keys.expectNoPointer();

  // Recover the vault in a browser that does not know it.
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  await page.goto("/");
  await keys.press(person.link("Use my recovery sheet"));
  await keys.isAt(person.heading("Open your vault with the recovery sheet"));
  await keys.type(person.field("Recovery code"), paper.code);
  await keys.press(person.button("Continue"));
  await keys.isAt(person.heading("Your code fits. Is this your newest state?"));
  await keys.press(person.button("Continue"));
  await keys.press(person.button("Create passkey"));
  await keys.isAt(person.heading("Your recovery sheet"));
  await keys.press(person.button("Continue without it"));
  await keys.press(person.button("Leave the sheet"));
  await expect(person.row(BINANCE.label)).toBeVisible();
  await keys.expectNoPointer();
});
