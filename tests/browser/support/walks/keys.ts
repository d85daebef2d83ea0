// Visits the pages of exchange keys: the list, the forms, a key, its earlier versions, and the
// trash.
import { expect } from "@playwright/test";
import { BINANCE, OKX } from "../person.ts";
import { VAULT, type Visit, type Walker } from "../walk.ts";

export async function walkKeys(walker: Walker, visit: Visit): Promise<void> {
  const { page, context, person, guard, wire } = walker;
  guard.allow(/^console: Failed to load resource/);
  await person.createVault(VAULT);
  await expect(person.link("Make a recovery sheet")).toBeVisible();
  await visit("vault-one-method");
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
  await expect(person.status(`${BINANCE.label} is saved.`)).toBeVisible();
  await visit("detail");
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await visit("detail-revealed");
  await person.button("Hide").click();

  await person.link("Edit").click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await visit("edit");
  await person.button("Replace API key and secret").click();
  await person.field("API key").fill("Q".repeat(64));
  await person.field("API secret").fill("Z".repeat(64));
  await visit("edit-replace");
  await person.link("Vault").click();
  await expect(person.dialog("Leave this form?")).toBeVisible();
  await visit("leave-dialog");
  await person.button("Keep typing").click();
  await person.field("Label").fill("Binance spot");
  await context.clearCookies();
  await person.button("Save changes").click();
  const ended = person.dialog("Your session has ended");
  await expect(ended.getByRole("button", { name: "Continue with passkey" })).toBeEnabled();
  await visit("session-ended");
  await ended.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(person.status("Your changes are saved.")).toBeVisible();
  const versions = page.getByRole("list", { name: "Versions" });
  await versions.getByRole("button", { name: "Reveal" }).click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await visit("detail-versions");
  await versions.getByRole("button", { name: "Hide" }).click();

  await person.addKey(OKX);
  await person.link("Vault").click();
  await expect(person.rows()).toHaveCount(2);
  await visit("vault-list");
  const search = page.getByRole("searchbox", { name: "Search keys" });
  await search.fill("nothing like this");
  await expect(page.getByText("No key matches “nothing like this”.").last()).toBeVisible();
  await visit("vault-nothing-found");
  await search.fill("");
  await expect(person.rows()).toHaveCount(2);
  await search.blur();
  await page.keyboard.press("?");
  await expect(person.dialog("Keyboard shortcuts")).toBeVisible();
  await visit("help-dialog");
  await page.keyboard.press("Escape");

  await person.openKey(OKX.label);
  await person.button("Delete key").click();
  await expect(person.dialog("Delete this key?")).toBeVisible();
  await visit("delete-dialog");
  await person.button("Move to trash").click();
  await expect(person.button("Undo")).toBeVisible();
  // The list, and what is announced after the heading, follow a moment later.
  await expect(person.rows()).toHaveCount(1);
  await expect(page.getByText("OKX trading was moved to the trash.")).toHaveCount(2);
  await visit("vault-deleted");
  await person.link("Trash").click();
  const deleted = page.getByRole("list", { name: "In the trash" }).getByRole("listitem");
  await expect(deleted).toHaveCount(1);
  await visit("trash");
  await deleted.getByRole("button", { name: /^Delete .*for good$/ }).click();
  const question = person.dialog("Delete this for good?");
  await expect(question).toBeVisible();
  await visit("purge-dialog");
  await question.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  await visit("trash-empty");

  // The server becomes unreachable.
  await person.link("Vault").click();
  await expect(person.rows()).toHaveCount(1);
  const away = wire.injectFault("cut", null, /^\/api\//);
  await person.fillKey(OKX);
  await person.button("Save key").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  await expect(person.button("Try now")).toBeVisible();
  await visit("waiting");
  away.heal();
}
