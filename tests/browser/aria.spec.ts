// Compares what a screen reader announces on every page (roles, names and order) with the snapshots
// in `aria/`. A change there is a change of the product; `npx playwright test aria
// --update-snapshots` records it.
import { expect, test } from "./support/fixtures.ts";
import { WALKS } from "./support/walk.ts";

/** What differs in every run, and the pattern that replaces it. */
const CHANGING: [found: RegExp, stands: string][] = [
  [/\b[0-9A-HJKMNP-TV-Z]{4}(?:[- ][0-9A-HJKMNP-TV-Z]{4}){7}\b/g, "CODE"],
  // Quoted where YAML could read it as a number or a boolean.
  [/(?<=listitem: )"?(?=[0-9A-Z]*\d|[0-9A-Z]{4}"?$)[0-9A-Z]{4}"?$/gm, "GROUP"],
  [/\b[0-9a-f]{4}(?: [0-9a-f]{4})+\b/g, "HASH"],
  [/sha384-[\w+/=]+/g, "HASH"],
  [/localhost:\d+/g, "HOST"],
  [/(?<=device )[0-9a-f]{8}\b/g, "DEVICE"],
  [/\b(?:just now|\d+ (?:min|s|h) ago)\b/g, "A WHILE AGO"],
  [/Hides in \d+ s/g, "Hides in SOME s"],
  [/Group [1-8]\b/g, "Group N"],
  [/Word \d+\b(?!,)/g, "Word N"],
  [/(?<=listitem: )"?[a-z]{3,8}"?$/gm, "WORD"],
  [/(?<=\/)[0-9a-f]{32}\b/g, "ID"],
  [/\b\d+ \w{3} \d{4}(?:, \d\d:\d\d:\d\d)?/g, "A DAY"],
];

function settled(tree: string): string {
  return CHANGING.reduce((text, [found, stands]) => text.replace(found, stands), tree);
}

for (const [where, walk] of Object.entries(WALKS)) {
  test(`roles and names ${where}`, async ({ page, context, person, authenticator, guard, server, wire, origin }) => {
    test.slow();
    const seen: string[] = [];
    await walk({ page, context, person, authenticator, guard, server, wire, origin }, async (name) => {
      // Rows are filled a moment after they appear: one without a key has no link yet.
      const places = page.getByRole("list", { name: "Exchange keys" }).getByRole("listitem");
      await expect(places.filter({ hasNot: page.getByRole("link") })).toHaveCount(0);
      // Messages are announced in the frame after the heading's.
      await page.evaluate(() => new Promise((painted) => {
        requestAnimationFrame(() => requestAnimationFrame(painted));
      }));
      const tree = await page.locator("body").ariaSnapshot();
      seen.push(name);
      expect.soft(`${settled(tree)}\n`).toMatchSnapshot(`${name}.yml`);
    });
    expect(new Set(seen).size, "each page has a name of its own").toBe(seen.length);
  });
}
