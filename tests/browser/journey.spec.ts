// The main journey: creating a vault, adding keys, and opening it again with the passkey alone.
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";
import { OWN, counts } from "./support/database.ts";

const NAME = "Desk of Ada";

test("a key is stored, found, revealed, copied, changed and deleted", async ({ page, person, server }) => {
  await person.createVault(NAME);
  await expect(page.getByRole("heading", { name: "No keys yet" })).toBeVisible();
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  expect(counts(server.data)).toEqual({ accounts: 1, commits: 3, records: OWN + 2, tombstones: 0 });

  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(person.rows()).toHaveCount(2);
  const search = page.getByRole("searchbox", { name: "Search keys" });
  await search.fill("small machine");
  await expect(person.rows()).toHaveCount(1);
  await expect(person.row(BINANCE.label)).toBeVisible();
  await search.fill("nothing like this");
  await expect(page.getByText("No key matches “nothing like this”.").last()).toBeVisible();
  await search.fill("");
  await expect(person.rows()).toHaveCount(2);

  await person.lock();
  await expect(page).toHaveURL(/\/unlock$/);
  await expect(person.text(NAME)).toBeVisible();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();

  await person.openKey(BINANCE.label);
  await expect(person.text(BINANCE.secret)).toHaveCount(0);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await expect(person.text(BINANCE.apiKey)).toBeVisible();
  await expect(page.getByText(/^Hides in \d+ s$/)).toBeVisible();
  await person.button("Hide").click();
  await expect(person.text(BINANCE.secret)).toHaveCount(0);

  await person.button("Copy secret").click();
  await expect(person.status("API secret copied. The clipboard is cleared at")).toBeVisible();

  await person.link("Edit").click();
  await expect(person.heading(`Edit ${BINANCE.label}`)).toBeVisible();
  await person.button("Replace API key and secret").click();
  expect(await person.paste(person.field("API secret"))).toBe(BINANCE.secret);
  await person.button("Keep the stored ones").click();
  await person.field("Label").fill("Binance spot");
  await person.button("Save changes").click();
  await expect(person.heading("Binance spot")).toBeVisible();
  await expect(person.status("Your changes are saved.")).toBeVisible();
  await expect(page.getByText("API secret copied."), "said of the copy before the change").toHaveCount(0);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();

  await person.button("Delete key").click();
  const sheet = person.dialog("Delete this key?");
  await expect(sheet).toContainText(
    "Delete Binance spot: the key goes to the trash on all your devices and is deleted for good after 30 days.",
  );
  await sheet.getByRole("button", { name: "Keep it" }).click();
  await expect(sheet).toBeHidden();
  await person.button("Delete key").click();
  await sheet.getByRole("button", { name: "Move to trash" }).click();
  await expect(person.status("Binance spot was moved to the trash.")).toBeVisible();
  await expect(person.rows()).toHaveCount(1);
  expect(counts(server.data)).toEqual({ accounts: 1, commits: 5, records: OWN + 2, tombstones: 0 });

  await person.link("Trash").click();
  await expect(person.heading("Trash")).toBeVisible();
  const deleted = page.getByRole("list", { name: "In the trash" }).getByRole("listitem").filter({ hasText: "Binance spot" });
  await deleted.getByRole("button", { name: /^Delete .*for good$/ }).click();
  await person.dialog("Delete this for good?").getByRole("button", { name: "Delete for good" }).click();
  await expect(person.status("Binance spot is deleted for good.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "The trash is empty" })).toBeVisible();
  expect(counts(server.data)).toEqual({ accounts: 1, commits: 6, records: OWN + 1, tombstones: 1 });
});

test("a passphrase is kept beside key and secret", async ({ person }) => {
  await person.createVault(NAME);
  await person.addKey(OKX);
  await person.button("Reveal").click();
  for (const value of [OKX.apiKey, OKX.secret, OKX.passphrase!]) await expect(person.text(value)).toBeVisible();
});

test("a clean browser opens the vault with only the passkey", async ({ page, person, authenticator, origin }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await authenticator.forgetBrowser(origin);

  await page.goto("/");
  await person.link("I already have one").click();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  await expect(page.getByText(NAME)).toHaveCount(0);
  await person.unlock();
  await expect(person.heading("This browser does not know this vault")).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: /^2$/ })).toBeVisible();
  await expect(page.getByText(BINANCE.label)).toHaveCount(0);
  await expect(page.getByText(NAME)).toHaveCount(0);
  await person.button("Continue").click();

  await expect(person.heading(NAME)).toBeVisible();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();

  // From now on this browser knows the vault.
  await person.lock();
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
});

// Attack T49 of tests/ATTACKS.md.
test("declining the notice opens nothing", async ({ page, person, authenticator, origin, server }) => {
  await person.createVault(NAME);
  await authenticator.forgetBrowser(origin);
  await page.goto("/unlock");
  await person.unlock();
  await expect(person.heading("This browser does not know this vault")).toBeVisible();
  await person.button("Do not open").click();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  expect(counts(server.data).commits, "no device joined").toBe(1);
});

// Attack T50 of tests/ATTACKS.md.
test("of two tabs one has the vault open, and a lock applies to both", async ({ page, person, context, guard }) => {
  await person.createVault(NAME);
  const second = await context.newPage();
  const other = new Person(second, guard);
  await second.goto("/unlock");
  await expect(other.heading("Unlock your vault")).toBeVisible();
  await other.unlock();
  await expect(other.heading("Your vault is open in another tab")).toBeVisible();

  await person.lock();
  await expect(other.heading("Unlock your vault")).toBeVisible();

  // The other way round: a tab that locks also locks the open one.
  await person.unlock();
  await expect(person.heading(NAME)).toBeVisible();
  await second.evaluate(() => new BroadcastChannel("crystallum").postMessage("lock"));
  await expect(person.status("Your vault was locked from another tab.")).toBeVisible();
  await expect(page).toHaveURL(/\/unlock\?locked=other-tab$/);
});

test("what is revealed hides itself, and a vault that nobody uses locks itself", async ({ page, person }) => {
  await page.clock.install();
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.clock.fastForward(31_000);
  await expect(person.text(BINANCE.secret)).toHaveCount(0);
  await expect(person.button("Reveal")).toBeVisible();

  await page.clock.fastForward(9 * 60_000);
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await page.clock.fastForward(61_000);
  await expect(person.status("Your vault locked because nobody used it for 10 minutes.")).toBeVisible();
  await expect(page).toHaveURL(/\/unlock\?locked=idle$/);
});

test("a crash of the engine locks the vault and is reported", async ({ page, person, guard }) => {
  guard.allow(/the engine was killed/);
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const [worker] = page.workers();
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("the engine was killed");
    });
  });
  await expect(
    person.status("Your vault locked because the engine behind this page ended unexpectedly."),
  ).toBeVisible();
  await person.unlock();
  await person.openKey(BINANCE.label);
});

test("going back after a lock shows nothing of the vault", async ({ page, person }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await person.lock();
  await page.goBack();
  await expect(page).toHaveURL(/\/unlock/);
  await expect(page.getByText(BINANCE.secret)).toHaveCount(0);
  await expect(page.getByText(BINANCE.label)).toHaveCount(0);
});

test.describe("by invitation", () => {
  test.use({ serverOptions: { app: process.env.CRYSTALLUM_DIST!, signUp: "invite" } });

  test("a vault needs a code, and each code makes one", async ({ page, person, server, guard }) => {
    guard.allow(/403/);
    await person.startVault(NAME);
    await person.button("Create passkey").click();
    await expect(person.alert("Enter the invitation code.")).toBeVisible();
    await person.field("Invitation code").fill("not-a-code");
    await person.button("Create passkey").click();
    await expect(person.alert("The invitation code is not valid, or was used already.")).toBeVisible();
    expect(counts(server.data).accounts).toBe(0);
    await person.field("Invitation code").fill(await server.invite());
    await person.button("Create passkey").click();
    await expect(person.heading("Your recovery sheet")).toBeVisible();
    expect(counts(server.data).accounts).toBe(1);
    await expect(page.getByText("The invitation code is not valid")).toHaveCount(0);
  });
});

test.describe("closed", () => {
  test.use({ serverOptions: { app: process.env.CRYSTALLUM_DIST!, signUp: "closed" } });

  test("a server that takes no new vaults says so", async ({ page, person }) => {
    await page.goto("/");
    await expect(person.status("This server takes no new vaults.")).toBeVisible();
    await expect(person.button("Create a vault")).toBeDisabled();
  });
});
