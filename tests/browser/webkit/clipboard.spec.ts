// Copying in WebKit, which lets a page write only while it handles a click, and which has no
// permission to read: a page may see its own text within a click.
import { BINANCE } from "../support/person.ts";
import { expect, test } from "./fixtures.ts";

const NAME = "Desk of Ada";

test("what is copied after the worker has answered leaves the clipboard again", async ({ person, origin, webkit }) => {
  await person.startVault(origin, NAME);
  const code = await person.readCode();
  await person.press("Copy code");
  await person.sees("Recovery code copied.");
  await person.leaveSheet(NAME);
  expect(await person.paste("Search keys")).toBe(code);

  await person.addKey(BINANCE);
  await person.press("Copy secret");
  await person.sees("API secret copied.");
  expect(await person.paste("Search keys")).toBe(BINANCE.secret);

  // After the time, at a touch.
  await person.moveClock(31_000);
  await person.touch(BINANCE.label);
  await person.sees("The clipboard was cleared.");
  expect(await person.paste("Search keys")).toBe("");

  // WebKit asks the person before it shows a page what somebody else copied. WebDriver cannot
  // answer, so this is a person who says no.
  await person.press("Copy secret");
  await person.sees("API secret copied.");
  await person.cut("Search keys", "a shopping list");
  await webkit.run(`
    Clipboard.prototype.readText = () => Promise.reject(new DOMException("", "NotAllowedError"));
  `);
  await person.moveClock(31_000);
  await person.touch(BINANCE.label);
  await person.sees("this page cannot tell what is on it now, so it was left as it is.");
  expect(await person.text(), "WebKit has no such permission").not.toContain("In Settings you can let this page look.");
  expect(await person.paste("Search keys")).toBe("a shopping list");

  // At a lock, without waiting.
  await person.press("Copy API key");
  await person.sees("API key copied.");
  await person.press("Lock");
  await person.meets("Unlock your vault");
  await person.follow("Use my recovery sheet");
  await person.meets("Open your vault with the recovery sheet");
  expect(await person.paste("Recovery code")).toBe("");
});

test("this engine refuses a page that writes only once the worker has answered", async ({ person, origin, webkit }) => {
  await person.startVault(origin, NAME);
  await person.leaveSheet(NAME);
  await person.addKey(BINANCE);
  await person.cut("Search keys", "a shopping list");
  await webkit.run(`
    Clipboard.prototype.write = async function ([item]) {
      const blob = await item.getType("text/plain");
      await this.writeText(await blob.text());
    };
  `);
  await person.press("Copy secret");
  await person.sees("The browser did not allow copying. The clipboard is as it was before");
  expect(await person.paste("Search keys")).toBe("a shopping list");
});
