// Everybody can use it: checked by axe on every page at both widths in both themes, by keyboard alone on the main path, and for
// where the focus goes. The same walk keeps a picture of each page for eyes.
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Locator } from "@playwright/test";
import { DEEP, expect, test } from "./support/fixtures.ts";
import { BINANCE } from "./support/person.ts";
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

test("the main path works by keyboard alone", async ({ page, person, guard }) => {
  for (const [name, text] of Object.entries(BINANCE)) if (name !== "exchange") guard.keep(name, text);
  /** Presses Tab until the control has the focus, as somebody would. */
  const reach = async (target: Locator): Promise<void> => {
    await expect(target).toBeVisible();
    for (let steps = 0; steps < 40; steps += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not reach ${target}`);
  };
  const press = async (target: Locator): Promise<void> => {
    await expect(target).toBeEnabled();
    await reach(target);
    await page.keyboard.press("Enter");
  };
  const type = async (target: Locator, text: string): Promise<void> => {
    await reach(target);
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(text);
  };

  await page.goto("/");
  await press(person.button("Create a vault"));
  await type(person.field("Vault name"), "By keyboard");
  await press(person.button("Create passkey"));
  await press(person.button("Open my vault"));
  await expect(person.heading("By keyboard")).toBeFocused();

  await page.keyboard.press("n");
  await expect(person.heading("Add an exchange key")).toBeFocused();
  await press(person.button("Binance"));
  await expect(person.heading("Add a Binance key")).toBeFocused();
  await type(person.field("Label"), BINANCE.label);
  await type(person.field("API key"), BINANCE.apiKey);
  await type(person.field("API secret"), BINANCE.secret);
  await press(person.button("Save key"));
  await expect(person.heading(BINANCE.label)).toBeFocused();

  await page.keyboard.press("Escape");
  await expect(person.heading("By keyboard")).toBeFocused();
  await page.keyboard.press("/");
  const search = page.getByRole("searchbox", { name: "Search keys" });
  await expect(search).toBeFocused();
  await page.keyboard.type("binance");
  await expect(person.rows()).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(person.row(BINANCE.label)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(person.heading(BINANCE.label)).toBeFocused();
  await press(person.button("Reveal"));
  await expect(person.text(BINANCE.secret)).toBeVisible();
  await page.keyboard.press("?");
  await expect(person.dialog("Keyboard shortcuts")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(person.dialog("Keyboard shortcuts")).toBeHidden();
  await expect(person.heading(BINANCE.label), "closing the sheet does not leave the key").toBeVisible();

  await page.keyboard.press("l");
  await expect(person.heading("Unlock your vault")).toBeVisible();
  await press(person.button("Unlock with passkey"));
  await expect(person.heading("By keyboard")).toBeFocused();
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
