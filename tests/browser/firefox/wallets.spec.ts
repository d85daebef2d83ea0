// A wallet phrase in Firefox: split, rebuilt with a passkey, and gone from the screen with a lock.
import { TWELVE } from "../support/phrases.ts";
import { expect, test } from "./fixtures.ts";

const NAME = "Desk of Ada";
const LABEL = "Cold savings";

test("a phrase is split into shares, rebuilt and locked away", async ({ person, origin, wire }) => {
  await person.createVault(origin, NAME);
  await person.addWallet(LABEL, TWELVE.words);
  await person.press("Show the phrase");
  await person.sees("mountain");
  expect(await person.reads("Words of the phrase")).toBe(TWELVE.words);
  await person.press("Hide");
  await person.seesNoMore("mountain");

  await person.press("Show the phrase");
  await person.sees("mountain");
  await person.press("Lock");
  await person.meets("heading", "Unlock your vault");
  await person.seesNoMore("mountain");
  expect(wire.sent().includes("mountain"), "words in what the browser sent").toBe(false);
});
