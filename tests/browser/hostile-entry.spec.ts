// A server that lies to a browser that does not know the vault, in the pages of what is in it. With
// CRYSTALLUM_SCREENS it takes a picture of the alarm.
import { alterJson, type Json } from "./support/altered.ts";
import { counts } from "./support/database.ts";
import {
  NAME,
  OWN_KEYS,
  THIRD,
  close,
  expect,
  expectAlarm,
  expectHonest,
  expectKeys,
  reopen,
  test,
} from "./support/deceived.ts";
import { BINANCE, OKX } from "./support/person.ts";

const FIRST_PAGE = /^\/api\/state$/;
const NEXT_PAGE = /^\/api\/state\?/;
const ALTERED = "Altered data was refused";
const UNSIGNED = /^The server offered data for change 4 that .*It was altered, or belongs to another vault\.$/;

test.beforeEach(async ({ guard }) => guard.allow(/^console: Failed to load resource/));

/** What a lie makes of a page of objects. */
type Lie = (page: Json) => void;

const withBlob = (page: Json, part: "overview" | "secret"): Json[] =>
  page.objects.filter((object: Json) => object[part]?.blob).map((object: Json) => object[part]);

/** Swaps the ciphertexts, and the hashes if wanted, of the last two records. */
const swapping = (part: "overview" | "secret", fields: string[]): Lie => (page) => {
  const [one, two] = withBlob(page, part).slice(-2);
  for (const field of fields) [one[field], two[field]] = [two[field], one[field]];
};

/** The place of the last object with an overview. */
const lastOverview = ({ objects }: Json): number => objects.findLastIndex(({ overview }: Json) => overview?.blob);

const SWAPS: Record<string, Lie> = {
  "two overviews": swapping("overview", ["blob"]),
  "two overviews and their hashes": swapping("overview", ["blob", "hash"]),
  "two secrets": swapping("secret", ["blob"]),
  "two secrets and their hashes": swapping("secret", ["blob", "hash"]),
};

const LISTS: Record<string, Lie> = {
  "without an overview": (page) => page.objects.splice(lastOverview(page), 1),
  "without a secret": (page) => page.objects.pop(),
  "without a whole record": (page) => {
    const { id } = page.objects.at(-1);
    page.objects = page.objects.filter((object: Json) => object.id !== id);
  },
  "one twice": (page) => page.objects.push(page.objects.at(-1)),
  "in another order": (page) => page.objects.push(...page.objects.splice(lastOverview(page), 1)),
  "cut in the middle, and said to be all": (page) => {
    page.objects.length = lastOverview(page);
    page.more = false;
  },
  "none of the records": (page) => {
    page.objects = page.objects.filter(({ kind }: Json) => kind !== "record");
  },
};

for (const [title, lies] of Object.entries({
  // Attack T10 of tests/ATTACKS.md.
  "a new browser refuses a vault in which two records' ciphertexts are swapped": SWAPS,
  // Attack T17 of tests/ATTACKS.md.
  "a new browser refuses a vault in which anything is left out, doubled, reordered or cut short": LISTS,
})) {
  test(title, async ({ page, person, authenticator, origin, wire, server }) => {
    test.slow();
    await person.createVaultWithSheet(NAME);
    await person.addKey(BINANCE);
    await person.addKey(OKX);
    await person.lock();
    await authenticator.forgetBrowser(origin);
    const { commits } = counts(server.data);

    /** Opens the vault while the server lies: the browser opens nothing and writes nothing. */
    const refuses = async (picture?: string): Promise<void> => {
      await reopen(person, origin);
      await expectAlarm(person, ALTERED, UNSIGNED, picture);
      await expect(person.button("Go on with this device's copy")).toHaveCount(0);
      for (const text of [NAME, BINANCE.label, OKX.label]) await expect(page.getByText(text)).toHaveCount(0);
      await person.button("Back to unlocking").click();
      await expect(person.heading("Open your vault on this browser")).toBeVisible();
      expect(counts(server.data).commits).toBe(commits);
    };
    for (const [what, lie] of Object.entries(lies)) {
      await test.step(what, async () => {
        const rule = wire.alter("GET", FIRST_PAGE, alterJson(lie));
        await refuses(lie === SWAPS["two overviews"] ? "altered-for-a-new-browser" : undefined);
        expect(rule.altered).toBeGreaterThan(0);
        rule.heal();
      });
    }
    if (lies === LISTS) {
      await test.step("a second page that is empty", async () => {
        const first = wire.alter("GET", FIRST_PAGE, alterJson((page) => {
          page.objects.length = lastOverview(page);
          page.more = true;
        }));
        const second = wire.alter("GET", NEXT_PAGE, alterJson((page) => {
          page.objects = [];
          page.more = false;
        }));
        await refuses();
        expect(second.altered).toBeGreaterThan(0);
        for (const rule of [first, second]) rule.heal();
      });
      await test.step("not even what the passkey opens", async () => {
        const rule = wire.alter("GET", FIRST_PAGE, alterJson((page) => {
          page.objects = [];
        }));
        await refuses();
        expect(rule.altered).toBeGreaterThan(0);
        expect(counts(server.data).commits).toBe(commits);
        rule.heal();
      });
    }

    await reopen(person, origin);
    await expect(person.heading("This browser does not know this vault")).toBeVisible();
    await person.button("Continue").click();
    await expectKeys(person, OWN_KEYS);
    await close(person);
    await expectHonest(person, origin, OWN_KEYS, THIRD);
  });
}
