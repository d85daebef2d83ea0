// What is typed into the form of an exchange key when the vault locks is kept on the device,
// sealed, and offered after unlocking.
import { expect, test } from "./support/fixtures.ts";
import { API, WAITING, expectSent, saveOffline } from "./support/offline.ts";
import { BINANCE, OKX, type Person } from "./support/person.ts";

const NAME = "Desk of Ada";
const MINUTE = 60_000;
const CONTINUE = "Continue where you left off";
const KEPT = "What you typed into the form is sealed on this device.";

async function expectOffer(person: Person, count: number): Promise<void> {
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(person.button(CONTINUE)).toHaveCount(count);
}

test("a new key that was being typed is continued after an idle lock, and then nothing is kept", async ({
  page,
  person,
}) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.fillKey({ ...OKX, note: "Half of it" });
  await page.clock.fastForward(11 * MINUTE);
  await expect(person.status("Your vault locked because nobody used it for 10 minutes.")).toContainText(KEPT);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).not.toContain(OKX.secret);
  await page.reload();
  await expectOffer(person, 1);
  // It stays until it is used: a reload loses nothing.
  await page.reload();
  await expectOffer(person, 1);

  await person.button(CONTINUE).click();
  await expect(person.heading("Add an OKX key")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await expect(person.button(CONTINUE)).toHaveCount(0);
  await expect(person.field("Label")).toHaveValue(OKX.label);
  await expect(person.field("API key")).toHaveValue(OKX.apiKey);
  await expect(person.field("Passphrase")).toHaveValue(OKX.passphrase!);
  await expect(person.field("Note")).toHaveValue("Half of it");
  await person.button("Save key").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  await person.lock();
  await expectOffer(person, 0);
});

test("a change of a key is kept by any lock, continued, and gone once it is left or discarded", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const change = async () => {
    await person.link("Edit").click();
    await person.field("Label").fill("Binance spare");
    await person.button("Replace API key and secret").click();
    await person.field("API key").fill(OKX.apiKey);
    await person.field("API secret").fill(OKX.secret);
    await person.lock();
    await expect(person.status(KEPT)).toBeVisible();
  };
  await change();
  await expectOffer(person, 1);
  await person.button(CONTINUE).click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await expect(person.field("Label")).toHaveValue("Binance spare");
  // Locking again keeps it, and so does a form that nobody has changed since.
  await person.lock();
  await expectOffer(person, 1);
  await person.button(CONTINUE).click();
  await expect(person.field("API key")).toHaveValue(OKX.apiKey);
  await person.link("Cancel").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await person.lock();
  await expectOffer(person, 0);

  await person.openKey(BINANCE.label);
  await change();
  await expectOffer(person, 1);
  await person.button("Discard it").click();
  await expect(person.button(CONTINUE)).toHaveCount(0);
  await person.lock();
  await expectOffer(person, 0);
});

test("a form is kept and a change still waits when the vault locks while no request gets an answer", async ({
  person,
  wire,
  server,
  guard,
}) => {
  guard.allow(/^console: Failed to load resource/);
  const rule = await saveOffline(person, wire, NAME);
  await person.fillKey(OKX);
  const held = wire.injectFault("stall", null, API);
  rule.heal();
  await person.page.evaluate(() => void dispatchEvent(new Event("focus")));
  await expect.poll(() => held.hits).toBeGreaterThan(0);
  await person.lock();
  await expect(person.status(KEPT)).toBeVisible();
  held.release("go");
  await person.page.reload();
  await expectOffer(person, 1);
  await expect(person.status(WAITING)).toHaveCount(0);
  await expectSent(person, server);
});

test("a change of a key that is gone meanwhile goes on as a new key", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.link("Edit").click();
  await person.field("Label").fill("Binance spare");
  await person.field("Note").fill("what to do next");
  await person.lock();
  await expectOffer(person, 1);
  await expect(page.getByText("The key that you were editing is gone")).toHaveCount(0);
  await person.openKey(BINANCE.label);
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  await expect(person.status("The key that you were editing is gone, so it goes on as a new key.")).toBeVisible();
  await person.button(CONTINUE).click();
  await expect(person.heading("Add a Binance key")).toBeVisible();
  await expect(person.field("Label")).toHaveValue("Binance spare");
  await expect(person.field("Note")).toHaveValue("what to do next");
  await expect(person.button(CONTINUE)).toHaveCount(0);
});

test("a kept form is not replaced without a question, and goes on after leaving another one", async ({ person }) => {
  await person.createVault(NAME);
  await person.fillKey(OKX);
  await person.lock();
  await expectOffer(person, 1);
  await person.fillKey(BINANCE);
  await person.button("Lock").click();
  const question = person.dialog("Lock the vault now?");
  await expect(question).toContainText("An earlier form is kept already, and only one can be");
  await question.getByRole("button", { name: "Keep typing" }).click();
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);

  await person.button(CONTINUE).click();
  await person.dialog("Leave this form?").getByRole("button", { name: "Leave without saving" }).click();
  await expect(person.heading("Add an OKX key")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await person.lock();
  await expectOffer(person, 1);

  await person.fillKey(BINANCE);
  await person.button("Lock").click();
  await question.getByRole("button", { name: "Lock and replace it" }).click();
  await expect(person.status(KEPT)).toBeVisible();
  await expectOffer(person, 1);
  await person.button(CONTINUE).click();
  await expect(person.heading("Add a Binance key")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);
});
