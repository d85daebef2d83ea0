// Accessibility: axe on every page at both widths in both themes, and where the focus moves.
import { AxeBuilder } from "@axe-core/playwright";
import { DEEP, expect, test } from "./support/fixtures.ts";
import { colour, resize } from "./support/appearance.ts";
import { BINANCE } from "./support/person.ts";
import { WALKS } from "./support/walk.ts";

/**
 * The rules that depend on colours. The others give the same result in both themes; the deep run
 * repeats all.
 */
const COLOURS = ["color-contrast", "link-in-text-block"];

for (const [where, walk] of Object.entries(WALKS)) {
  test(`axe finds nothing ${where}, and no page is wider than its window`, async ({
    page,
    context,
    person,
    authenticator,
    guard,
    server,
    wire,
    origin,
  }) => {
    test.slow();
    const found: string[] = [];
    let checked = 0;
    await walk({ page, context, person, authenticator, guard, server, wire, origin }, async (name) => {
      const before = page.viewportSize()!;
      for (const width of [360, 1440]) {
        await resize(page, width, width < 900 ? 780 : 900);
        for (const colorScheme of ["light", "dark"] as const) {
          await colour(page, colorScheme);
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
          checked += 1;
        }
      }
      await page.setViewportSize(before);
    });
    expect(found).toEqual([]);
    expect(checked).toBeGreaterThan(40);
  });
}

test("control: axe finds planted faults", async ({ page }) => {
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

test("each page has one main heading, its own title, and gives it the focus", async ({ page, person }) => {
  const arrived = async (heading: string, title: string): Promise<void> => {
    await expect(person.heading(heading)).toBeFocused();
    await expect(page).toHaveTitle(`${title} · Crystallum`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
    await expect(page.getByRole("main")).toHaveCount(1);
  };
  await page.goto("/");
  await person.button("Create a vault").click();
  await arrived("Name your vault", "Create a vault");
  await person.button("Create passkey").click();
  await arrived("Your recovery sheet", "Recovery sheet");
  await person.button("I have kept it").click();
  await arrived("Show that you kept it", "Recovery sheet");
  await person.skipSheet();
  await arrived("Your vault is ready", "Your vault is ready");
  await person.button("Open my vault").click();
  await arrived("My vault", "Vault");
  await person.link("Add exchange key").click();
  await arrived("Add an exchange key", "Add an exchange key");
  await person.button("Binance").click();
  await arrived("Add a Binance key", "Add a Binance key");
  await page.goBack();
  await arrived("Add an exchange key", "Add an exchange key");
  await person.addKey(BINANCE);
  await arrived(BINANCE.label, "Key");
  await person.link("Edit").click();
  await arrived(`Edit ${BINANCE.label}`, "Edit key");
});
