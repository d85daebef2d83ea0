// Passkeys that a manager gives in the browser's place: whatever the classes of what it gives, and
// if it gives none.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";
import { Manager } from "./support/manager.ts";

const NAME = "Managed vault";
const CANCELLED = "No touch arrived: it was cancelled, or it took too long.";

test("credentials count by their members, not by their class", async ({ page, person, authenticator }) => {
  const manager = await Manager.attach(page);
  manager.form = "plain";
  await person.createVault(NAME);
  for (const form of ["plain", "views", "lists", "text"] as const) {
    await person.lock();
    manager.form = form;
    await person.unlock();
    await expect(person.heading(NAME), form).toBeVisible();
  }
  expect(await authenticator.passkeys()).toBe(1);
});

test("buffers of another realm open a vault, and so does another container", async ({ page, person, authenticator }) => {
  authenticator.manner = "late";
  const manager = await Manager.attach(page);
  await page.addInitScript(() => {
    const container = navigator.credentials;
    const value = {
      create: (options: CredentialCreationOptions) => container.create(options),
      get: (options: CredentialRequestOptions) => container.get(options),
    };
    Object.defineProperty(navigator, "credentials", { value });
  });
  manager.form = "realm";
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await person.button("Touch again").click();
  await person.leaveSheet();
  await expect(person.heading(NAME)).toBeVisible();
  await person.lock();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});

test("a ceremony that never settles can be cancelled, and its late passkey is signalled away", async ({
  page,
  person,
  authenticator,
}) => {
  const manager = await Manager.attach(page);
  manager.hangs = true;
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect.poll(() => manager.calls).toEqual(["create"]);
  await person.button("Cancel").click();
  await expect(person.alert(CANCELLED)).toBeVisible();
  await expect(person.button("Cancel")).toHaveCount(0);

  manager.release();
  await expect.poll(() => manager.signalled.length).toBe(1);
  await expect.poll(() => authenticator.passkeys(), "Chromium deletes it").toBe(0);
  await person.button("Create passkey").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  expect(await authenticator.passkeys()).toBe(1);
});

test("a ceremony that never settles ends when its time is up", async ({ page, person }) => {
  const manager = await Manager.attach(page);
  await page.clock.install();
  await person.createVault(NAME);
  await person.lock();
  manager.hangs = true;
  await person.unlock();
  await expect(person.button("Cancel")).toBeVisible();
  await expect.poll(() => manager.calls).toEqual(["create", "get"]);
  await page.clock.fastForward(121_000);
  await expect(person.alert(CANCELLED)).toBeVisible();
  manager.hangs = false;
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});

test("a person who turns away from a ceremony can go on with anything else", async ({ page, person }) => {
  const manager = await Manager.attach(page);
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  manager.hangs = true;
  await page.goto("/unlock");
  await person.unlock();
  await expect(person.button("Cancel")).toBeVisible();
  await person.link("Create a vault").click();
  await expect(person.heading("Name your vault")).toBeVisible();
  await expect(person.button("Create passkey")).toBeEnabled();

  manager.hangs = false;
  await person.link("I already have one").click();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  manager.hangs = true;
  await person.link("Security").click();
  await person.link("Add a second passkey").click();
  await person.field("Name").fill("Spare");
  await person.button("Begin").click();
  await expect(person.button("Cancel")).toBeVisible();
  await person.link("Vault").click();
  await person.button("Leave without saving").click();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
});

test("a refusal is called what it is", async ({ page, person }) => {
  const manager = await Manager.attach(page);
  await person.createVault(NAME);
  await person.lock();
  const pending = { name: "OperationError", message: "A request is already pending." };
  const device = "The device or program that keeps your passkeys reported a fault.";
  const cases = [
    [pending, "native", "Another passkey request is still open in this browser."],
    [pending, "plain", "Another passkey request is still open in this browser."],
    [{ name: "InvalidStateError", message: "The device is in a bad state." }, "native", device],
    [{ name: "UnknownError", message: "" }, "plain", device],
    [{ name: "NotReadableError", message: "" }, "native", device],
    [{ name: "NotAllowedError", message: "" }, "native", CANCELLED],
    [{ name: "NotAllowedError", message: "" }, "native", "The browser refused at once"],
    [{ name: "NotAllowedError", message: "" }, "plain", "The browser refused at once"],
    [null, "nothing", "Something answered in place of a passkey, but its answer cannot be read."],
  ] as const;
  for (const [refusal, form, text] of cases) {
    Object.assign(manager, { refusal, form });
    await person.unlock();
    await expect(person.alert(text), `${refusal?.name} ${form}`).toBeVisible();
  }
  Object.assign(manager, { refusal: null, form: "native" });
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});
