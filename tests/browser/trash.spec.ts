// What was deleted or replaced can be restored; what was typed or revealed does not stay by
// accident.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX } from "./support/person.ts";
import { counts } from "./support/database.ts";

const NAME = "Desk of Ada";
const NEW_KEY = "QmVmb3JlIHlvdSByZWFkIHRoaXMgYXMgYmFzZTY0LCBpdCBpcyBvbmx5IGEgdGVzdA";
const NEW_SECRET = "T25lIG1vcmUgc2VjcmV0IHRoYXQgbXVzdCBub3QgYmUgc2VlbiBieSBhbnkgc2VydmVy";

test("a deleted key goes to the trash, can be restored, and is deleted for good only on request", async ({
  page,
  person,
  server,
}) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  await person.link("Vault").click();

  await person.openKey(OKX.label);
  await person.button("Delete key").click();
  await person.dialog("Delete this key?").getByRole("button", { name: "Move to trash" }).click();
  await expect(person.status(`${OKX.label} was moved to the trash. It is kept for 30 days.`)).toBeVisible();
  await expect(person.rows()).toHaveCount(1);
  await person.button("Undo").click();
  await expect(person.status("It is back as it was.")).toBeVisible();
  await expect(person.rows()).toHaveCount(2);
  await expect(person.button("Undo")).toHaveCount(0);

  await person.openKey(BINANCE.label);
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  await person.link("Trash").click();
  await expect(person.heading("Trash")).toBeFocused();
  const rows = page.getByRole("list", { name: "In the trash" }).getByRole("listitem");
  await expect(rows).toHaveCount(1);
  await expect(rows.first()).toContainText(BINANCE.label);
  await expect(rows.first()).toContainText("Deleted for good in 30 days");
  await person.button("Put back").click();
  await expect(person.status(`${BINANCE.label} is back.`)).toBeVisible();
  await expect(page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  await person.link("Vault").click();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();

  const before = counts(server.data);
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  await person.link("Trash").click();
  await person.button("Delete for good").click();
  const question = person.dialog("Delete this for good?");
  await expect(question).toContainText(`Delete ${BINANCE.label} for good`);
  await question.getByRole("button", { name: "Keep it" }).click();
  await expect(rows).toHaveCount(1);
  expect(counts(server.data).tombstones, "the trash deletes nothing").toBe(before.tombstones);
  await person.button("Delete for good").click();
  await question.getByRole("button", { name: "Delete for good" }).click();
  await expect(person.status(`${BINANCE.label} is deleted for good.`)).toBeVisible();
  await expect(rows).toHaveCount(0);
  const after = counts(server.data);
  expect([after.records, after.tombstones]).toEqual([before.records - 1, before.tombstones + 1]);
});

test("a replaced secret can be seen and used again", async ({ page, person, wire, guard }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await expect(page.getByText("None. When you replace API key and secret, the ones before are kept here.")).toBeVisible();

  guard.keep("new key", NEW_KEY);
  guard.keep("new secret", NEW_SECRET);
  await person.link("Edit").click();
  await person.button("Replace API key and secret").click();
  await person.field("API key").fill(NEW_KEY);
  await person.field("API secret").fill(NEW_SECRET);
  await person.button("Save changes").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();

  const versions = page.getByRole("list", { name: "Versions" }).getByRole("listitem");
  await expect(versions).toHaveCount(2);
  await expect(versions.nth(0)).toContainText("Version 2");
  await expect(versions.nth(0)).toContainText("In use");
  await person.button("Reveal version 1").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await person.button("Hide version 1").click();
  await expect(person.text(BINANCE.secret)).toHaveCount(0);

  // It takes the place of the one in use only after a question that names both.
  const restore = versions.nth(1).getByRole("button", { name: "Use this one again" });
  const question = person.dialog("Use this version again?");
  await restore.click();
  await expect(question).toContainText(BINANCE.label);
  await expect(question).toContainText(/Version 1, of .+, becomes the one in use in place of version 2, of /);
  await question.getByRole("button", { name: "Keep the one in use" }).click();
  await expect(question).toBeHidden();
  await expect(versions.nth(0)).toContainText("Version 2");
  await expect(versions).toHaveCount(2);
  await restore.click();
  await question.getByRole("button", { name: "Use it again" }).click();
  await expect(person.status("That version is in use again.")).toBeVisible();
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await expect(versions).toHaveCount(3);

  guard.allow(/^console: Failed to load resource/);
  const away = wire.injectFault("cut", null, /^\/api\//);
  await page.reload();
  await person.unlock();
  await expect(person.rows()).toHaveCount(1);
  await person.openKey(BINANCE.label);
  await person.button("Reveal version 1").click();
  await expect(person.status("Earlier versions are kept on the server, and it does not answer now.")).toBeVisible();
  away.heal();
});

test("a form with unsaved changes asks before it is left", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const question = person.dialog("Leave this form?");
  const label = person.field("Label");

  // Without input there is no question.
  await person.link("Edit").click();
  await page.goBack();
  await expect(person.heading(BINANCE.label)).toBeVisible();

  await person.link("Edit").click();
  await label.fill("Half a thought");
  await person.link("Wallets").click();
  await question.getByRole("button", { name: "Keep typing" }).click();
  await expect(question).toBeHidden();
  await expect(label).toHaveValue("Half a thought");
  await page.goBack();
  await expect(question).toBeVisible();
  await expect(page).toHaveURL(/\/edit$/);
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(label).toHaveValue("Half a thought");
  await page.goBack();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(person.heading(BINANCE.label)).toBeVisible();

  await person.link("Edit").click();
  await label.fill("Another thought");
  await person.link("Wallets").click();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await expect(person.heading("Wallets")).toBeVisible();

  // Cancel asks before it discards; after saving there is nothing to lose.
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill("legal");
  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await closing;
  await expect(person.field("Recovery phrase")).toHaveValue("legal");
  await person.link("Vault").click();
  await question.getByRole("button", { name: "Leave without saving" }).click();
  await person.openKey(BINANCE.label);
  await person.link("Edit").click();
  await label.fill("Thrown away");
  await person.link("Cancel").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await person.link("Edit").click();
  await label.fill("Kept");
  await person.button("Save changes").click();
  await expect(person.heading("Kept")).toBeVisible();
  await person.link("Wallets").click();
  await expect(person.heading("Wallets")).toBeVisible();
});

test("Back shows nothing that was revealed", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const gone = async (): Promise<void> => {
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    expect(html).not.toContain(BINANCE.secret);
    expect(html).not.toContain(BINANCE.apiKey);
  };
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await person.link("Edit").click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await gone();
  await page.goBack();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await gone();

  // After leaving the site, nothing that the browser keeps of the page contains the values.
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
  await expect(person.button("Reveal")).toBeVisible();
  await gone();
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.goto("about:blank");
  await page.goBack();
  await expect(person.button("Unlock with passkey").or(person.heading(BINANCE.label))).toBeVisible();
  await gone();
});
