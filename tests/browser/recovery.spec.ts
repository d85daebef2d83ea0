// Recovery with nothing but the recovery sheet.
import { expect, test } from "./support/fixtures.ts";
import { counts } from "./support/database.ts";
import { Authenticator } from "./support/authenticator.ts";
import { BINANCE, Person } from "./support/person.ts";

const NAME = "Desk of Ada";
/** The alphabet of recovery codes, in order. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TYPING = "A character is wrong, or two neighbours are swapped.";

test("a clean browser with only the code gets the vault, a passkey and a new sheet; the old code is dead", async ({
  page,
  person,
  authenticator,
  origin,
  server,
}) => {
  const old = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);

  // Every passkey is lost, and the browser does not know the vault.
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  const fresh = await person.recover(old.code);
  expect(fresh.code).not.toBe(old.code);
  expect(fresh.change).toBeGreaterThan(old.change);
  await expect(person.text("The code you used is dead. This is the new one; the old sheet can be destroyed.")).toBeVisible();
  expect(await authenticator.passkeys()).toBe(1);
  await person.confirmSheet(fresh);
  await expect(person.heading(NAME)).toBeVisible();
  await person.openKey(BINANCE.label);
  await person.button("Reveal").click();
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await person.link("Security").click();
  await expect(person.text("Found again")).toBeVisible();
  expect(counts(server.data).accounts).toBe(1);

  await person.lock();
  await person.unlock();
  await expect(person.heading(NAME), "the new passkey opens it from now on").toBeVisible();

  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  await page.goto("/recover");
  await person.field("Recovery code").fill(old.code);
  await person.button("Continue").click();
  await expect(person.alert("This code opens no vault on this server.")).toBeVisible();
  await person.field("Recovery code").fill(fresh.code);
  await person.button("Continue").click();
  await expect(person.heading("Your code fits. Is this your newest state?")).toBeVisible();
});

test("leaving the page while the new passkey is registered still ends at the new sheet", async ({
  page,
  person,
  authenticator,
  origin,
  wire,
}) => {
  const old = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  await authenticator.replace({ hasPrf: true });
  await page.goto("/");
  await person.link("Use my recovery sheet").click();
  await person.field("Recovery code").fill(old.code);
  await person.button("Continue").click();
  await person.button("Continue").click();
  await expect(person.heading("Make a passkey on this device")).toBeVisible();
  const held = wire.injectFault("stall", "POST", /^\/api\/commit$/);
  await person.button("Create passkey").click();
  await expect.poll(() => held.hits).toBe(1);
  await page.goBack();
  await expect(person.button("Create a vault")).toBeVisible();
  held.release("go");
  const fresh = await person.readSheet();
  expect(fresh.code).not.toBe(old.code);
  await person.confirmSheet(fresh);
  await expect(person.status("Your recovery sheet is confirmed.")).toBeVisible();
});

test("other devices are told that the sheet was used and see the newest change number", async ({
  page,
  person,
  browser,
  guard,
  origin,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  const change = (number: number) => person.text(`Change ${number}`);
  await expect(change(2)).toBeVisible();
  await person.addKey(BINANCE);
  await expect(change(3)).toBeVisible();

  const context = await browser.newContext({ locale: "en-GB" });
  const elsewhere = await context.newPage();
  await Authenticator.attach(elsewhere);
  const fresh = await new Person(elsewhere, guard, origin).recover(paper.code);
  // The device joins, and changes the sign-in methods.
  expect(fresh.change).toBe(5);
  await context.close();

  const told = page.getByText("The ways into this vault were changed on another device.");
  await expect(told).toHaveCount(0);
  await person.lock();
  await person.unlock();
  await expect(told).toBeVisible();
  await expect(change(5)).toBeVisible();
  await person.link("Look at them").click();
  await expect(person.heading("Security")).toBeVisible();
  await expect(person.text("Found again")).toBeVisible();
  await expect(told, "it stands beside the list").toBeVisible();
  await person.link("Vault").click();
  await expect(person.heading(NAME)).toBeVisible();
  await expect(told).toHaveCount(0);
});

test("a code that is sent before the engine has started is used once it has", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/worker-[0-9a-f]+\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await page.goto("/recover");
  await person.field("Recovery code").fill(paper.code);
  await person.button("Continue").click();
  await expect(person.status("Opening the vault; this can take a moment.")).toBeVisible();
  release();
  await expect(person.heading("Your code fits. Is this your newest state?")).toBeVisible();
});

test("what the code opens is shown with number and fingerprint before anything else, and can be declined", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  await page.goto("/");
  await person.link("Use my recovery sheet").click();
  await person.field("Recovery code").fill(paper.code.toLowerCase().replaceAll("-", " "));
  await expect(person.status("The code is complete and free of typing mistakes.")).toBeVisible();
  await person.field("Change number on the sheet").fill(String(paper.change));
  await person.button("Continue").click();
  await expect(person.heading("Your code fits. Is this your newest state?")).toBeVisible();
  const facts = page.getByRole("region", { name: "Newest change that the server showed" });
  await expect(facts).toContainText("Change number");
  await expect(facts).toContainText("Fingerprint");
  await expect(page.getByText(NAME)).toHaveCount(0);
  await person.button("Do not open").click();
  await expect(page).toHaveURL(/\/unlock$/);
  expect(await authenticator.passkeys(), "no passkey was made").toBe(1);
});

// Attack T49 of tests/ATTACKS.md.
test("a sheet with a newer change number than the server raises an alarm", async ({
  page,
  person,
  authenticator,
  origin,
}) => {
  const paper = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  await page.goto("/recover");
  await person.field("Recovery code").fill(paper.code);
  await person.field("Change number on the sheet").fill(String(paper.change + 40));
  await person.button("Continue").click();
  await expect(person.heading("A state that your recovery sheet contradicts was refused")).toBeVisible();
  await expect(page.getByText(`Your recovery sheet was made at change ${paper.change + 40}`)).toBeVisible();
  await expect(person.button("Save the evidence")).toBeVisible();
});

test("every wrong character and every swapped pair is found before anything is sent", async ({
  page,
  person,
  authenticator,
  origin,
  wire,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  await authenticator.forgetBrowser(origin);
  await page.goto("/recover");
  const field = person.field("Recovery code");
  const code = paper.groups.join("");
  await field.fill(code);
  await expect(person.status("The code is complete and free of typing mistakes.")).toBeVisible();
  const sent = wire.requests.filter((line) => line.includes("/api/")).length;

  const told = page.locator(".recover__checked");
  const wrong = new Map<string, RegExp>();
  for (let at = 0; at < code.length; at += 1) {
    const next = ALPHABET[(ALPHABET.indexOf(code[at]) + 1) % ALPHABET.length];
    wrong.set(code.slice(0, at) + next + code.slice(at + 1), at === 0 ? /some other code/ : at === 1 ? /later version/ : /./);
    const [one, two] = [code[at], code[at + 1]];
    if (two && one !== two) wrong.set(code.slice(0, at) + two + one + code.slice(at + 2), /./);
  }
  expect(wrong.size).toBeGreaterThan(50);
  for (const [text, reason] of wrong) {
    await field.fill(text);
    await expect(told, text).not.toBeEmpty();
    await expect(told, text).not.toContainText("complete and free");
    await expect(told, text).toHaveText(reason);
  }
  await field.fill(code.slice(0, 12) + (code[12] === "7" ? "8" : "7") + code.slice(13));
  await expect(told).toHaveText(TYPING);

  for (const [text, reason] of [
    [`A1${code.slice(2)}`, "This is an account key: it begins with A and opens nothing by itself."],
    [`${code.slice(0, 8)}U${code.slice(9)}`, "There is a character in it that no code has."],
    [`${code}7`, "A recovery code has 32 characters, 8 groups of 4; this has 33."],
    [`Z9${code.slice(2)}`, "This is some other code. A recovery code begins with R."],
  ]) {
    await field.fill(text);
    await expect(told, text).toContainText(reason);
    await person.button("Continue").click();
    await expect(person.heading("Open your vault with the recovery sheet")).toBeVisible();
  }
  await field.fill("R1AB");
  await person.button("Continue").click();
  await expect(told).toContainText("this has 4");
  expect(wire.requests.filter((line) => line.includes("/api/")).length, "nothing was sent").toBe(sent);
});

test("the code is on screen only with its sheet", async ({ page, person }) => {
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  const isThere = async () => {
    const html = await page.content();
    return paper.groups.filter((group) => html.includes(group)).length;
  };
  expect(await isThere()).toBe(8);
  await expect(page.getByRole("img", { name: "QR code with the recovery code" })).toBeVisible();
  await person.button("I have kept it").click();
  await expect(person.heading("Show that you kept it")).toBeVisible();
  expect(await isThere(), "while two groups are asked for").toBe(0);
  await person.button("Show the sheet again").click();
  expect((await person.readSheet()).code).toBe(paper.code);
  await person.skipSheet();
  await expect(person.heading("Your vault is ready")).toBeVisible();
  expect(await isThere()).toBe(0);
});

test("the sheet can be copied and saved as it is shown", async ({ page, person, origin }) => {
  await person.startVault(NAME);
  await person.button("Create passkey").click();
  const paper = await person.readSheet();
  const downloading = page.waitForEvent("download");
  await person.button("Save as file").click();
  const stream = await (await downloading).createReadStream();
  const text = Buffer.concat(await stream.toArray()).toString();
  for (const part of [paper.code, NAME, `${origin}/recover`, paper.fingerprint, `Change number: ${paper.change}`]) {
    expect(text).toContain(part);
  }
  await person.button("Copy code").click();
  await expect(person.status("Recovery code copied.")).toBeVisible();
  await person.button("I have kept it").click();
  const [first] = await page.getByLabel(/^Group [1-8]$/).all();
  expect(await person.paste(first)).toBe(paper.code);
});
