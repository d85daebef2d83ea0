// A server that lies in what it shows of the newest changes, to a device that knows the vault and
// was closed and opened in between. With CRYSTALLUM_SCREENS it takes a picture of each alarm.
import { alterJson, type Json } from "./support/altered.ts";
import { counts } from "./support/database.ts";
import {
  FOURTH,
  HINTS,
  NAME,
  OWN_KEYS,
  RENAMED,
  THIRD,
  close,
  enterElsewhere,
  expect,
  expectAlarm,
  expectHonest,
  expectKeys,
  expectOwnCopy,
  overviews,
  renameKey,
  reopen,
  test,
} from "./support/deceived.ts";
import { BINANCE, OKX } from "./support/person.ts";

const DELTA = /^\/api\/delta/;
const COMMIT = "POST /api/commit";
const ALTERED = "Altered data was refused";
const UNSIGNED = /^The server offered data for change \d+ that .*It was altered, or belongs to another vault\.$/;

test.beforeEach(async ({ guard }) => {
  guard.allow(/^console: Failed to load resource/);
  guard.keep("label of a key that was renamed", RENAMED);
});

/** The record that was renamed, and its overview before that. */
interface Known {
  id: string;
  older: Json;
}

/** What a lie makes of the entries of a delta: the device's own newest change, then the others'. */
type Lie = (answer: Json, known: Known) => void;

const added = (answer: Json): Json => answer.entries.at(-1).changes.find(({ secret }: Json) => secret?.blob);
const renamed = (answer: Json, id: string): Json =>
  answer.entries.at(-2).changes.find((change: Json) => change.id === id);

const SWAPS: Record<string, Lie> = {
  "two overviews": (answer, { id }) => {
    const [one, two] = [renamed(answer, id).overview, added(answer).overview];
    [one.blob, two.blob] = [two.blob, one.blob];
  },
  "two overviews and their hashes": (answer, { id }) => {
    const [one, two] = [renamed(answer, id).overview, added(answer).overview];
    [one.blob, two.blob, one.hash, two.hash] = [two.blob, one.blob, two.hash, one.hash];
  },
};

const OLDER: Record<string, Lie> = {
  "its ciphertext": (answer, { id, older }) => {
    renamed(answer, id).overview.blob = older.blob;
  },
  "its ciphertext, hash and version": (answer, { id, older }) => {
    renamed(answer, id).overview = older;
  },
};

const ORDERS: Record<string, Lie> = {
  "without the change that the device knows": (answer) => answer.entries.shift(),
  "without one in the middle": (answer) => answer.entries.splice(-2, 1),
  "one twice": (answer) => answer.entries.splice(-1, 0, answer.entries.at(-2)),
  "in another order": (answer) => answer.entries.push(...answer.entries.splice(-2, 1)),
  "without what the newest changed": (answer) => {
    answer.entries.at(-1).changes = [];
  },
  "with one that is never shown": (answer) => {
    answer.counter += 1;
  },
  "none at all": (answer) => {
    answer.entries = [];
  },
};

for (const [title, lies] of Object.entries({
  // Attack T10 of tests/ATTACKS.md.
  "two records' ciphertexts swapped: refused, and the device keeps its copy": SWAPS,
  // Attack T13 of tests/ATTACKS.md.
  "one record at an older version: refused, and the device keeps its copy": OLDER,
  // Attack T17 of tests/ATTACKS.md.
  "changes left out, doubled, reordered or cut short: refused, and the device keeps its copy": ORDERS,
})) {
  test(title, async ({ page, person, browser, guard, origin, wire, server }) => {
    test.slow();
    const paper = await person.createVaultWithSheet(NAME);
    const before = await overviews(page);
    await person.addKey(BINANCE);
    const [[id, older]] = [...(await overviews(page))].filter(([id]) => !before.has(id));
    await person.addKey(OKX);
    await close(person);
    const elsewhere = await enterElsewhere(browser, guard, origin, paper);
    await renameKey(elsewhere.person, BINANCE.label, RENAMED);
    await elsewhere.person.addKey(THIRD);
    await elsewhere.context.close();
    const { commits } = counts(server.data);
    const sent = wire.count(COMMIT);

    for (const [what, lie] of Object.entries(lies)) {
      await test.step(what, async () => {
        const rule = wire.alter("GET", DELTA, alterJson((answer) => lie(answer, { id, older })));
        await reopen(person, origin);
        await expectAlarm(person, ALTERED, UNSIGNED, lie === SWAPS["two overviews"] ? "altered" : undefined);
        await expectOwnCopy(person, OWN_KEYS);
        expect(rule.altered).toBeGreaterThan(0);
        await close(person);
        rule.heal();

        // The server is honest, and as it was when the device was closed: the next lie is told to
        // a device that has no alarm.
        const honest = wire.alter("GET", DELTA, alterJson((answer) => {
          answer.entries.length = 1;
          answer.counter = 4;
        }));
        await reopen(person, origin);
        await expectKeys(person, OWN_KEYS);
        await expect(person.status("You see the copy on this device")).toHaveCount(0);
        await close(person);
        expect(honest.altered).toBeGreaterThan(0);
        honest.heal();
      });
    }
    expect(counts(server.data).commits).toBe(commits);
    expect(wire.count(COMMIT), "nothing was sent").toBe(sent);
    await expectHonest(person, origin, [{ ...BINANCE, label: RENAMED }, OKX, THIRD], FOURTH);
    expect(counts(server.data).commits).toBe(commits + 1);
  });
}

// Attack T16 of tests/ATTACKS.md.
test("a record dropped right before a save is not signed away", async ({
  page,
  person,
  browser,
  guard,
  origin,
  wire,
  server,
}) => {
  test.slow();
  const paper = await person.createVaultWithSheet(NAME);
  await person.addKey(BINANCE);
  await person.addKey(OKX);
  await close(person);
  const elsewhere = await enterElsewhere(browser, guard, origin, paper);
  // Nothing tells the device of changes before it asks.
  const hints = wire.injectFault("stall", "GET", HINTS);
  await reopen(person, origin);
  await expectKeys(person, OWN_KEYS);
  await renameKey(elsewhere.person, BINANCE.label, RENAMED);
  await elsewhere.person.addKey(THIRD);
  await elsewhere.context.close();
  const { commits } = counts(server.data);

  const rule = wire.alter("GET", DELTA, alterJson((answer) => {
    for (const entry of answer.entries) {
      entry.changes = entry.changes.filter(({ overview }: Json) => overview?.version !== 2);
    }
  }));
  await person.fillKey(FOURTH);
  await person.button("Save key").click();
  await expectAlarm(person, ALTERED, UNSIGNED, "altered-before-a-save");
  expect(rule.altered).toBeGreaterThan(0);
  await person.button("Go on with this device's copy").click();
  await expect(page.getByLabel("Label", { exact: true }), "what was typed is still there").toHaveValue(FOURTH.label);
  expect(counts(server.data).commits, "nothing was stored").toBe(commits);
  await close(person);
  rule.heal();
  hints.release("cut");

  await reopen(person, origin);
  await expectKeys(person, [{ ...BINANCE, label: RENAMED }, OKX, THIRD]);
  await person.button("Continue where you left off").click();
  await expect(person.field("Label")).toHaveValue(FOURTH.label);
  await person.button("Save key").click();
  await expect(person.status(`${FOURTH.label} is saved.`)).toBeVisible();
  expect(counts(server.data).commits).toBe(commits + 1);
});
