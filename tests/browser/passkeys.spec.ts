// The behaviour of different authenticators, and of users with them.
import { expect, test } from "./support/fixtures.ts";
import { counts } from "./support/database.ts";
import { BINANCE } from "./support/person.ts";

const NAME = "Passkey vault";
const CANCELLED = "No touch arrived: it was cancelled, or it took too long.";

test("with PRF output only from get(), the second ceremony is explained and waits for a click", async ({
  person,
  authenticator,
  server,
}) => {
  authenticator.manner = "late";
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.text("One more touch")).toBeVisible();
  await expect(person.button("Touch again")).toBeVisible();
  expect(authenticator.ceremonies.map(({ call }) => call)).toEqual(["create"]);
  expect(counts(server.data).accounts, "nothing is made before the key is there").toBe(0);

  await person.button("Touch again").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  expect(authenticator.ceremonies.map(({ call }) => call)).toEqual(["create", "get"]);
  await person.leaveSheet();
  await person.addKey(BINANCE);
  await person.lock();
  await person.unlock();
  await person.openKey(BINANCE.label);
});

test("a refused second ceremony can be repeated with the same passkey", async ({
  person,
  authenticator,
  server,
}) => {
  authenticator.manner = "late";
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await person.button("Cancel").click();
  await expect(person.alert(CANCELLED)).toBeVisible();
  expect(counts(server.data).accounts).toBe(0);
  await person.button("Create passkey").click();
  await person.button("Touch again").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  expect(await authenticator.passkeys(), "no second passkey was made").toBe(1);
});

test("a second ceremony that nobody starts is given up when its time is over", async ({ page, person, authenticator }) => {
  await page.clock.install();
  authenticator.manner = "late";
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.button("Touch again")).toBeVisible();
  await page.clock.fastForward(121_000);
  await expect(person.alert(CANCELLED)).toBeVisible();
  await expect(person.button("Touch again")).toHaveCount(0);
  await person.button("Create passkey").click();
  await person.button("Touch again").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
});

// Attack T34 of tests/ATTACKS.md.
test("without the PRF extension no vault is created", async ({ person, authenticator, server, wire, page }) => {
  await authenticator.replace({ hasPrf: false });
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.heading("This authenticator cannot open a vault")).toBeVisible();
  await expect(person.text("Nothing was stored: no vault was made, here or on the server.")).toBeVisible();
  expect(counts(server.data)).toEqual({ accounts: 0, commits: 0, records: 0, tombstones: 0 });
  expect(wire.count("POST /api/accounts")).toBe(0);
  await page.goto("/");
  await expect(person.button("Create a vault"), "no vault is known here").toBeVisible();

  await authenticator.replace({ hasPrf: true });
  await person.createVault(NAME);
  expect(counts(server.data).accounts).toBe(1);
});

test("a cancelled ceremony while creating creates nothing and can be repeated", async ({
  person,
  authenticator,
  server,
}) => {
  authenticator.willing = false;
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.alert(CANCELLED)).toBeVisible();
  await expect(person.field("Vault name")).toHaveValue(NAME);
  expect(counts(server.data).accounts).toBe(0);
  expect(await authenticator.passkeys()).toBe(0);

  authenticator.willing = true;
  await person.button("Create passkey").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
});

// Attack T33 of tests/ATTACKS.md.
test("an authenticator without user verification creates no vault", async ({
  person,
  authenticator,
  server,
}) => {
  await authenticator.replace({ isUserVerified: false });
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  await expect(person.alert(CANCELLED)).toBeVisible();
  expect(await authenticator.passkeys()).toBe(0);
  await authenticator.replace({ isUserVerified: true });
  await person.button("Create passkey").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  expect(counts(server.data).accounts).toBe(1);
});

test("a browser that knows a vault says so before another one is created", async ({ page, person }) => {
  await person.startVault(NAME);
  await expect(page.getByText("This browser knows the vault")).toHaveCount(0);
  await person.button("Create passkey").click();
  await expect(person.heading("Your recovery sheet")).toBeVisible();
  await page.reload();
  await expect(page.getByText(`This browser knows the vault “${NAME}”.`)).toBeVisible();
  await person.link("Unlock it").click();
  await expect(person.heading("Unlock your vault")).toBeVisible();
});

test("a cancelled ceremony while unlocking opens nothing and can be repeated", async ({ person, authenticator }) => {
  await person.createVault(NAME);
  await person.lock();
  authenticator.willing = false;
  await person.unlock();
  await expect(person.alert(CANCELLED)).toBeVisible();
  await expect(person.heading("Unlock your vault")).toBeVisible();
  authenticator.willing = true;
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});

test("a passkey with another key does not open the vault, known or not", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.lock();
  authenticator.manner = "wrong";
  await person.unlock();
  await expect(person.alert("This passkey does not open this vault.")).toBeVisible();

  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await person.unlock();
  await expect(person.alert("This passkey does not open this vault.")).toBeVisible();
  await expect(page.getByText(NAME)).toHaveCount(0);

  authenticator.manner = "plain";
  await person.unlock();
  await expect(person.heading("This browser does not know this vault")).toBeVisible();
});

test("a passkey that the server does not know opens nothing", async ({ page, person, authenticator, guard }) => {
  guard.allow(/401/);
  await page.goto("/unlock");
  await page.evaluate(async () => {
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    await navigator.credentials.create({
      publicKey: {
        rp: { name: "Crystallum", id: "localhost" },
        user: { id: random(16), name: "stray", displayName: "stray" },
        challenge: random(32),
        pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        extensions: { prf: {} },
      },
    });
  });
  expect(await authenticator.passkeys()).toBe(1);
  await person.unlock();
  await expect(person.alert("This passkey belongs to no vault on this server.")).toBeVisible();
});
