// A browser that translates the page: it is not given what is sealed, and the page goes on working.
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { BINANCE, OKX } from "./support/person.ts";
import { TWELVE, addWallet, readPhrase } from "./support/phrases.ts";

const NAME = "Desk of Ada";
/** With a label that no text of the app mentions as an example. */
const KEY = { ...BINANCE, label: "Spot desk of Ada" };

/** How translators treat the text node that they translate. */
const WAYS = ["replaces", "wraps", "removes first"] as const;

/**
 * Translates every text of the page as soon as it appears, as browsers do it: two `font` elements
 * take the place of the text. The language is the same, so that names stay what they are.
 */
async function translate(page: Page, way: (typeof WAYS)[number]): Promise<void> {
  await page.addInitScript((how) => {
    const seen: string[] = [];
    Object.assign(globalThis, { testTranslated: seen });
    const translateText = (text: Text): void => {
      const parent = text.parentElement;
      if (parent === null || text.data.trim() === "" || parent.closest("[translate=no], font, noscript, script, style")) return;
      seen.push(text.data);
      const [outer, inner] = [document.createElement("font"), document.createElement("font")];
      outer.append(inner);
      inner.textContent = text.data;
      if (how === "wraps") {
        // The original stays beside its translation, where neither a person nor Playwright looks.
        const original = document.createElement("noscript");
        text.before(outer);
        original.append(text);
        outer.prepend(original);
      } else if (how === "replaces") {
        text.replaceWith(outer);
      } else {
        const next = text.nextSibling;
        text.remove();
        parent.insertBefore(outer, next);
      }
    };
    const translateAll = (): void => {
      const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
      const found: Text[] = [];
      while (texts.nextNode()) found.push(texts.currentNode as Text);
      for (const text of found) if (document.body?.contains(text)) translateText(text);
    };
    const observer = new MutationObserver(() => setTimeout(translateAll));
    observer.observe(document, { childList: true, characterData: true, subtree: true });
  }, way);
}

/** Returns everything that the translator was given on this page. */
const translated = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { testTranslated: string[] }).testTranslated.join("\n"));

for (const way of WAYS) {
  test(`a translator that ${way} the text is given nothing sealed, and the page goes on`, async ({ page, person }) => {
    await translate(page, way);
    await person.startVault(NAME);
    await person.button("Create passkey").click();
    const groups = page.getByRole("list", { name: "Code" }).getByRole("listitem");
    await expect(groups).toHaveText(Array(8).fill(/^[0-9A-Z]{4}$/));
    const code = await groups.allTextContents();
    await person.leaveSheet();
    await expect(person.heading(NAME)).toBeVisible();
    await person.addKey(KEY);

    // Texts that change in place.
    await person.button("Reveal").click();
    await expect(person.text(KEY.secret)).toBeVisible();
    await expect(person.button("Hide")).toBeVisible();
    await expect(person.button("Reveal")).toHaveCount(0);
    await expect(page.getByText(/^Hides in 2\d s$/)).toHaveCount(1);
    await person.button("Hide").click();
    await expect(person.button("Reveal")).toBeVisible();
    await expect(person.button("Hide")).toHaveCount(0);
    await expect(page.getByText(/^Hides in/)).toHaveCount(0);

    // Elements that come and go between texts.
    await person.link("Edit").click();
    await person.button("Replace API key and secret").click();
    await expect(person.button("Keep the stored ones")).toBeVisible();
    await expect(person.field("API secret")).toBeVisible();
    await person.button("Keep the stored ones").click();
    await expect(person.field("API secret")).toHaveCount(0);
    await person.field("Label").fill("");
    await person.button("Save changes").click();
    await expect(page.getByText("Give the key a label.")).toBeVisible();
    await person.field("Label").fill("Spot desk of Eve");
    await person.button("Save changes").click();
    await expect(person.heading("Spot desk of Eve")).toBeVisible();
    await person.addKey(OKX);
    await person.link("Vault").click();
    await expect(person.rows()).toHaveCount(2);
    const search = page.getByRole("searchbox", { name: "Search keys" });
    await search.fill("nothing like it");
    await expect(person.rows()).toHaveCount(0);
    await search.fill("okx");
    await expect(person.rows()).toHaveCount(1);
    await search.fill("");
    await person.openKey("Spot desk of Eve");
    await person.button("Delete key").click();
    await person.button("Move to trash").click();
    await person.button("Undo").click();
    await expect(person.row("Spot desk of Eve")).toBeVisible();

    await addWallet(page, person, "Winter savings", TWELVE);
    expect(await readPhrase(page, person)).toBe(TWELVE.words);
    const texts = await translated(page);
    expect(texts, "the translator was given the ordinary words").toContain("Earlier versions");
    const masked = `${KEY.apiKey.slice(0, 4)}…${KEY.apiKey.slice(-4)}`;
    const sealed = [NAME, KEY.label, "Spot desk of Eve", OKX.label, KEY.secret, KEY.note!, masked, "Winter savings"];
    for (const text of [...sealed, ...code, "mountain", "cradle", "borrow"]) {
      expect(texts.split("\n").filter((line) => line.includes(text)), `“${text}”`).toEqual([]);
    }
    await person.lock();
    await expect(person.heading("Unlock your vault")).toBeVisible();
  });
}
