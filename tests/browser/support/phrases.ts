// Wallet phrases that only tests use.
import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Guard } from "./guard.ts";
import type { Person } from "./person.ts";
import type { Canary } from "./search.ts";

/** A phrase of BIP-39 and the bytes that it stands for. */
export interface Phrase {
  words: string;
  entropy: Buffer;
}

/** From the test vectors of BIP-39: no word follows its neighbour in the list, which is part of the app. */
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

/** The phrase, what it stands for, and each pair of neighbours in it as people and programs write it. */
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

/** No request may hold any of it. */
export function keepPhrase(guard: Guard, phrase: Phrase): void {
  for (const { name, bytes } of canariesOf(phrase)) guard.keep(name, bytes);
}

/** From an open vault to the shares of a phrase that the person brings. */
export async function bringPhrase(page: Page, person: Person, { words }: Phrase): Promise<void> {
  await person.link("Wallets").click();
  await person.link("Add wallet").click();
  await person.button("Bring a phrase").click();
  await person.field("Recovery phrase").fill(words);
  await expect(page.getByText("The words belong together.")).toBeVisible();
  await person.button("Go on").click();
  await expect(page.getByRole("heading", { name: "Split it into shares" })).toBeVisible();
}

/** From an open vault to the page of a new wallet of 3 shares out of 5. */
export async function addWallet(page: Page, person: Person, label: string, phrase: Phrase): Promise<void> {
  await bringPhrase(page, person, phrase);
  await person.field("Label").fill(label);
  await person.button("Split and save").click();
  await expect(person.heading(label)).toBeVisible();
  await expect(person.status("All 5 stores have their share.")).toBeVisible();
}

/** The words that are on screen, in order. */
export async function readPhrase(page: Page, person: Person): Promise<string> {
  await person.button("Show the phrase").click();
  const words = page.getByRole("list", { name: "Words of the phrase" }).getByRole("listitem");
  await expect(words.first()).toBeVisible();
  return (await words.allTextContents()).join(" ");
}
