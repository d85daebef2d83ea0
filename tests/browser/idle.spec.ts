// A vault that nobody uses warns before it locks, waits for what is being written down, and says
// what was lost.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Desk of Ada";
const MINUTE = 60_000;

const warning = (page: Page) =>
  page.getByRole("alertdialog", { name: "Your vault is about to lock", exact: true });

test("a warning comes before the lock, and staying keeps what was typed", async ({ page, person }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  await person.field("API key").focus();
  await page.clock.fastForward(9.5 * MINUTE);
  await expect(warning(page)).toHaveAccessibleDescription(/it locks in (30|2\d) seconds/);
  await expect(person.button("Stay")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(warning(page)).toHaveCount(0);
  await expect(person.field("API key")).toBeFocused();

  await page.clock.fastForward(9 * MINUTE);
  await expect(warning(page)).toHaveCount(0);
  await page.clock.fastForward(0.5 * MINUTE);
  await expect(warning(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(warning(page)).toHaveCount(0);
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);

  await page.clock.fastForward(9.5 * MINUTE);
  await expect(person.button("Stay")).toBeFocused();
  await page.clock.runFor(31_000);
  const told = person.status("Your vault locked because nobody used it for 10 minutes.");
  await expect(told).toContainText("What you typed into the form is sealed on this device.");
});

test("the lock waits for a sheet and a phrase that are written down, and says what was lost", async ({
  page,
  person,
  guard,
}) => {
  await page.clock.install();
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  await page.clock.fastForward(12 * MINUTE);
  expect((await person.readSheet()).code).toBe(paper.code);
  await person.leaveSheet();

  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Make 24 words").click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words).toHaveCount(24);
  const made = await words.allTextContents();
  guard.keep("phrase", made.join(" "));
  await page.clock.fastForward(12 * MINUTE);
  await person.button("Show the words").click();
  await expect(words).toHaveText(made);

  await page.clock.fastForward(29.5 * MINUTE);
  await expect(person.button("Stay")).toBeFocused();
  await page.clock.runFor(31_000);
  const told = person.status("Your vault locked because nobody used it for 30 minutes.");
  await expect(told).toContainText("The recovery phrase on screen was not stored, and it is gone from here.");
});

test("a clock that is corrected locks nothing, and one that is set back further does", async ({ page, person }) => {
  await page.clock.install();
  const setBack = async (time: number) => page.clock.setSystemTime((await page.evaluate(() => Date.now())) - time);
  await person.createVault(NAME);
  await setBack(50_000);
  await person.link("Settings").click();
  await expect(person.heading("Settings")).toBeVisible();
  await setBack(2 * MINUTE);
  await expect(person.status("Your vault locked because nobody used it for 10 minutes.")).toBeVisible();
});

test("a lid that was closed for a night locks the sheet away without a warning", async ({ page, person }) => {
  await page.clock.install();
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await person.readSheet();
  await page.clock.fastForward(8 * 60 * MINUTE);
  const told = person.status("Your vault locked because nobody used it for 30 minutes.");
  await expect(told).toContainText("The recovery sheet that was open is put away and cannot be shown again.");
});
