// Copying in Firefox, which has no permission to read the clipboard: a page may see its own text
// after a click, and asks the person about any other.
import { BINANCE } from "../support/person.ts";
import { expect, test } from "./fixtures.ts";

test("what is copied leaves the clipboard, and nothing else does", async ({ person, origin }) => {
  await person.createVault(origin, "Desk of Ada");
  await person.addKey(BINANCE);
  await person.press("Copy secret");
  await person.sees("API secret copied.");
  expect(await person.paste("Search keys")).toBe(BINANCE.secret);

  // After the time, at a touch.
  await person.moveClock(31_000);
  await person.touch(BINANCE.label);
  await person.sees("The clipboard was cleared.");
  expect(await person.paste("Search keys")).toBe("");

  // What the person copied meanwhile stays.
  await person.press("Copy secret");
  await person.sees("API secret copied.");
  await person.cut("Search keys", "a shopping list");
  await person.moveClock(31_000);
  await person.touch(BINANCE.label);
  await person.sees("Something else was copied meanwhile.");
  expect(await person.paste("Search keys")).toBe("a shopping list");

  // At a lock, without waiting.
  await person.press("Copy API key");
  await person.sees("API key copied.");
  await person.press("Lock");
  await person.meets("heading", "Unlock your vault");
  await person.open(`${origin}/recover`);
  await person.meets("heading", "Open your vault with the recovery sheet");
  expect(await person.paste("Recovery code")).toBe("");
});
