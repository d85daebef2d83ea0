// An hour of a person's use with interruptions: what was saved is there in the end, and what was
// lost was said.
import type { Page } from "@playwright/test";
import type { Authenticator } from "./support/authenticator.ts";
import { expect, test } from "./support/fixtures.ts";
import { API, WAITING } from "./support/offline.ts";
import { BINANCE, OKX, type Paper, type Person } from "./support/person.ts";
import { makePhrase, readPhrase, writePhraseDown } from "./support/phrases.ts";
import type { Proxy } from "./support/proxy.ts";

const NAME = "Desk of Ada";
const WALLET = "Cold savings";
const MINUTE = 60_000;
const KEPT = "What you typed into the form is sealed on this device.";

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

/** Goes back and says in the question that follows that this was a slip. */
async function goBackAndStay(page: Page, person: Person, question: string): Promise<void> {
  await page.goBack();
  const dialog = person.dialog(question);
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(dialog).toBeHidden();
}

/** Creates a vault and goes back at every step of it. */
async function createWithBack(page: Page, person: Person, authenticator: Authenticator): Promise<Paper> {
  await person.startVault(NAME);
  await page.goBack();
  await person.button("Create a vault").click();
  await expect(person.field("Vault name")).toHaveValue(NAME);
  await authenticator.setTouched(false);
  await person.button("Create passkey").click();
  await expect(person.button("Cancel")).toBeVisible();
  await page.goBack();
  await person.button("Create a vault").click();
  await expect(person.field("Vault name")).toHaveValue(NAME);
  await authenticator.setTouched(true);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  await goBackAndStay(page, person, "Leave the recovery sheet?");
  await person.button("I have kept it").click();
  await expect(person.heading("Show that you kept it")).toBeVisible();
  await goBackAndStay(page, person, "Leave the recovery sheet?");
  await person.button("Show the sheet again").click();
  expect(await person.readSheet()).toEqual(paper);
  await person.confirmSheet(paper);
  await expect(person.heading("Your vault is ready")).toBeVisible();
  await page.goBack();
  await expect(person.heading(NAME)).toBeVisible();
  expect(await authenticator.passkeys(), "one passkey").toBe(1);
  return paper;
}

/** Makes a wallet, whose phrase takes twelve minutes to write down. */
async function makeWallet(page: Page, person: Person, made: string[]): Promise<void> {
  await goBackAndStay(page, person, "Leave this phrase?");
  await page.clock.fastForward(12 * MINUTE);
  await person.button("Show the words").click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words).toHaveText(made);
  await writePhraseDown(page, person, made);
  await person.field("Label").fill(WALLET);
  await person.button("Split and save").click();
  await expect(person.heading(WALLET)).toBeVisible();
}

/** Changes the open key while the server is away. The change is sent by itself. */
async function changeOffline(page: Page, person: Person, wire: Proxy, label: string): Promise<void> {
  const away = wire.injectFault("cut", null, API);
  await page.context().setOffline(true);
  await person.link("Edit").click();
  await person.field("Label").fill(label);
  await person.button("Save changes").click();
  await expect(person.heading(label)).toBeVisible();
  await expect(person.status(WAITING)).toBeVisible();
  await page.clock.fastForward(2 * MINUTE);
  await expect(person.status(WAITING)).toBeVisible();
  away.heal();
  await page.context().setOffline(false);
  await expect(person.status(WAITING)).toHaveCount(0);
}

test("an hour of use loses nothing without having said so", async ({ page, person, guard, authenticator, wire }) => {
  await page.clock.install();
  const began = await page.evaluate(() => Date.now());
  await createWithBack(page, person, authenticator);
  const made = await makePhrase(page, person, guard, 12);
  await makeWallet(page, person, made);

  // A form that is left for nine minutes is there afterwards.
  await person.link("Vault").click();
  await person.fillKey(BINANCE);
  await page.clock.fastForward(9 * MINUTE);
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);
  await person.button("Save key").click();
  await expect(person.status(`${BINANCE.label} is saved.`)).toBeVisible();

  // Another one is left until the vault locks, and is continued.
  await person.fillKey(OKX);
  await page.clock.fastForward(11 * MINUTE);
  await expect(person.status(KEPT)).toBeVisible();
  await person.unlock();
  await person.button("Continue where you left off").click();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await expect(person.field("Passphrase")).toHaveValue(OKX.passphrase!);
  await person.button("Save key").click();
  await expect(person.status(`${OKX.label} is saved.`)).toBeVisible();

  await changeOffline(page, person, wire, "OKX spot");
  await changeOffline(page, person, wire, "OKX margin");

  // The lid is closed on a form that is not kept, which is said.
  await person.link("Security").click();
  await person.link("Add passkey").click();
  await person.field("Name").fill("Spare key in the drawer");
  await page.clock.fastForward(20 * MINUTE);
  const told = person.status("Your vault locked because nobody used it for 10 minutes.");
  await expect(told).toContainText("What was typed into the form and not saved is gone.");

  // What was saved is on the server: a browser that knows nothing gets all of it.
  const { origin } = new URL(page.url());
  expect(await page.evaluate(() => Date.now()) - began).toBeGreaterThan(55 * MINUTE);
  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await person.unlock();
  await person.button("Continue").click();
  await expect(person.rows()).toHaveCount(2);
  for (const { label, secret } of [BINANCE, { ...OKX, label: "OKX margin" }]) {
    await person.openKey(label);
    await person.button("Reveal").click();
    await expect(person.text(secret)).toBeVisible();
  }
  await expect(person.button("Continue where you left off")).toHaveCount(0);
  await person.link("Wallets").click();
  await person.link(WALLET).click();
  expect(await readPhrase(page, person)).toBe(made.join(" "));
  await person.link("Security").click();
  const ways = page.getByRole("list", { name: "Ways in" }).getByRole("listitem");
  await expect(ways.filter({ hasText: "Recovery sheet" })).toHaveCount(1);
});
