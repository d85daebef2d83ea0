// Goes through every page once, in the order in which a person meets them.
import { expect, type BrowserContext, type Page } from "@playwright/test";
import type { Authenticator } from "./authenticator.ts";
import { BINANCE, OKX, type Person } from "./person.ts";

export interface Walker {
  page: Page;
  context: BrowserContext;
  person: Person;
  authenticator: Authenticator;
  origin: string;
}

/** Calls `visit` with the name of each page while it is on screen. */
export async function walk(
  { page, context, person, authenticator, origin }: Walker,
  visit: (name: string) => Promise<void>,
): Promise<void> {
  const name = "Desk of Ada";
  await page.goto("/");
  await expect(person.button("Create a vault")).toBeVisible();
  await visit("welcome");

  await authenticator.replace({ hasPrf: false });
  await person.startVault(name);
  await visit("create-name");
  await person.button("Create passkey").click();
  await expect(person.heading("This authenticator cannot open a vault")).toBeVisible();
  await visit("create-no-prf");
  await authenticator.replace({ hasPrf: true });
  await person.button("Try another authenticator").click();
  await person.field("Vault name").fill("");
  await person.button("Create passkey").click();
  await expect(person.alert("Give the vault a name.")).toBeVisible();
  await visit("create-error");
  await person.field("Vault name").fill(name);
  authenticator.manner = "late";
  await person.button("Create passkey").click();
  await expect(person.button("Touch again")).toBeVisible();
  await visit("create-touch-again");
  await person.button("Touch again").click();
  await expect(person.heading("Your vault is ready")).toBeVisible();
  authenticator.manner = "plain";
  await visit("create-done");

  await person.button("Open my vault").click();
  await expect(page.getByRole("heading", { name: "No keys yet" })).toBeVisible();
  await visit("vault-empty");
  await person.link("Add exchange key").click();
  await expect(person.heading("Add an exchange key")).toBeVisible();
  await visit("add-exchange");
  await person.button("OKX").click();
  await expect(person.heading("Add an OKX key")).toBeVisible();
  await person.field("API key").fill(OKX.secret);
  await person.field("API secret").fill(OKX.apiKey);
  await person.field("Label").fill("");
  await person.button("Save key").click();
  await expect(person.alert("Give the key a label.")).toBeVisible();
  await visit("add-form-errors");
  await person.link("Cancel").click();
  await person.fillKey(BINANCE);
  await visit("add-form");
  await person.button("Save key").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await visit("detail");
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await visit("detail-revealed");
  await person.button("Delete key").click();
  await expect(person.dialog("Delete this key?")).toBeVisible();
  await visit("delete-dialog");
  await person.button("Keep it").click();
  await person.link("Edit").click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await visit("edit");
  await person.button("Replace API key and secret").click();
  await visit("edit-replace");
  await person.field("Label").fill("Binance spot");
  await person.button("Keep the stored ones").click();
  await context.clearCookies();
  await person.button("Save changes").click();
  const ended = person.dialog("Your session has ended");
  await expect(ended.getByRole("button", { name: "Continue with passkey" })).toBeEnabled();
  await visit("session-ended");
  await ended.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(person.heading("Binance spot")).toBeVisible();

  await person.link("Vault").click();
  await expect(person.rows()).toHaveCount(1);
  await person.addKey(OKX);
  await person.link("Vault").click();
  await expect(person.rows()).toHaveCount(2);
  await visit("vault-list");
  await page.getByRole("searchbox", { name: "Search keys" }).fill("nothing like this");
  await expect(page.getByText("No key matches “nothing like this”.").last()).toBeVisible();
  await visit("vault-nothing-found");
  await page.getByRole("searchbox", { name: "Search keys" }).fill("");
  await expect(person.rows()).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search keys" }).blur();
  await page.keyboard.press("?");
  await expect(person.dialog("Keyboard shortcuts")).toBeVisible();
  await visit("help-dialog");
  await page.keyboard.press("Escape");
  await page.goto("/nowhere/at/all");
  await expect(person.heading("There is no such page")).toBeVisible();
  await visit("not-found");
  await page.goto("/unlock?locked=idle");
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await visit("unlock");
  authenticator.willing = false;
  await person.unlock();
  await expect(person.alert("No touch arrived")).toBeVisible();
  await visit("unlock-cancelled");
  authenticator.willing = true;

  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await visit("unlock-unknown");
  await person.unlock();
  await expect(person.heading("This browser does not know this vault")).toBeVisible();
  await visit("notice");
}
