// Passkeys that a manager gives in the browser's place, whatever the classes of what it gives.
import { expect, test } from "./support/fixtures.ts";
import { Manager } from "./support/manager.ts";

const NAME = "Managed vault";

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
