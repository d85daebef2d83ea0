// Failures in the middle of an action: sessions end, servers vanish, proxies respond, responses are
// lost.
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { OWN, counts } from "./support/database.ts";
import { expect, test } from "./support/fixtures.ts";
import { WAITING, expectSent, saveOffline } from "./support/offline.ts";
import { BINANCE, OKX } from "./support/person.ts";
import { Server } from "./support/server.ts";

const NAME = "Stormy vault";
/** What Chromium itself logs about failed requests. */
const FAILED_REQUEST = /^console: Failed to load resource/;
const COMMIT = /^\/api\/commit$/;
const API = /^\/api\//;

test.beforeEach(async ({ guard }) => guard.allow(FAILED_REQUEST));

test("a session that ends in the middle of an edit keeps the draft and goes on in place", async ({
  person,
  context,
  server,
}) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await person.link("Edit").click();
  await person.field("Label").fill("Binance spot");
  await person.field("Note").fill("typed before the session ended");
  await context.clearCookies();
  await person.button("Save changes").click();

  const sheet = person.dialog("Your session has ended");
  await expect(sheet).toBeVisible();
  await expect(person.field("Note")).toHaveValue("typed before the session ended");
  await expect(person.field("Label")).toHaveValue("Binance spot");
  expect(counts(server.data).commits).toBe(2);
  await sheet.getByRole("button", { name: "Continue with passkey" }).click();

  await expect(sheet).toBeHidden();
  await expect(person.heading("Binance spot")).toBeVisible();
  await expect(person.status("Your changes are saved.")).toBeVisible();
  await expect(person.text("typed before the session ended")).toBeVisible();
  expect(counts(server.data)).toMatchObject({ commits: 3, records: OWN + 1 });
});

test("a ceremony refused while the session is renewed loses nothing", async ({
  person,
  context,
  authenticator,
  server,
}) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  await context.clearCookies();
  authenticator.willing = false;
  await person.button("Save key").click();
  const sheet = person.dialog("Your session has ended");
  await sheet.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(sheet.getByRole("alert")).toContainText("No touch arrived");
  await sheet.getByRole("button", { name: "Not now" }).click();
  await expect(sheet).toBeHidden();
  await expect(person.field("API secret")).toHaveValue(BINANCE.secret);

  authenticator.willing = true;
  await person.button("Save key").click();
  await sheet.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(person.heading(BINANCE.label)).toBeVisible();
  expect(counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
});

test("a session that ends before a deletion asks once and deletes once", async ({ person, context, server }) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  await context.clearCookies();
  await person.button("Delete key").click();
  await person.button("Move to trash").click();
  const sheet = person.dialog("Your session has ended");
  await sheet.getByRole("button", { name: "Continue with passkey" }).click();
  await person.button("Move to trash").click();
  await expect(person.status(`${BINANCE.label} was moved to the trash.`)).toBeVisible();
  expect(counts(server.data)).toMatchObject({ commits: 3, tombstones: 0 });
});

test("a change that waits is never said to be sent because its owner signed in again", async ({
  page,
  person,
  context,
  wire,
  server,
}) => {
  const offline = await saveOffline(person, wire, NAME);
  const cut = wire.injectFault("cut", "POST", COMMIT);
  await context.clearCookies();
  offline.heal();
  await page.evaluate(() => void dispatchEvent(new Event("focus")));
  await person.button("Sign in again").click();
  const sheet = person.dialog("Your session has ended");
  await sheet.getByRole("button", { name: "Continue with passkey" }).click();
  await expect(sheet).toBeHidden();
  await expect.poll(() => cut.hits).toBeGreaterThan(1);
  await expect(person.status(WAITING)).toBeVisible();
  expect(counts(server.data).commits).toBe(1);
  cut.heal();
  await page.evaluate(() => void dispatchEvent(new Event("focus")));
  await expectSent(person, server);
});

for (const [what, spoil] of [
  ["the server vanishes", { fault: "cut", status: 0 }],
  ["something else answers with HTML and 502", { fault: "html", status: 502 }],
  ["something else answers with HTML and 200", { fault: "html", status: 200 }],
] as const) {
  test(`in the middle of a save ${what}: it is kept here and sent later`, async ({ person, wire, server }) => {
    await person.createVault(NAME);
    await person.fillKey(BINANCE);
    const rule = wire.injectFault(spoil.fault, "POST", COMMIT, spoil.status);
    await person.button("Save key").click();
    await expect(person.heading(BINANCE.label)).toBeVisible();
    await expect(person.status(WAITING)).toBeVisible();
    await expect(person.status("Saving")).toHaveCount(0);
    expect(rule.hits).toBeGreaterThan(0);
    expect(counts(server.data).commits).toBe(1);
    await person.button("Reveal").click();
    await expect(person.text(BINANCE.secret)).toBeVisible();

    rule.heal();
    await person.button("Try now").click();
    await expect(person.status(WAITING)).toHaveCount(0);
    expect(counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
    await person.addKey(OKX);
    expect(counts(server.data)).toMatchObject({ commits: 3, records: OWN + 2 });
  });
}

test("a second change while one is pending is refused and stays in the form", async ({ person, wire, server }) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("cut", null, API);
  await person.button("Save key").click();
  await expect(person.status(WAITING)).toBeVisible();
  await person.fillKey(OKX);
  await person.button("Save key").click();
  await expect(person.alert("An earlier change still waits for the server, so this one was not stored.")).toBeVisible();
  await expect(person.field("API secret")).toHaveValue(OKX.secret);
  rule.heal();
  await person.button("Save key").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  expect(counts(server.data)).toMatchObject({ commits: 3, records: OWN + 2 });
});

test("a slow server: the form reports that it is saving, then the outcome", async ({
  person,
  wire,
  server,
}) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("stall", "POST", COMMIT);
  await person.button("Save key").click();
  await expect(person.status("Saving")).toBeVisible();
  await expect.poll(() => rule.hits).toBe(1);
  rule.release("go");
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await expect(person.status("Saving")).toHaveCount(0);
  expect(counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
});

// Attack T50 of tests/ATTACKS.md.
test("an answer lost after the commit: one record, no conflict", async ({ person, wire, server }) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("lose", "POST", COMMIT);
  await person.button("Save key").click();
  await expect.poll(() => rule.hits, "the same write was sent again").toBeGreaterThan(1);
  // The server tells that there is something new, which turns out to be this.
  await expect(person.heading(BINANCE.label)).toBeVisible();
  await expect(person.status(WAITING)).toHaveCount(0);
  expect(counts(server.data), "the server has it, once").toMatchObject({ commits: 2, records: OWN + 1 });

  rule.heal();
  await person.link("Vault").click();
  await expect(person.rows()).toHaveCount(1);
  await person.addKey(OKX);
  expect(counts(server.data)).toMatchObject({ commits: 3, records: OWN + 2 });
});

// Attack T50 of tests/ATTACKS.md.
test("a page loaded again while a save waits still has it, and sends it", async ({ page, person, wire, server }) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("cut", null, API);
  await person.button("Save key").click();
  await expect(person.status(WAITING)).toBeVisible();
  await page.reload();
  await expect(person.status("The server does not answer. You can still open the copy on this device.")).toBeVisible();
  await person.unlock();
  await expect(person.status(WAITING)).toBeVisible();
  await person.link("Vault").click();
  await expect(person.rows(), "what waits is shown").toHaveCount(1);
  expect(counts(server.data).commits).toBe(1);

  rule.heal();
  await page.reload();
  await person.unlock();
  await expect(person.row(BINANCE.label).or(person.heading(BINANCE.label)).first()).toBeVisible();
  await expect(person.status(WAITING)).toHaveCount(0);
  await expect.poll(() => counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
});

// Attack T50 of tests/ATTACKS.md.
test("a lock while a save is under way does not lose it", async ({ page, person, wire, server }) => {
  await person.createVault(NAME);
  await person.fillKey(BINANCE);
  const rule = wire.injectFault("stall", "POST", COMMIT);
  await person.button("Save key").click();
  await expect.poll(() => rule.hits).toBe(1);
  await person.button("Lock").click();
  await expect(person.heading("Unlock your vault")).toBeVisible();
  rule.release("cut");
  await person.unlock();
  await expect(page).toHaveURL(/\/vault/);
  await expect(person.row(BINANCE.label)).toBeVisible();
  await expect.poll(() => counts(server.data)).toMatchObject({ commits: 2, records: OWN + 1 });
});

for (const fault of ["cut", "html", "lose"] as const) {
  test(`creating a vault with a broken request (${fault}) can be repeated and creates one`, async ({
    person,
    wire,
    server,
    authenticator,
  }) => {
    await person.startVault(NAME);
    const rule = wire.injectFault(fault, "POST", /^\/api\/accounts$/);
    await person.button("Create passkey").click();
    const words =
      fault === "html"
        ? "The server answered something that this app does not understand."
        : "The server does not answer.";
    await expect(person.alert(words)).toBeVisible();
    rule.heal();
    await person.button("Create passkey").click();
    await expect(person.heading("Your recovery sheet")).toBeVisible();
    expect(await authenticator.passkeys(), "one passkey").toBe(1);
    expect(counts(server.data)).toMatchObject({ accounts: 1, commits: 1 });
  });
}

test("an unreachable server is reported on the first page and on the unlock page", async ({
  page,
  person,
  wire,
}) => {
  const rule = wire.injectFault("cut", null, API);
  await page.goto("/");
  await expect(person.status("The server does not answer. A new vault needs it; try again in a moment.")).toBeVisible();
  await page.goto("/unlock");
  await expect(person.button("Unlock with passkey")).toBeEnabled();
  await person.unlock();
  await expect(person.alert("The server does not answer.")).toBeVisible();
  rule.heal();
  await person.createVault(NAME);
});

// Attack T14 of tests/ATTACKS.md.
test("a server rolled back before unlocking does not keep the local copy closed", async ({
  page,
  person,
  wire,
  server,
  folder,
  origin,
  serverOptions,
}) => {
  await person.createVault(NAME);
  const backup = join(folder, "backup");
  await cp(server.data, backup, { recursive: true });
  await person.addKey(BINANCE);
  await person.lock();
  await server.stop();
  const older = await Server.start(backup, origin, serverOptions);
  wire.upstream = older.port;

  // Its challenge must come from this server: each server knows only its own.
  await page.goto("/unlock");
  await person.unlock();
  await expect(person.heading("An older copy of your vault was refused")).toBeFocused();
  await person.button("Go on with this device's copy").click();
  await expect(person.heading(NAME)).toBeVisible();
  await person.openKey(BINANCE.label);
  await older.stop();
});

test("after an alarm a change that waits is not said to sync by itself", async ({
  person,
  wire,
  server,
  folder,
  origin,
  serverOptions,
}) => {
  await person.createVault(NAME);
  const backup = join(folder, "backup");
  await cp(server.data, backup, { recursive: true });
  await person.addKey(BINANCE);
  await person.fillKey(OKX);
  const away = wire.injectFault("cut", null, API);
  await person.button("Save key").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  await expect(person.status(WAITING)).toBeVisible();
  await server.stop();
  const older = await Server.start(backup, origin, serverOptions);
  wire.upstream = older.port;
  away.heal();
  await person.button("Try now").click();
  await expect(person.heading("An older copy of your vault was refused")).toBeVisible();
  await person.button("Go on with this device's copy").click();
  await expect(person.heading(OKX.label)).toBeVisible();
  await expect(person.status(WAITING)).toHaveCount(0);
  await expect(person.status("Your last change is saved on this device only.")).toContainText(
    "Nothing more is saved while the alarm lasts: lock the vault and unlock it again to go on, or to see why.",
  );
  await expect(person.button("Try now")).toHaveCount(0);

  // An alarm covers a form without losing it, so it asks before it locks.
  await person.link("Security").click();
  await person.link("Add a second passkey").click();
  await person.field("Name").fill("Spare");
  await person.button("Begin").click();
  await expect(person.heading("An older copy of your vault was refused")).toBeVisible();
  await person.button("Lock").click();
  const question = person.dialog("Lock the vault now?");
  await question.getByRole("button", { name: "Keep typing" }).click();
  await expect(question).toBeHidden();
  await person.button("Lock").click();
  await question.getByRole("button", { name: "Lock without saving" }).click();
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await older.stop();
});

test("a rolled back server raises an alarm on a page of its own", async ({
  page,
  person,
  wire,
  server,
  folder,
  origin,
  serverOptions,
}) => {
  await person.createVault(NAME);
  await person.addKey(BINANCE);
  const backup = join(folder, "backup");
  await cp(server.data, backup, { recursive: true });
  await person.addKey(OKX);
  await server.stop();
  const older = await Server.start(backup, origin, serverOptions);
  wire.upstream = older.port;

  await person.link("Edit").click();
  await person.field("Label").fill("OKX spot");
  await person.button("Save changes").click();
  await expect(person.heading("An older copy of your vault was refused")).toBeFocused();
  await expect(page.getByText("The server offered an older copy of your vault, change 2, than")).toBeVisible();
  await expect(person.field("Label")).toBeHidden();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  const saving = page.waitForEvent("download");
  await person.button("Save the evidence").click();
  const evidence = await readFile(await (await saving).path(), "utf8");
  expect(evidence).toContain("kind: rollback\nchange on this device: 3\nchange offered: 2");
  for (const private_ of [NAME, BINANCE.label, OKX.label, OKX.secret]) expect(evidence).not.toContain(private_);

  await person.button("Go on with this device's copy").click();
  await expect(person.field("Label"), "the draft is still there").toHaveValue("OKX spot");
  expect(counts(backup).commits).toBe(2);
  await older.stop();
});
