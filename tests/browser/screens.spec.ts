// Every page at both widths in both themes: checked by axe, and kept as a picture for eyes.
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { DEEP, expect, test } from "./support/fixtures.ts";
import { walk } from "./support/walk.ts";

const FOLDER = join(import.meta.dirname, "results", "screens");
/** Pages whose pictures are always kept; the deep run keeps all. */
const FEW = ["welcome", "vault-list", "detail-revealed"];
/** What depends on colours alone; all else is the same in both themes, and the deep run asks again. */
const COLOURS = ["color-contrast", "link-in-text-block"];

test("axe finds nothing on any page, and no page is wider than its window", async ({
  page,
  context,
  person,
  authenticator,
  origin,
  guard,
}) => {
  test.slow();
  guard.allow(/^console: Failed to load resource.*401/);
  const found: string[] = [];
  let checked = 0;
  await walk({ page, context, person, authenticator, origin }, async (name) => {
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: width < 900 ? 780 : 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const axe = new AxeBuilder({ page }).setLegacyMode();
        const rules = colorScheme === "dark" && !DEEP ? axe.withRules(COLOURS) : axe;
        const { violations, passes } = await rules.analyze();
        const place = `${name} at ${width}, ${colorScheme}`;
        for (const { id, nodes } of violations) {
          found.push(`${place}: ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
        }
        if (passes.length === 0) found.push(`${place}: axe checked nothing`);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (overflow > 0) found.push(`${place}: ${overflow} px too wide`);
        if (DEEP || FEW.includes(name)) {
          await page.screenshot({ path: join(FOLDER, `${name}-${width}-${colorScheme}.png`), caret: "hide" });
        }
        checked += 1;
      }
    }
  });
  expect(found).toEqual([]);
  expect(checked).toBeGreaterThan(80);
});

test("axe sees faults that are planted", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Create a vault" }).waitFor();
  await page.evaluate(() => {
    const main = document.querySelector("main")!;
    const nameless = document.createElement("button");
    const pale = document.createElement("p");
    pale.textContent = "hardly seen";
    pale.style.color = "#eeeeee";
    pale.style.backgroundColor = "#ffffff";
    main.append(nameless, pale);
  });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  expect(violations.map(({ id }) => id)).toEqual(expect.arrayContaining(["button-name", "color-contrast"]));
});
