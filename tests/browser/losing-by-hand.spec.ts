// What is typed or shown only once is not lost by locking, or by choosing another way, without a
// question.
import type { Locator } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, type Person } from "./support/person.ts";
import { makePhrase, writePhraseDown } from "./support/phrases.ts";

const NAME = "Desk of Ada";
const MINUTE = 60_000;

async function answer(question: Locator, button: string): Promise<void> {
  await question.getByRole("button", { name: button, exact: true }).click();
  await expect(question).toBeHidden();
}

const lockQuestion = (person: Person) => person.dialog("Lock the vault now?");

test("locking asks before what was typed into a form is gone", async ({ page, person }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  const phrase = person.field("Recovery phrase");
  await phrase.fill("legal winner");
  const question = lockQuestion(person);
  await person.button("Lock").click();
  await expect(question).toContainText("What you typed is not saved yet. It is gone once the vault locks.");
  await answer(question, "Keep typing");
  await phrase.blur();
  await page.keyboard.press("l");
  await expect(question).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(phrase).toHaveValue("legal winner");
  await person.button("Choose another way").click();
  await answer(person.dialog("Leave this form?"), "Keep typing");
  await expect(phrase).toHaveValue("legal winner");

  // Whoever wants to lock during the warning is asked, too, and is there.
  await page.clock.fastForward(29.5 * MINUTE);
  await person.button("Lock now").click();
  await expect(question).toBeVisible();
  await page.clock.runFor(MINUTE);
  await answer(question, "Keep typing");
  await expect(phrase).toHaveValue("legal winner");
  await person.button("Lock").click();
  await question.getByRole("button", { name: "Lock without saving" }).click();
  await expect(page).toHaveURL(/\/unlock$/);

  // Without input there is no question, and the form of a key is kept.
  await person.unlock();
  await person.link("Security").click();
  await person.link("Add a second passkey").click();
  await person.lock();
  await person.unlock();
  await person.fillKey(BINANCE);
  await person.lock();
  await expect(person.status("What you typed into the form is sealed on this device.")).toBeVisible();
});

test("a new phrase is not dropped by locking, by another way or by Cancel without a question", async ({
  page,
  person,
  guard,
}) => {
  await person.createVault(NAME);
  const made = await makePhrase(page, person, guard, 12);
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await person.button("Lock").click();
  await expect(lockQuestion(person)).toContainText("The new recovery phrase is stored nowhere yet");
  await answer(lockQuestion(person), "Stay here");
  const leaving = person.dialog("Leave this phrase?");
  await person.button("Choose another way").click();
  await expect(leaving).toContainText("if not, do not use that phrase.");
  await answer(leaving, "Stay here");
  await expect(words).toHaveText(made);

  await writePhraseDown(page, person, made);
  await person.field("Label").fill("Cold savings");
  await person.link("Cancel").click();
  await answer(leaving, "Stay here");
  await expect(person.field("Label")).toHaveValue("Cold savings");
  await person.link("Cancel").click();
  await answer(leaving, "Leave the phrase");
  await expect(person.heading("Wallets")).toBeVisible();

  await makePhrase(page, person, guard, 24);
  await person.button("Choose another way").click();
  await answer(leaving, "Leave the phrase");
  await expect(person.button("Bring a phrase")).toBeVisible();
  await person.lock();
});

test("locking asks before a recovery sheet is gone", async ({ page, person }) => {
  await person.createVaultWithSheet(NAME);
  await person.link("Security").click();
  await person.link("New recovery sheet").click();
  await person.button("Make a new sheet").click();
  const paper = await person.readSheet();
  await page.keyboard.press("l");
  await expect(lockQuestion(person)).toContainText("it is gone once the vault locks");
  await answer(lockQuestion(person), "Stay here");
  expect(await person.readSheet()).toEqual(paper);
  await person.button("I have kept it").click();
  await person.button("Lock").click();
  await lockQuestion(person).getByRole("button", { name: "Lock the vault" }).click();
  await expect(person.heading("Unlock your vault")).toBeVisible();
});
