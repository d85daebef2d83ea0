// What is typed into the form of an exchange key when the vault locks is kept on the device,
// sealed, and offered after unlocking.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX, type Person } from "./support/person.ts";

const NAME = "Desk of Ada";
const MINUTE = 60_000;
const CONTINUE = "Continue where you left off";
const KEPT = "What you typed into the form is sealed on this device.";

async function expectOffer(person: Person, count: number): Promise<void> {
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(person.link(CONTINUE)).toHaveCount(count);
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

  await person.link(CONTINUE).click();
  await expect(person.heading("Add an OKX key")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await expect(person.link(CONTINUE)).toHaveCount(0);
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
  await person.link(CONTINUE).click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  await expect(person.field("Label")).toHaveValue("Binance spare");
  // Locking again keeps it, and so does a form that nobody has changed since.
  await person.lock();
  await expectOffer(person, 1);
  await person.link(CONTINUE).click();
  await expect(person.field("API key")).toHaveValue(OKX.apiKey);
  await person.link("Cancel").click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await person.lock();
  await expectOffer(person, 0);

  await person.openKey(BINANCE.label);
  await change();
  await expectOffer(person, 1);
  await person.button("Discard it").click();
  await expect(person.link(CONTINUE)).toHaveCount(0);
  await person.lock();
  await expectOffer(person, 0);
});
