// Wallet phrases for tests.
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Guard } from "./guard.ts";
import type { Person } from "./person.ts";
import type { Canary } from "./search.ts";

/** A BIP-39 phrase and the entropy that it encodes. */
export interface Phrase {
  words: string;
  entropy: Buffer;
}

/**
 * From the BIP-39 test vectors. No two neighbours are adjacent in the word list, which is part of
 * the app.
 */
export const TWELVE: Phrase = {
  words: "scheme spot photo card baby mountain device kick cradle pact join borrow",
  entropy: Buffer.from("9e885d952ad362caeb4efe34a8e91bd2", "hex"),
};
export const TWENTY_FOUR: Phrase = {
  words:
    "void come effort suffer camp survey warrior heavy shoot primary clutch crush " +
    "open amazing screen patrol group space point ten exist slush involve unfold",
  entropy: Buffer.from("f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f", "hex"),
};

/** The phrase, its entropy, and each pair of neighbouring words in the usual spellings. */
export function canariesOf({ words, entropy }: Phrase): Canary[] {
  const all = words.split(" ");
  const pairs = all.slice(1).flatMap((word, at) =>
    [" ", "\n", ",", '","'].map((between) => ({
      name: `words ${at + 1} and ${at + 2} with ${JSON.stringify(between)}`,
      bytes: Buffer.from(`${all[at]}${between}${word}`),
    })),
  );
  return [{ name: "phrase", bytes: Buffer.from(words) }, { name: "phrase as bytes", bytes: entropy }, ...pairs];
}

/** Registers the phrase, so that no request may contain any of it. */
export function keepPhrase(guard: Guard, phrase: Phrase): void {
  for (const { name, bytes } of canariesOf(phrase)) guard.keep(name, bytes);
}

/** Enters an existing phrase in an open vault and goes on to its shares. */
export async function importPhrase(page: Page, person: Person, { words }: Phrase): Promise<void> {
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill(words);
  await expect(page.getByText("The words belong together.")).toBeVisible();
  await person.button("Go on").click();
  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeVisible();
}

/** Makes a new phrase in an open vault and returns its words. */
export async function makePhrase(page: Page, person: Person, guard: Guard, count: 12 | 24): Promise<string[]> {
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button(`Make ${count} words`).click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words).toHaveCount(count);
  const made = await words.allTextContents();
  guard.keep("new phrase", made.join(" "));
  return made;
}

/** Types the two words of a new phrase that the page asks for, and goes on to its shares. */
export async function writePhraseDown(page: Page, person: Person, made: string[]): Promise<void> {
  await person.button("I have written them down").click();
  const fields = page.getByRole("textbox", { name: /^Word \d+$/ });
  await expect(fields).toHaveCount(2);
  const labels = await page.locator("label").filter({ hasText: /^Word \d+$/ }).allTextContents();
  for (const [at, label] of labels.entries()) await fields.nth(at).fill(made[Number(label.slice(5)) - 1]);
  await person.button("Go on").click();
  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeVisible();
}

/** Adds a wallet of 3 shares out of 5 to an open vault and stays on its page. */
export async function addWallet(page: Page, person: Person, label: string, phrase: Phrase): Promise<void> {
  await importPhrase(page, person, phrase);
  await person.field("Label").fill(label);
  await person.button("Split and save").click();
  await expect(person.heading(label)).toBeVisible();
  await expect(person.status("All 5 stores have their share.")).toBeVisible();
}

/** Returns the words on screen, in order. */
export async function readPhrase(page: Page, person: Person): Promise<string> {
  await person.button("Show the phrase").click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words.first()).toBeVisible();
  return (await words.allTextContents()).join(" ");
}
