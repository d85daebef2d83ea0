// A browser that is killed in the middle of writes and of a sync, and started again on what its
// disk has: it opens the vault, has everything that was saved, raises no alarm and goes on.
import { join } from "node:path";
import { Authenticator, type Kept } from "./support/authenticator.ts";
import { OwnBrowser } from "./support/browser.ts";
import { OWN, counts } from "./support/database.ts";
import { expect, test } from "./support/fixtures.ts";
import { Guard } from "./support/guard.ts";
import { Person, type Key } from "./support/person.ts";
import type { Proxy } from "./support/proxy.ts";
import type { Rule } from "./support/rule.ts";
import { SeededRng } from "./support/seeded_rng.ts";

const NAME = "Desk of Ada";

/** How often the browser is killed. */
const KILLS = Number(process.env.CRYSTALLUM_KILLS ?? 5);

/** The longest pause, in milliseconds, between what begins a write or a sync and the kill. */
const LONGEST = 400;

/** A number that no counter of a passkey reaches within one round. */
const COUNTERS = 1_000;

/**
 * When the browser is killed: before its write, or the answer to it, or what another device wrote,
 * has arrived; or at a moment that the seed chooses, while it writes, or while both devices do.
 */
type Moment = "before the write" | "before the answer" | "before the changes" | "writing" | "syncing";

const MOMENTS: Moment[] = ["writing", "before the answer", "syncing", "before the write", "before the changes"];

const COMMIT = /^\/api\/commit$/;
const DELTA = /^\/api\/delta/;

/** What the two devices have tried to store in one round. All labels contain the round's word. */
class Round {
  /** The labels that somebody was told are saved, or that the server or disk is known to have. */
  readonly saved = new Set<string>();
  /** Those of which nobody knows: each is stored once, or never. */
  readonly unknown = new Set<string>();
  readonly word: string;

  constructor(number: number) {
    this.word = `round${String(number).padStart(3, "0")}`;
  }

  label(who: string): string {
    return `${who} ${this.word}`;
  }
}

/**
 * Expects what was saved in these rounds, and everything else at most once. Returns the number of
 * keys. Searches, because a long list shows only what fits the window.
 */
async function expectKeys(person: Person, rounds: Round[]): Promise<number> {
  const search = person.page.getByRole("searchbox", { name: "Search keys" });
  if (!(await person.heading(NAME).isVisible())) await person.link("Vault").click();
  let keys = 0;
  for (const { word, saved, unknown } of rounds) {
    await search.fill(word);
    await expect(person.rows().filter({ hasNotText: word }), "other rows").toHaveCount(0);
    for (const label of saved) await expect(person.row(label), label).toHaveCount(1);
    const all = await person.rows().getByRole("link").allTextContents();
    expect(new Set(all).size, "each is stored once").toBe(all.length);
    for (const label of all) expect([...saved, ...unknown]).toContain(label);
    keys += all.length;
  }
  await search.fill("");
  return keys;
}

/** The browser that is killed, for as long as it runs. */
class Laptop {
  private constructor(
    private readonly own: OwnBrowser,
    private readonly authenticator: Authenticator,
    private readonly watching: Guard,
    readonly person: Person,
  ) {}

  static async start(profile: string, origin: string, kept: Kept, counter: number): Promise<Laptop> {
    const own = await OwnBrowser.start(profile);
    const watching = await Guard.watch(own.context, origin);
    // What stalls or is cut when the browser is killed may be reported before it ends.
    watching.allow(/^console: Failed to load resource/);
    const page = await own.context.newPage();
    const authenticator = await Authenticator.attach(page, kept, counter);
    const laptop = new Laptop(own, authenticator, watching, new Person(page, watching, origin));
    await page.goto(`${origin}/unlock`);
    await laptop.person.unlock();
    return laptop;
  }

  async kill(wire: Proxy): Promise<void> {
    await this.own.kill();
    this.watching.check(wire, this.authenticator);
  }

  /** Expects what was saved in these rounds, and no complaint. Returns the number of keys. */
  async expectAll(rounds: Round[]): Promise<number> {
    const keys = await expectKeys(this.person, rounds);
    await this.expectCalm();
    return keys;
  }

  /** Expects neither an alarm nor a banner about a change that was lost, refused or set aside. */
  async expectCalm(): Promise<void> {
    const { person } = this;
    for (const name of ["Save the evidence", "Set it aside", "Save it again", "I have read this", "I know it"]) {
      await expect(person.button(name), name).toHaveCount(0);
    }
    await expect(person.page.getByRole("heading", { name: /refused|withdrew|disagree|newer version/ })).toHaveCount(0);
  }
}

const keyOf = (label: string): Key => ({
  exchange: "Binance",
  label,
  apiKey: `api key of ${label}, which is long enough`,
  secret: `secret of ${label}, which is long enough`,
});

/** Fills the form and saves it, without waiting for what comes of it. */
async function save(person: Person, label: string): Promise<void> {
  await person.fillKey(keyOf(label));
  await person.button("Save key").click();
}

/** Waits until a stalled request is there. */
const reached = (rule: Rule) => expect.poll(() => rule.hits, "the request is on its way").toBeGreaterThan(0);

const pause = (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds));

// Attack T50 of tests/ATTACKS.md.
test("a browser that is killed at any moment has what was saved, raises no alarm and goes on", async ({
  person: elsewhere,
  authenticator,
  guard,
  folder,
  origin,
  wire,
  server,
}) => {
  test.setTimeout(60_000 + KILLS * 30_000);
  const rng = new SeededRng("kills");
  const random = (below: number) => rng.bytes(4).readUInt32BE() % below;
  const profile = join(folder, "profile");
  const rounds: Round[] = [];
  // The other device meets the faults too.
  guard.allow(/^console: Failed to load resource/);

  await elsewhere.createVault(NAME);
  const kept = await authenticator.keep();
  let laptop = await Laptop.start(profile, origin, kept, COUNTERS);
  await laptop.person.button("Continue").click();
  await expect(laptop.person.heading(NAME)).toBeVisible();
  await elsewhere.button("I know it").click();

  for (let number = 1; number <= KILLS; number += 1) {
    const moment = MOMENTS[(number - 1) % MOMENTS.length];
    await test.step(`round ${number}, ${moment}`, async () => {
      const round = new Round(number);
      rounds.push(round);
      const [before, mine, theirs] = ["Before", "Laptop", "Elsewhere"].map((who) => round.label(who));
      await laptop.person.addKey(keyOf(before));
      round.saved.add(before);
      await expectKeys(elsewhere, [round]);

      const commits = counts(server.data).commits;
      let rule: Rule | null = null;
      if (moment === "before the write") {
        rule = wire.injectFault("stall", "POST", COMMIT);
        await save(laptop.person, mine);
        await reached(rule);
        // What is sent was stored on the disk first.
        round.saved.add(mine);
      } else if (moment === "before the answer") {
        rule = wire.injectFault("lose", "POST", COMMIT);
        await save(laptop.person, mine);
        await expect.poll(() => counts(server.data).commits, "the server has it").toBe(commits + 1);
        round.saved.add(mine);
      } else if (moment === "before the changes") {
        rule = wire.injectFault("stall", "GET", DELTA);
        const asked = laptop.person.page.waitForRequest((request) => DELTA.test(new URL(request.url()).pathname));
        await elsewhere.addKey(keyOf(theirs));
        round.saved.add(theirs);
        await asked;
      } else {
        await laptop.person.fillKey(keyOf(mine));
        round.unknown.add(mine);
        const saves = [laptop.person.button("Save key")];
        if (moment === "syncing") {
          // Both devices write at the same time, so the laptop's change may have to be rebased.
          await elsewhere.fillKey(keyOf(theirs));
          saves.push(elsewhere.button("Save key"));
          round.saved.add(theirs);
        }
        await Promise.all(saves.map((button) => button.click()));
        await pause(random(LONGEST));
        if (await laptop.person.status(`${mine} is saved.`).isVisible()) round.saved.add(mine);
      }
      await laptop.kill(wire);
      rule?.release("cut");
      if (moment === "syncing") await expect(elsewhere.status(`${theirs} is saved.`)).toBeVisible();

      laptop = await Laptop.start(profile, origin, kept, (number + 1) * COUNTERS);
      await laptop.expectAll([round]);
    });
  }

  // It has written and synchronised as the same device all the time.
  const last = new Round(0);
  rounds.push(last);
  await laptop.person.addKey(keyOf(last.label("Last")));
  last.saved.add(last.label("Last"));
  const keys = await expectKeys(elsewhere, rounds);
  expect(await laptop.expectAll(rounds), "both devices have the same").toBe(keys);
  expect(counts(server.data).records, "one profile, two devices, the keys").toBe(OWN + 1 + keys);
  await expect(elsewhere.button("I know it"), "no device entered").toHaveCount(0);
  await laptop.kill(wire);

  // A browser that knows nothing accepts the whole history.
  const clean = await Laptop.start(join(folder, "clean"), origin, kept, (KILLS + 2) * COUNTERS);
  await clean.person.button("Continue").click();
  expect(await clean.expectAll(rounds)).toBe(keys);
  await clean.kill(wire);
});
