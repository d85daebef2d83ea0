// A server that shows an older or another history, or makes the browser forget the vault, to a
// device that knows it and was closed and opened in between. With CRYSTALLUM_SCREENS it takes a
// picture of each alarm.
import { addHeader } from "./support/altered.ts";
import { counts } from "./support/database.ts";
import {
  FOURTH,
  HINTS,
  NAME,
  OWN_KEYS,
  THIRD,
  close,
  enterElsewhere,
  expect,
  expectAlarm,
  expectHonest,
  expectKeys,
  expectOwnCopy,
  reopen,
  test,
} from "./support/deceived.ts";
import { BINANCE, OKX, Person } from "./support/person.ts";
import { takePictures } from "./support/pictures.ts";

const OLDER = "An older copy of your vault was refused";
const FORK = "A different history of your vault was refused";
const TWO_HISTORIES = /^The server offered (another )?change \d+.* Two histories of one vault exist\.$/;

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

// Attack T14 of tests/ATTACKS.md.
test("the whole vault as it was earlier: refused, and the device keeps its newer copy", async ({
  person,
  origin,
  servers,
}) => {
  await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  const backup = await servers.backUp();
  await person.addKey(OKX);
  await close(person);
  const { commits } = counts(backup);

  await servers.put(backup);
  await reopen(person, origin);
  const seen = /^The server offered an older copy of your vault, change 3, than .* seen, change 4\.$/;
  await expectAlarm(person, OLDER, seen, "older");
  await expectOwnCopy(person, OWN_KEYS);
  await close(person);
  expect(counts(backup).commits, "nothing was written to the older one").toBe(commits);

  await servers.putRight();
  await expectHonest(person, origin, OWN_KEYS, THIRD);
});

// Attack T16 of tests/ATTACKS.md.
test("a vault set back right before a save is not written on", async ({ page, person, origin, servers }) => {
  await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  await close(person);
  await reopen(person, origin);
  await expect(person.row(BINANCE.label)).toBeVisible();
  const backup = await servers.backUp();
  await person.addKey(OKX);
  const { commits } = counts(backup);

  await person.fillKey(THIRD);
  await servers.put(backup);
  await person.button("Save key").click();
  await expectAlarm(person, OLDER, /^The server offered an older copy of your vault, change 3, than/);
  await person.button("Go on with this device's copy").click();
  await expect(page.getByLabel("Label", { exact: true }), "what was typed is still there").toHaveValue(THIRD.label);
  expect(counts(backup).commits, "nothing was stored").toBe(commits);
  await close(person);

  await servers.putRight();
  await reopen(person, origin);
  await expectKeys(person, OWN_KEYS);
  await person.button("Continue where you left off").click();
  await expect(person.field("Label")).toHaveValue(THIRD.label);
  await person.button("Save key").click();
  await expect(person.status(`${THIRD.label} is saved.`)).toBeVisible();
});

// Attack T15 of tests/ATTACKS.md.
test("two devices with two histories: whichever sees the other's refuses it and loses nothing", async ({
  person,
  browser,
  guard,
  origin,
  wire,
  servers,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  const { person: phone, context } = await enterElsewhere(browser, guard, origin, paper);
  await close(phone);
  await close(person);
  await reopen(person, origin);
  await expectKeys(person, [BINANCE]);
  const backup = await servers.backUp();
  await person.addKey(THIRD);
  await close(person);

  // The phone is shown nothing of that, and goes on by itself.
  await servers.put(backup);
  await reopen(phone, origin);
  await expectKeys(phone, [BINANCE]);
  await phone.addKey(FOURTH);
  await close(phone);

  await reopen(person, origin);
  await expectAlarm(person, FORK, TWO_HISTORIES, "fork");
  await expectOwnCopy(person, [BINANCE, THIRD]);
  await close(person);

  await servers.putRight();
  const hints = wire.injectFault("stall", "GET", HINTS);
  await reopen(phone, origin);
  await expectAlarm(phone, FORK, TWO_HISTORIES);
  await expectOwnCopy(phone, [BINANCE, FOURTH]);
  await close(phone);
  hints.release("cut");
  await context.close();

  await expectHonest(person, origin, [BINANCE, THIRD], OKX);
});

// Attack T49 of tests/ATTACKS.md.
test("a server that clears the browser's storage and shows an older vault is told apart by the notice", async ({
  page,
  person,
  origin,
  wire,
  servers,
}) => {
  await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  const backup = await servers.backUp();
  await person.addKey(OKX);
  await close(person);
  const { commits } = counts(backup);

  await servers.put(backup);
  const clearing = wire.alter("GET", /^\/unlock/, addHeader("clear-site-data", '"storage", "cookies"'));
  await reopen(person, origin);
  const notice = person.heading("This browser does not know this vault");
  const change = (number: number) => page.getByRole("definition").filter({ hasText: new RegExp(`^${number}$`) });
  await expect(notice).toBeVisible();
  expect(clearing.altered).toBeGreaterThan(0);
  await expect(change(3)).toBeVisible();
  for (const text of [NAME, BINANCE.label]) await expect(page.getByText(text)).toHaveCount(0);
  const folder = process.env.CRYSTALLUM_SCREENS;
  if (folder) await takePictures(page, folder, "alarm-unknown-vault", [[360, 780], [1280, 800]]);
  await person.button("Do not open").click();
  await expect(person.heading("Open your vault on this browser")).toBeVisible();
  expect(counts(backup).commits, "no device joined").toBe(commits);

  clearing.heal();
  await servers.putRight();
  await reopen(person, origin);
  await expect(notice).toBeVisible();
  await expect(change(4)).toBeVisible();
  await person.button("Continue").click();
  await expectKeys(person, OWN_KEYS);
  await close(person);
  await expectHonest(person, origin, OWN_KEYS, THIRD);
});

// Attack T50 of tests/ATTACKS.md.
test("an answer that is lost, a page that is closed then, and another tab: one history, and nothing twice", async ({
  page,
  person,
  context,
  guard,
  origin,
  wire,
  server,
}) => {
  await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  const { commits } = counts(server.data);
  await person.fillKey(OKX);
  const lost = wire.injectFault("lose", "POST", /^\/api\/commit$/);
  // Neither the answer nor a hint tells the page that the server has the change.
  const hints = wire.injectFault("stall", "GET", HINTS);
  const delta = wire.injectFault("stall", "GET", /^\/api\/delta/);
  await person.button("Save key").click();
  await expect.poll(() => counts(server.data).commits, "the server has it").toBe(commits + 1);
  await page.goto("about:blank");
  lost.heal();
  for (const rule of [hints, delta]) rule.release("cut");

  await reopen(person, origin);
  await expectKeys(person, OWN_KEYS);
  const tab = await context.newPage();
  const other = new Person(tab, guard, origin);
  await tab.goto(`${origin}/unlock`);
  await other.unlock();
  await expect(other.heading("Your vault is open in another tab")).toBeVisible();
  await person.addKey(THIRD);
  expect(counts(server.data).commits, "neither of them twice").toBe(commits + 2);
  await close(person);
  await expectHonest(person, origin, [...OWN_KEYS, THIRD], FOURTH);
});
